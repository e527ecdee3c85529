package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.LeaseStory;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.gke.wire.GoogleServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to a cluster, what may be done there, and the lease. */
@Timeout(20 * 60)
class ClusterAccessTest {
    private final List<String> hidden = new CopyOnWriteArrayList<>();
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private String problems() throws Exception {
        return scene.target(Slot.LIVE).preflight().toString();
    }

    @Test
    void aKubeconfigNeedsNoGoogle() throws Exception {
        scene.inherited.clear();
        scene.inherited.put(ClusterAccess.KUBECONFIG_TEXT, Wires.kubeconfig(scene.kube));
        assertThat(problems()).isEqualTo("[]");

        scene.inherited.clear();
        var file = Files.writeString(scene.directory.resolve("kubeconfig"), Wires.kubeconfig(scene.kube));
        scene.inherited.put(ClusterAccess.KUBECONFIG_FILE, file.toString());
        scene.with("gke_context: demo\n");
        assertThat(problems()).isEqualTo("[]");

        scene.with("gke_context: other\n");
        assertThat(problems()).contains("there is no context other in the kubeconfig of");
    }

    @Test
    void aKubeconfigMayNameFilesBesideIt() throws Exception {
        Files.writeString(scene.directory.resolve("ca.pem"), scene.kube.certificate());
        Path file = Files.writeString(
                scene.directory.resolve("kubeconfig"),
                Wires.kubeconfig(scene.kube)
                        .replaceAll("certificate-authority-data: .*", "certificate-authority: ca.pem"));
        scene.inherited.clear();
        scene.inherited.put(ClusterAccess.KUBECONFIG_FILE, file.toString());
        scene.with("gke_context: demo\n");
        assertThat(problems()).isEqualTo("[]");

        scene.inherited.put(ClusterAccess.KUBECONFIG_FILE, file + ":/other");
        assertThat(problems()).contains("KUBECONFIG names several files").contains("the context demo");
    }

    /** The cluster, or the file's parser, may repeat them. */
    @Test
    void theSecretsOfAKubeconfigsFileAreMasked() throws Exception {
        String text = Wires.kubeconfig(scene.kube, "token-of-the-file");
        try (KubernetesClient cluster = clientOfFile(text)) {
            cluster.pods().list();
        }
        assertThat(hidden).contains("token-of-the-file");

        String named = text.replace("token: token-of-the-file", "username: me\n    password: password-of-the-file");
        try (KubernetesClient cluster = clientOfFile(named)) {
            assertThatThrownBy(() -> cluster.pods().list()).hasMessageContaining("401");
        }
        assertThat(hidden)
                .contains("password-of-the-file")
                .contains(
                        Base64.getEncoder().encodeToString("me:password-of-the-file".getBytes(StandardCharsets.UTF_8)));
    }

    /** The client reads the file again when the cluster refuses its token. */
    @Test
    void aTokenThatWasRenewedIsMasked() throws Exception {
        String text = Wires.kubeconfig(scene.kube, "token-of-today");
        try (KubernetesClient cluster = clientOfFile(text.replace("token-of-today", "token-of-yesterday"))) {
            Files.writeString(scene.directory.resolve("kubeconfig"), text);
            cluster.pods().list();
        }
        assertThat(hidden).contains("token-of-yesterday", "token-of-today");
    }

    private KubernetesClient clientOfFile(String kubeconfig) throws Exception {
        Path file = Files.writeString(scene.directory.resolve("kubeconfig"), kubeconfig);
        scene.inherited.clear();
        scene.inherited.put(ClusterAccess.KUBECONFIG_FILE, file.toString());
        scene.with("gke_context: demo\n");
        TargetContext context = new TargetContext(scene.inherited, line -> {}, hidden::add);
        return new ClusterAccess(scene.environment(Slot.LIVE), context).open();
    }

    /** The process would lose all of its memory in the middle of a change. */
    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void anAnswerWithoutEndIsEndedByItsSize(int status) throws Exception {
        try (DrippingServer server = DrippingServer.flooding(status);
                KubernetesClient cluster = clientOf(server)) {
            assertThatThrownBy(() -> cluster.pods().list())
                    .hasStackTraceContaining("its answer is larger than " + BoundedAnswers.LARGEST + " bytes");
        }
    }

    @Test
    void anAnswerThatDripsIsEndedByItsTime() throws Exception {
        try (DrippingServer server = new DrippingServer();
                KubernetesClient cluster = clientOf(server)) {
            Calls calls = Calls.brief(GkeFailureMapper::of, Duration.ofMillis(300));
            assertThatThrownBy(() -> calls.read("list", () -> cluster.pods().list()))
                    .hasMessage("cannot list: there was no whole answer within 0.3 s");
        }
    }

