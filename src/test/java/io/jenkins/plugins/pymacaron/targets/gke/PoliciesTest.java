package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Rbac;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/policies/gke-*.yaml are enough, and nothing in them is too much. */
@Timeout(20 * 60)
class PoliciesTest {
    private static final Path POLICIES = Path.of("docs", "policies");

    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    static List<Rbac.Right> rights(String policy) throws Exception {
        return Rbac.read(Files.readString(POLICIES.resolve(policy)));
    }

    private void become(List<Rbac.Right> rights) throws Exception {
        Wires.allow(scene.kube, "exact", rights);
        scene.inherited.clear();
        scene.inherited.put(
                ClusterAccess.KUBECONFIG_TEXT, Wires.kubeconfig(scene.kube).replace("admin", "exact"));
    }

    private String problems() throws Exception {
        return scene.target(Slot.LIVE).preflight().toString();
    }

    @Test
    void theyAreEnoughForAllThatIsDone() throws Exception {
        Wires.namespace(scene.kube, "hello", "", "");
        become(rights("gke-namespace.yaml"));
        assertThat(problems()).isEqualTo("[]");
        Target staging = scene.target(Slot.STAGING);
        scene.done(staging, staging.prepare(Scene.candidate("v1")));
        Target live = scene.target(Slot.LIVE);
        Lease lease = new Lease("me", Instant.parse("2030-01-01T00:00:00Z"));
        assertThat(live.leases().orElseThrow().write(Optional.empty(), Optional.of(lease)))
                .isTrue();
        Deployed last = null;
        for (String version : List.of("v1", "v2", "v3")) {
            Optional<Deployed> before = live.current();
            Deployed prepared = scene.done(live, live.prepare(candidate(version)));
            assertThat(live.apart(prepared)).isPresent();
            last = scene.done(live, live.activate(candidate(version), prepared, before));
            scene.done(live, live.withdraw(prepared));
        }
        assertThat(live.log(last, 10)).isNotEmpty();
        scene.done(live, live.rollBack(last, live.earlier().get(0)));
        scene.done(live, live.retire(live.current().orElseThrow(), 0));
        assertThat(scene.run(live, live.activate(candidate("bad1"), last, live.current())))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.left())
                        .isEmpty());
        scene.done(live, live.withdraw(live.current().orElseThrow()));
        assertThat(live.leases().orElseThrow().write(Optional.of(lease), Optional.empty()))
                .isTrue();
        assertThat(live.current()).isEmpty();
    }

    /** The rights of a Gateway take the place of the rights of an Ingress. */
    @Test
    void thoseOfAGatewayAreEnoughAndWithoutOneThePreflightNamesIt() throws Exception {
        Wires.namespace(scene.kube, "hello", "", "");
        scene.live("http://127.0.0.1:" + scene.gatewayPort).with("gke_gateway: gke-l7-global-external-managed\n");
        List<Rbac.Right> gateway = rights("gke-gateway.yaml");
        List<Rbac.Right> rest = rights("gke-namespace.yaml").stream()
                .filter(right -> !right.group().matches("networking[.].*|cloud[.].*"))
                .toList();
        become(Stream.concat(rest.stream(), gateway.stream()).toList());
        assertThat(problems()).isEqualTo("[]");
        Target live = scene.target(Slot.LIVE);
        for (String version : List.of("v1", "v2")) {
            Optional<Deployed> before = live.current();
            Deployed prepared = scene.done(live, live.prepare(candidate(version)));
            scene.done(live, live.activate(candidate(version), prepared, before));
            scene.done(live, live.withdraw(prepared));
        }
        scene.done(live, live.retire(live.current().orElseThrow(), 0));
        scene.done(live, live.withdraw(live.current().orElseThrow()));
        for (Rbac.Right gone : gateway) {
            become(Stream.concat(rest.stream(), gateway.stream().filter(right -> !right.equals(gone)))
                    .toList());
            // A kind that may not be read ends the preflight, with the words of the API server.
            assertThat(problems()).containsPattern(pattern(gone) + "|cannot get resource .?\"?" + gone.resource());
        }
    }

    @Test
    void aNamespaceCanBeMadeByThoseForANewOne() throws Exception {
        become(rights("gke-new-namespace.yaml"));
        assertThat(problems()).isEqualTo("[]");
        Target staging = scene.target(Slot.STAGING);

        scene.done(staging, staging.prepare(Scene.candidate("v1")));

        assertThat(scene.log).contains("create Namespace hello");
    }

    /** Returns a candidate with a Secret of its own. */
    private static Candidate candidate(String version) {
        return Scene.candidate(version, Integer.toHexString(version.hashCode()));
    }

    /** One verb after the other is taken away from everything, and each right that is gone is named. */
    @ParameterizedTest
    @ValueSource(strings = {"gke-namespace.yaml", "gke-new-namespace.yaml"})
    void withoutAnyOneOfThemThePreflightNamesIt(String policy) throws Exception {
        boolean made = policy.equals("gke-namespace.yaml");
        if (made) {
            Wires.namespace(scene.kube, "hello", "", "");
            Wires.account(scene.kube, "hello");
        }
        // With a certificate, which needs the most rights.
        scene.live("https://hello.example.com").with("gke_redirect: true\ngke_service_account: hello\n");
        List<Rbac.Right> all = rights(policy);
        assertThat(all).hasSizeGreaterThan(30);
        for (String verb : all.stream().map(Rbac.Right::verb).collect(Collectors.toCollection(TreeSet::new))) {
            for (boolean read : new boolean[] {true, false}) {
                // Reading the namespace and the service account comes before all else, and ends the preflight.
                List<Rbac.Right> gone = all.stream()
                        .filter(right -> right.verb().equals(verb))
                        .filter(right -> read == isRead(right))
                        .toList();
                become(all.stream().filter(right -> !gone.contains(right)).toList());
                String said = gone.isEmpty() ? "" : problems();
                assertThat(gone)
                        .allMatch(
                                right -> Pattern.compile(pattern(right))
                                        .matcher(said)
                                        .find(),
                                "is named in " + said);
            }
        }
    }

    private static boolean isRead(Rbac.Right right) {
        return right.verb().equals("get")
                && List.of("namespaces", "serviceaccounts").contains(right.resource());
    }

    private static String pattern(Rbac.Right right) {
        return isRead(right)
                ? "cannot get (resource )?\"?(namespaces|serviceaccounts)"
                : "not allowed to [a-z, ]*\\b" + right.verb() + "\\b[a-z, ]* " + right.resource()
                        + "[a-z0-9.]* in namespace";
    }

    @Test
    void thoseOfTheProjectAreEnoughAndWithoutOneTheLineNamesIt() throws Exception {
        Set<String> all = Files.readAllLines(POLICIES.resolve("gke-project.yaml")).stream()
                .filter(line -> line.startsWith("- container."))
                .map(line -> line.substring(2))
                .collect(Collectors.toSet());
        Wires.permit(scene.google, all);
        assertThat(problems()).isEqualTo("[]");
        for (String less : all) {
            Wires.permit(
                    scene.google,
                    all.stream().filter(other -> !other.equals(less)).collect(Collectors.toSet()));
            assertThat(problems()).contains("Required \"" + less + "\"");
        }
    }
}
