package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Rbac;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** A real API server keeps to {@link ClusterContract}: that of the kubeconfig which {@code PYM_TEST_KUBECONFIG} names. */
@EnabledIfEnvironmentVariable(named = "PYM_TEST_KUBECONFIG", matches = ".+")
class RealClusterTest extends ClusterOverTimeContract {
    private static final String ACCOUNT =
            "{apiGroup: rbac.authorization.k8s.io, kind: User, name:" + " deployer@my-project.iam.gserviceaccount.com}";

    @Override
    String kubeconfig() throws Exception {
        return Files.readString(Path.of(System.getenv("PYM_TEST_KUBECONFIG")));
    }

    /** Returns a service account, as a real cluster knows no accounts of Google. */
    private String deployer() throws Exception {
        admin.serviceAccounts()
                .inNamespace(NAMESPACE)
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("deployer")
                        .endMetadata()
                        .build())
                .serverSideApply();
        TokenRequest asked = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(3600L)
                .endSpec()
                .build();
        String token = admin.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName("deployer")
                .tokenRequest(asked)
                .getStatus()
                .getToken();
        return withToken(token);
    }

    private String problems() throws Exception {
        return String.join(
                "\n",
                new GkeTarget(
                                environment(
                                        Slot.LIVE,
                                        "https://hello.example.com",
                                        "gke_redirect: true\ngke_service_account: deployer\n"),
                                surroundings(deployer()))
                        .preflight().stream()
                                .map(Problem::toString)
                                // The kinds of GKE are not those of every cluster; the rights to them are asked for all
                                // the same.
                                .filter(line -> !line.contains("the cluster does not know"))
                                .toList());
    }

    /** The policy as it is in docs/policies, enforced by the authorizer of the API server. */
    @Test
    void thePolicyIsEnoughAndWithoutOneRightThePreflightNamesIt() throws Exception {
        String policy = Files.readString(Path.of("docs", "policies", "gke-namespace.yaml"))
                .replace("namespace: hello", "namespace: " + NAMESPACE)
                .replace(ACCOUNT, "{kind: ServiceAccount, name: deployer, namespace: " + NAMESPACE + "}");
        apply(policy);
        assertThat(problems()).isEqualTo("");
        List<String> silent = new ArrayList<>();
        for (String line :
                policy.lines().filter(l -> l.startsWith("- {apiGroups")).toList()) {
            apply(policy.replace(line + "\n", ""));
            Rbac.Right less = Rbac.read("kind: Role\nmetadata: {namespace: x}\nrules:\n" + line)
                    .get(0);
            String said = problems();
            if (!said.contains(less.resource()) || !said.contains(less.verb())) {
                silent.add(line + " -> " + said);
            }
        }
        assertThat(silent).isEmpty();
    }

    private void apply(String manifests) {
        List<HasMetadata> all = admin.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                .items();
        all.forEach(object -> admin.resource(object)
                .inNamespace(NAMESPACE)
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply());
    }
}