    private KubernetesClient clientOf(DrippingServer server) throws Exception {
        scene.inherited.clear();
        scene.inherited.put(
                ClusterAccess.KUBECONFIG_TEXT,
                Wires.kubeconfig(scene.kube)
                        .replace(scene.kube.url().toString(), server.url().toString()));
        return scene.client(Slot.LIVE);
    }

    @Test
    void aClusterThatIsNotThereIsSaid() throws Exception {
        scene.google.clusters.removeIf(c -> c.name().equals("hello-live"));

        assertThat(problems()).contains("there is no GKE cluster hello-live in project demo, only hello-staging");

        GoogleServer.Known staging = scene.google.clusters.get(0);
        for (String zone : new String[] {"us-east1-b", "us-east1-c"}) {
            scene.google.clusters.add(
                    new GoogleServer.Known("demo", zone, "hello-live", staging.endpoint(), staging.certificate()));
        }
        assertThat(problems()).contains("there are 2 GKE clusters hello-live in project demo");
    }

    @Test
    void aKeyThatIsNoneIsNotShown() throws Exception {
        scene.inherited.put(GoogleCredential.KEY, "{\"private_key\": \"very private\"}");

        assertThat(problems())
                .contains("PYM_GCP_KEY is not the JSON key of a service account")
                .doesNotContain("very private");
    }

    /** The kubeconfig's library would run it. */
    @Test
    void aKubeconfigStartsNoProgram() throws Exception {
        Path ran = scene.directory.resolve("ran");
        scene.inherited.clear();
        scene.inherited.put(
                ClusterAccess.KUBECONFIG_TEXT,
                Wires.kubeconfig(scene.kube)
                        .replaceAll(
                                "    token: .*",
                                "    exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [\""
                                        + ran + "\"]}"));

        assertThat(problems()).contains("logs in by starting a program, which is not done here");
        assertThat(ran).doesNotExist();
    }

    @Test
    void rightsThatAreMissingAreNamedTogether() throws Exception {
        Wires.deny(
                scene.kube,
                "poor",
                Set.of("patch deployments", "create deployments", "get services/proxy", "create pods/portforward"));
        scene.inherited.clear();
        scene.inherited.put(
                ClusterAccess.KUBECONFIG_TEXT, Wires.kubeconfig(scene.kube).replace("admin", "poor"));

        assertThat(problems())
                .contains("not allowed to patch, create deployments.apps in namespace hello")
                .contains("not allowed to get services/proxy in namespace hello")
                .contains("not allowed to create pods/portforward in namespace hello");
    }

    @Test
    void aServerThatIsNotWellIsAskedAgain() throws Exception {
        Wires.fail(scene.kube, 503, 500, 429);

        assertThat(problems()).isEqualTo("[]");
    }

    @Test
    void theLeaseIsComparedWhenItIsWritten() throws Exception {
        Target live = scene.target(Slot.LIVE);
        LeaseStore store = live.leases().orElseThrow();
        Lease mine = new Lease("me", Instant.parse("2026-01-01T00:00:00Z"));
        Lease other = new Lease("other", Instant.parse("2026-01-01T00:00:00Z"));

        assertThat(store.read()).isEmpty();
        assertThat(store.write(Optional.empty(), Optional.of(mine))).isTrue();
        assertThat(store.read()).contains(mine);
        assertThat(store.write(Optional.empty(), Optional.of(other))).isFalse();
        assertThat(store.write(Optional.of(mine), Optional.of(new Lease("me", Instant.EPOCH))))
                .isTrue();
        assertThat(store.write(Optional.of(new Lease("me", Instant.EPOCH)), Optional.empty()))
                .isTrue();
        assertThat(store.read()).isEmpty();
        LeaseStory.tell(() -> scene.target(Slot.LIVE).leases().orElseThrow());
    }

    /** A run that has slept gives back its lease; it is over, and another run takes it between the two requests. */
    @Test
    void theLeaseThatAnotherRunTakesMeanwhileIsNotDeleted() throws Exception {
        LeaseStore slow = scene.target(Slot.LIVE).leases().orElseThrow();
        LeaseStore other = scene.target(Slot.LIVE).leases().orElseThrow();
        Optional<Lease> before = Optional.of(new Lease("slow", Instant.parse("2026-01-01T00:00:00Z")));
        Optional<Lease> taken = Optional.of(new Lease("other", Instant.parse("2026-01-02T00:00:00Z")));
        assertThat(slow.write(Optional.empty(), before)).isTrue();
        AtomicBoolean took = new AtomicBoolean();
        scene.kube.between = (request, server) -> {
            if (request.method().equals("DELETE") && !took.getAndSet(true)) {
                assertThat(other.write(before, taken)).isTrue();
            }
            return server.answer(request);
        };

        assertThat(slow.write(before, Optional.empty())).isFalse();

        assertThat(took).isTrue();
        assertThat(other.read()).isEqualTo(taken);
    }
}
