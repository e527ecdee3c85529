package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.LeaseStory;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The behaviour of an API server on which this project relies, asked of the server of these tests and, where there is
 * one, of a real one: no pod has to run for it.
 */
@Timeout(20 * 60)
abstract class ClusterContract {
    static final String NAMESPACE = "pym-contract";

    @TempDir
    Path directory;

    /** Returns the content of a kubeconfig that may do everything. */
    abstract String kubeconfig() throws Exception;

    /** Returns the same for another user. */
    String withToken(String token) throws Exception {
        Config config = KubeConfigUtils.parseConfigFromString(kubeconfig());
        config.getUsers()
                .forEach(user ->
                        user.setUser(new AuthInfoBuilder().withToken(token).build()));
        return Serialization.asYaml(config);
    }

    KubernetesClient admin;

    @BeforeEach
    void begin() throws Exception {
        admin = new ClusterAccess(environment(""), surroundings(kubeconfig())).open();
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .fieldManager("test")
                .serverSideApply();
    }

    /** Objects only: a namespace takes its time to go. */
    @AfterEach
    void clear() {
        Map<String, String> none = Map.of();
        List<HasMetadata> all = new ArrayList<>();
        for (Kind kind : List.of(Kind.DEPLOYMENT, Kind.SERVICE, Kind.SECRET, Kind.INGRESS)) {
            admin
                    .genericKubernetesResources(kind.context())
                    .inNamespace(NAMESPACE)
                    .withLabels(none)
                    .list()
                    .getItems()
                    .stream()
                    .filter(object -> !object.getMetadata().getName().matches("(default|deployer)-token-.*"))
                    .forEach(all::add);
        }
        admin.resourceList(all).delete();
        for (HasMetadata object : all) {
            admin.resource(object).waitUntilCondition(Objects::isNull, 600, TimeUnit.SECONDS);
        }
        admin.close();
    }

    Environment environment(String more) throws Exception {
        return environment(Slot.STAGING, "http://127.0.0.1:1", more);
    }

