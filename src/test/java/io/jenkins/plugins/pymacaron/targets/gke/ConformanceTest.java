package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.Recording;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.AnswerShape;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.RecordedCalls;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our calls against the published models, and our servers' answers against those and against answers of the real services:
 * published recordings, and with {@code -Dpym.replay=FILE} one that {@code pymdeploy --record} has written.
 */
@Timeout(20 * 60)
class ConformanceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RESOURCES = Path.of("src/test/resources/io/jenkins/plugins/pymacaron/targets/gke");

    /** Answers of real clusters, each with its source. */
    private static final Path CLUSTERS = RESOURCES.resolve("cluster-answers.jsonl");

    private static final String MORE = "gke_redirect: true\ngke_service_account: hello\ngke_prove_ingress: false\n"
            + "registry: registry.example.com\n" + FeaturesTest.PATCH;

    private static final List<Request> requests = new CopyOnWriteArrayList<>();
    private static final List<JsonNode> answers = new CopyOnWriteArrayList<>();

    @TempDir
    private static Path files;

    private static Path record;

    @BeforeAll
    static void everythingIsCalledOnce() throws Exception {
        record = files.resolve("run.jsonl");
        try (Scene scene = new Scene().live("https://Hello.example.com").with(MORE)) {
            scene.inherited.put(Recording.VARIABLE, record.toString());
            scene.inherited.put(SecretValues.REGISTRY_USER, "user");
            scene.inherited.put(SecretValues.REGISTRY_PASSWORD, "very private");
            Wires.account(scene.kube, "hello");
            scene.kube.between = (request, server) -> {
                WireServer.Answer answer = server.answer(request);
                requests.add(request);
                if (answer.status() / 100 == 2 && new String(answer.body()).startsWith("{")) {
                    answers.add(JSON.readTree(answer.body()));
                }
                return answer;
            };
            Target live = scene.target(Slot.LIVE);
            assertThat(live.preflight()).isEmpty();
            Lease lease = new Lease("me", Instant.parse("2030-01-01T00:00:00Z"));
            live.leases().orElseThrow().write(Optional.empty(), Optional.of(lease));
            Deployed first = deployed(scene, live, "v1");
            Deployed second = deployed(scene, live, "v2");
            scene.done(live, live.rollBack(second, first));
            live.log(first, 10);
            scene.done(live, live.retire(live.current().orElseThrow(), 0));
            live.leases().orElseThrow().write(Optional.of(lease), Optional.empty());
            scene.with(MORE + "gke_internal: true\n");
            Target staging = scene.target(Slot.STAGING);
            scene.done(staging, staging.prepare(Scene.candidate("v1")));
            scene.done(staging, staging.withdraw(staging.current().orElseThrow()));
        }
    }

    /** Returns a candidate with a Secret of its own. */
    private static Candidate candidate(String version) {
        return Scene.candidate(version, version.equals("v1") ? "11111111" : "22222222");
    }

    private static Deployed deployed(Scene scene, Target live, String version) throws Exception {
        Optional<Deployed> before = live.current();
        Deployed prepared = scene.done(live, live.prepare(candidate(version)));
        Deployed active = scene.done(live, live.activate(candidate(version), prepared, before));
        scene.done(live, live.withdraw(prepared));
        return active;
    }

    @AfterAll
    static void forget() {
        requests.clear();
        answers.clear();
    }

    /** Kinds of Google's, whose paths are those of every custom resource. */
    private static final String CUSTOM = "/apis/(cloud|networking\\.gke)\\.[a-z.]+/v1(beta1)?(/.*)?";

    /** Younger than the published model of the extract: Kubernetes 1.28. */
    private static final String REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    @Test
    void thePublishedApiKnowsOurCalls() throws Exception {
        PublishedApi api = PublishedApi.read("kubernetes-api.json");
        Set<String> problems = new TreeSet<>();
        Set<String> kinds = new TreeSet<>();
        for (Request request : requests) {
            if (!request.path().matches(CUSTOM) && !request.path().equals(REVIEW)) {
                problems.addAll(api.problems(request));
            }
            boolean written = !request.text().isEmpty() && !request.path().equals(REVIEW);
            if (written) {
                JsonNode body = JSON.readTree(request.body());
                Optional<String> definition = api.definition(body);
                kinds.add(body.path("kind").asText());
                problems.addAll(
                        definition.isEmpty()
                                ? Set.of(request.method() + " " + request.path() + " of an unknown kind")
                                : api.problems(definition.get(), body));
            }
        }
        assertThat(problems).isEmpty();
        assertThat(kinds)
                .contains("Deployment", "Service", "Secret", "Namespace", "Ingress", "Lease", "DeleteOptions")
                .contains("BackendConfig", "FrontendConfig", "ManagedCertificate", "SelfSubjectAccessReview");
    }

    @Test
    void thePublishedApiKnowsOurServersAnswers() throws Exception {
        PublishedApi api = PublishedApi.read("kubernetes-api.json");
        Set<String> problems = new TreeSet<>();
        for (JsonNode answer : answers) {
            List<JsonNode> objects = new ArrayList<>();
            answer.path("items").forEach(objects::add);
            objects.add(answer);
            for (JsonNode object : objects) {
                api.definition(object).ifPresent(definition -> api.problems(definition, object)
                        .forEach(problem -> problems.add(object.path("kind").asText() + problem)));
            }
        }
        assertThat(problems).isEmpty();
    }

    private static List<JsonNode> recorded(Path file, String service) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode call = JSON.readTree(line);
            if (call.path("service").asText().equals(service)) {
                found.add(call);
            }
        }
        return found;
    }

    @Test
    void clustersAreWhatThePublishedModelAndRealAnswersSay() throws Exception {
        PublishedApi api = PublishedApi.read("container-v1.json");
        Set<String> problems = new TreeSet<>();
        List<JsonNode> ours = recorded(record, "container");
        assertThat(ours).isNotEmpty();
        for (JsonNode call : ours) {
            assertThat(call.path("url").asText())
                    .matches("http://127[.0-9:]+/v1/projects/[^/]+/locations/[^/]+/clusters(/[^/]+)?");
            JsonNode answer = JSON.readTree(call.at("/answer/body").asText());
            boolean one = answer.has("name");
            problems.addAll(
                    call.path("status").asInt() == 200
                            ? api.problems(one ? "Cluster" : "ListClustersResponse", answer)
                            : Set.of());
        }
        for (JsonNode call : recorded(CLUSTERS, "container")) {
            problems.addAll(api.problems(
                    "Cluster", JSON.readTree(call.at("/answer/body").asText())));
        }
        assertThat(problems).isEmpty();
        AnswerShape real = RecordedCalls.read(CLUSTERS).values().iterator().next();
        RecordedCalls.read(record).forEach((operation, shape) -> {
            if (operation.matches("container GET .*/clusters/.*")) {
                assertThat(real.lacking(shape)).as(operation).isEmpty();
            }
        });
    }

    /** With an address switched off its field has the name, whose certificate is of a public authority. */
    @ParameterizedTest
    @CsvSource({
        "0,https://gke-12345trewq-123.northamerica-south1-b.gke.goog,''",
        "1,https://203.0.113.5,1234567890abcdefghijklmn",
        "2,https://203.0.113.5,1234567890abcdefghijklmn"
    })
    void theWayToRealClustersIsFound(int number, String url, String authority) throws Exception {
        GoogleCredential credential =
                GoogleCredential.open(new TargetContext(Map.of(GoogleCredential.TOKEN, "token"), line -> {}));
        String answer =
                recorded(CLUSTERS, "container").get(number).at("/answer/body").asText();
        try (WireServer server = WireServer.start(request -> WireServer.Answer.json(200, answer))) {
            ClusterLocator.Place place = new ClusterLocator(server.url().toString(), credential)
                    .find("project", "northamerica-south1", "containercluster");

            assertThat(place.url()).isEqualTo(url);
            assertThat(place.certificate()).isEqualTo(authority);
        }
    }

    /** Tests the Kubernetes client's calls that {@code --record} keeps. */
    @Test
    void callsAreRecordedAndSecretsAreNot() throws Exception {
        List<String> asked = new ArrayList<>();
        for (JsonNode call : recorded(record, "kubernetes")) {
            asked.add(call.path("method").asText() + " "
                    + call.path("url")
                            .asText()
                            .replaceFirst("^https://[^/]+", "")
                            .replaceFirst("[?].*", ""));
            // 409: a controller had written a status between the reading of an object and its change.
            assertThat(call.path("status").asInt()).isBetween(200, 409);
        }

        assertThat(asked)
                .as("each that the server has got")
                .containsAll(requests.stream()
                        .map(request -> request.method() + " " + request.path())
                        .toList())
                .contains("PATCH /apis/apps/v1/namespaces/hello/deployments/hello-live");
        assertThat(Files.readString(record))
                .contains("\\\"kind\\\":\\\"Deployment\\\"", "gcr.io/demo/v2@sha256:")
                .doesNotContainIgnoringCase("authorization\"")
                .doesNotContain("s3cr3t", "very private", "ya29.", "BEGIN PRIVATE KEY");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record)))
                .isEqualTo("rw-------");
    }

    /** Returns a server with the last recorded answer to each call, for any arguments. */
    private static WireServer replayed(Path recorded) throws IOException {
        Map<String, String> last = new TreeMap<>();
        for (JsonNode call : recorded(recorded, "kubernetes")) {
            if (call.path("status").asInt() == 200) {
                String path = call.path("url").asText().replaceFirst("^https?://[^/]+", "");
                last.put(
                        call.path("method").asText() + " " + path.replaceFirst("[?].*", ""),
                        call.at("/answer/body").asText());
            }
        }
        return WireServer.start(request -> {
            String answer = last.get(request.method() + " " + request.path());
            return answer == null
                    ? WireServer.Answer.json(
                            404, "{\"kind\": \"Status\", \"code\": 404, \"message\": \"not recorded\"}")
                    : WireServer.Answer.json(200, answer);
        });
    }

    /** A recording is enough to see again what the run saw. */
    @Test
    void aRecordedRunCanBeReplayed() throws Exception {
        try (Scene scene = new Scene().live("https://hello.example.com").with(MORE);
                WireServer server = replayed(record)) {
            scene.inherited.clear();
            scene.inherited.put(ClusterAccess.KUBECONFIG_TEXT, """
                    apiVersion: v1
                    kind: Config
                    current-context: replay
                    clusters: [{name: replay, cluster: {server: "%s"}}]
                    users: [{name: replay, user: {token: none}}]
                    contexts: [{name: replay, context: {cluster: replay, user: replay}}]
                    """.formatted(server.url()));
            Target live = scene.target(Slot.LIVE);

            assertThat(live.current().map(Deployed::deploymentId)).contains("v1-11111111");
            assertThat(live.current().map(Deployed::digest))
                    .contains(Scene.candidate("v1").digest());
            assertThat(live.earlier()).as("v2 was ended").isEmpty();
            assertThat(server.troubles).isEmpty();
        }
    }

    /** A file of calls of a real cluster. */
    @Test
    void ourServerAnswersAsARecordedRun() throws Exception {
        String file = System.getProperty("pym.replay", "");
        assumeTrue(!file.isEmpty(), "no recording: -Dpym.replay=FILE");
        assertThat(differences(Path.of(file))).isEmpty();
    }

    /** Returns whether an API server adds it and this project does not read it. */
    private static boolean isUnread(String difference) {
        return difference.matches("(?s).*(managedFields|clusterIP|ipFamil|internalTrafficPolicy|sessionAffinity"
                + "|selfLink|schedulerName|terminationMessagePolicy|hostIP|podIP|qosClass|nodeName|tolerations|volumeMounts"
                + "|annotations|labels|lastTransitionTime|lastUpdateTime|lastProbeTime|startTime|nodePort|addonsConfig"
                + "|nodePool|networkConfig|ipAllocationPolicy).*");
    }

    private static Set<String> differences(Path recorded) throws IOException {
        Map<String, AnswerShape> ours = RecordedCalls.read(record);
        Map<String, AnswerShape> real = RecordedCalls.read(recorded);
        assertThat(real).isNotEmpty();
        Set<String> differences = new TreeSet<>();
        real.forEach((operation, shape) -> Optional.ofNullable(ours.get(operation))
                .ifPresent(own -> own.lacking(shape).stream()
                        .filter(difference -> !isUnread(difference))
                        .forEach(difference -> differences.add(operation + ": " + difference))));
        return differences;
    }
}