    Environment environment(Slot slot, String url, String more) throws Exception {
        Path project = Files.createDirectories(directory.resolve("project"));
        Files.writeString(
                project.resolve("pym-config.yaml"),
                "name: hello\ndeploy_target: gke\ndocker_repo: demo\nlive_url: " + url + "\n"
                        + "env_secrets: [TOP_SECRET]\ngke_namespace: " + NAMESPACE + "\n" + more);
        ProjectConfig config = ConfigReader.read(
                project, new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Map.of()));
        return new Environment(
                slot,
                0,
                slot == Slot.LIVE ? config.live().get(0) : config.staging(),
                Map.of("TOP_SECRET", Scene.SECRET));
    }

    static TargetContext surroundings(String kubeconfig) {
        Map<String, String> inherited = new HashMap<>();
        inherited.put(ClusterAccess.KUBECONFIG_TEXT, kubeconfig);
        return new TargetContext(inherited, line -> {});
    }

    Target target(String more) throws Exception {
        return new GkeTarget(environment("gke_ingress: false\n" + more), surroundings(kubeconfig()));
    }

    /** Makes all changes, and waits for no pod. */
    List<GkeEffects> applied(Target target, String version) throws Exception {
        Change change = target.prepare(Scene.candidate(version));
        List<GkeEffects> acts = GkeDeployParameters.read(change.params()).acts();
        for (GkeEffects act : acts) {
            CutOff.apply(target, act.effect());
            assertThat(target.effector().find(act.effect())).as(act.sentence()).isInstanceOf(Lookup.Present.class);
        }
        return acts;
    }

    private Deployment deployment() {
        return admin.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("hello-staging")
                .get();
    }

    /** Amounts come back in another form than they were sent. */
    @Test
    void anAppliedObjectIsThereAndIsNotAppliedAgain() throws Exception {
        String amounts = "gke_memory: 1024Mi\ngke_cpu_limit: \"1000m\"\n";
        assertThat(applied(target(amounts), "v1"))
                .extracting(GkeEffects::sentence)
                .containsExactly(
                        "create Secret hello-staging-env-00000000",
                        "create Deployment hello-staging",
                        "create Service hello-staging-service");

        assertThat(applied(target(amounts), "v1"))
                .as("only who was here last is written down")
                .extracting(GkeEffects::sentence)
                .containsExactly("note on Deployment hello-staging that it stays as it is");
        assertThat(applied(target(amounts), "v2"))
                .extracting(GkeEffects::sentence)
                .filteredOn(line -> line.startsWith("change Deployment hello-staging ("))
                .singleElement()
                .asString()
                .contains("v1 -> v2")
                .doesNotContain("resources");
    }

    @Test
    void aChangeByAnotherUserIsADifference() throws Exception {
        applied(target(""), "v1");
        ObjectNode theirs = JsonTree.parse("""
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hello-staging"}, "spec": {
                 "template": {"spec": {"containers": [{"name": "container-hello", "resources": {"limits": {"cpu": "2"}}}]}}}}
                """);
        admin.genericKubernetesResources(Kind.DEPLOYMENT.context())
                .inNamespace(NAMESPACE)
                .resource(Serialization.unmarshal(
                        JsonTree.text(theirs), io.fabric8.kubernetes.api.model.GenericKubernetesResource.class))
                .fieldManager("ops")
                .forceConflicts()
                .serverSideApply();

        assertThat(applied(target(""), "v1"))
                .extracting(GkeEffects::sentence)
                .singleElement()
                .asString()
                .contains("resources.limits.cpu: 2 -> 500m", "taking over fields of ops");
    }

    @Test
    void ofADeploymentOfKubectlsTheRestStaysUnlessItIsToBeRemoved() throws Exception {
        Deployment theirs = Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: hello-staging}
                spec:
                  replicas: 3
                  selector: {matchLabels: {app: hello-staging}}
                  template:
                    metadata: {labels: {app: hello-staging}}
                    spec:
                      serviceAccountName: workload-identity
                      volumes: [{name: scratch, emptyDir: {}}]
                      containers:
                      - {name: proxy, image: proxy}
                      - name: container-hello
                        image: old
                        volumeMounts: [{name: scratch, mountPath: /scratch}]
                        env: [{name: EXTRA, value: kept}, {name: TOP_SECRET, value: old}]
                """, Deployment.class);
        admin.raw(
                "/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments?fieldManager=kubectl-client-side-apply",
                "POST",
                Serialization.asJson(theirs));

        assertThat(applied(target(""), "v1"))
                .extracting(GkeEffects::sentence)
                .anyMatch(line -> line.contains("removing env TOP_SECRET"));
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(3);
        assertThat(pod().getServiceAccountName()).isEqualTo("workload-identity");
        assertThat(pod().getContainers()).hasSize(2);
        assertThat(pod().getContainers().toString())
                .contains("EXTRA", "scratch")
                .doesNotContain("TOP_SECRET");

        assertThat(applied(target("gke_remove: [service_account, volumes, containers]\n"), "v2"))
                .extracting(GkeEffects::sentence)
                .anyMatch(line -> line.contains("containers proxy") && line.contains("spec serviceAccountName"));
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(3);
        assertThat(pod().getServiceAccountName()).isNull();
        assertThat(pod().getContainers()).hasSize(1);
        assertThat(pod().getVolumes()).isEmpty();
        assertThat(pod().getContainers().get(0).getVolumeMounts()).isEmpty();
    }

    private io.fabric8.kubernetes.api.model.PodSpec pod() {
        return deployment().getSpec().getTemplate().getSpec();
    }

    /** The server takes a name if and only if it is found right here. */
    @Test
    void namesAreTakenAsIsSaidBeforehand() {
        for (String name : List.of(
                "hello",
                "hello-live-service",
                "1st-service",
                "hello.world-service",
                "hello_world",
                "-hello",
                "a".repeat(63),
                "a".repeat(64))) {
            assertThat(takes(name))
                    .as(name)
                    .isEqualTo(NameRules.trouble(Kind.SERVICE, name).isEmpty());
        }
    }

    private boolean takes(String service) {
        try {
            admin.services()
                    .inNamespace(NAMESPACE)
                    .resource(new ServiceBuilder()
                            .withNewMetadata()
                            .withName(service)
                            .endMetadata()
                            .withNewSpec()
                            .addNewPort()
                            .withPort(80)
                            .endPort()
                            .endSpec()
                            .build())
                    .dryRun(true)
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).isEqualTo(422);
            return false;
        }
    }

    @Test
    void anObjectThatAFinalizerKeepsIsNotThere() throws Exception {
        Target target = target("");
        List<GkeEffects> acts = applied(target, "v1");
        GkeEffects service = acts.get(2);
        finalizers(List.of("example.com/slow"));
        admin.services()
                .inNamespace(NAMESPACE)
                .withName("hello-staging-service")
                .delete();
        try {
            assertThat(target.effector().find(service.effect())).isInstanceOf(Lookup.Absent.class);
            assertThat(applicable(target, service)).contains("is still being deleted");
        } finally {
            finalizers(List.of());
        }
        CutOff.apply(target, service.effect());
        assertThat(target.effector().find(service.effect())).isInstanceOf(Lookup.Present.class);
    }

    private void finalizers(List<String> finalizers) {
        var there = admin.services()
                .inNamespace(NAMESPACE)
                .withName("hello-staging-service")
                .get();
        admin.resource(new ServiceBuilder(there)
                        .editMetadata()
                        .withFinalizers(finalizers)
                        .endMetadata()
                        .build())
                .update();
    }

    private static String applicable(Target target, GkeEffects act) throws Exception {
        try {
            target.effector().apply(act.effect());
            return "";
        } catch (EffectException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void aPatchIsMergedAndGoesAgain() throws Exception {
        applied(target(FeaturesTest.PATCH), "v1");
        assertThat(pod().getNodeSelector()).containsEntry("disk", "ssd");
        assertThat(pod().getVolumes()).hasSize(1);
        assertThat(pod().getContainers()).hasSize(1);
        assertThat(pod().getContainers().get(0).getLivenessProbe().getTcpSocket())
                .isNotNull();
        assertThat(pod().getContainers().get(0).getLivenessProbe().getHttpGet()).isNull();

        applied(target(""), "v2");

        assertThat(pod().getNodeSelector()).isNullOrEmpty();
        assertThat(pod().getVolumes()).isEmpty();
        assertThat(pod().getContainers().get(0).getLivenessProbe().getTcpSocket())
                .isNull();
        assertThat(pod().getContainers().get(0).getLivenessProbe().getHttpGet()).isNotNull();
    }

    /** Each form of the Ingress is one that the server accepts and keeps unchanged. */
    @Test
    void theIngressIsTakenAsItIs() throws Exception {
        for (String more : List.of("", "gke_redirect: true\n", "gke_internal: true\ngke_static_ip: inside\n")) {
            Environment environment = environment(Slot.LIVE, "https://hello.example.com", more);
            ObjectNode wanted = new FrontManifests(environment, GkeNames.of(environment))
                    .all(Map.of("app", "hello-live")).stream()
                            .filter(part -> part.kind() == Kind.INGRESS)
                            .findFirst()
                            .orElseThrow()
                            .manifest();
            ObjectNode kept = new KubernetesApi(admin, NAMESPACE).apply(Kind.INGRESS, wanted);
            assertThat(JsonTree.differences(kept, wanted)).isEmpty();
        }
    }

    @Test
    void theLeaseIsHeldByOne() throws Exception {
        LeaseStory.tell(() -> target("").leases().orElseThrow());
    }
}
