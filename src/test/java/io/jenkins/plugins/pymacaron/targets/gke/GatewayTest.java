package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Gateway in place of an Ingress: made, proven through, taken over, rolled back, and told of. */
@Timeout(20 * 60)
class GatewayTest {
    private static final String GLOBAL = "gke_gateway: gke-l7-global-external-managed\n";
    private static final String WITHOUT_PROOF = "gke_prove_ingress: false\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
        scene.live("http://127.0.0.1:" + scene.gatewayPort).with(GLOBAL);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(Wires.troubles(scene.kube)).isEmpty();
        scene.close();
    }

    private List<FrontManifests.Part> parts() throws Exception {
        Environment live = scene.environment(Slot.LIVE);
        return new FrontManifests(live, GkeNames.of(live)).all(Map.of("app", "hello-live"));
    }

    private String manifest(Kind kind, String name) throws Exception {
        return parts().stream()
                .filter(part -> part.kind() == kind && part.name().equals(name))
                .map(part -> JsonTree.text(part.manifest()))
                .findFirst()
                .orElse("");
    }

    private ObjectNode object(Kind kind, String name) throws Exception {
        try (KubernetesClient client = scene.client(Slot.LIVE)) {
            return new KubernetesApi(client, "hello").get(kind, name).orElseGet(JsonTree::object);
        }
    }

    private Outcome run(String version, String hash) throws Exception {
        Target live = scene.target(Slot.LIVE);
        Optional<Deployed> before = live.current();
        // The canary that it had makes no difference here.
        Deployed prepared = scene.done(live, live.prepare(Scene.candidate("v0")));
        Outcome outcome = scene.run(live, live.activate(Scene.candidate(version, hash), prepared, before));
        scene.done(live, live.withdraw(prepared));
        return outcome;
    }

    private String problems() throws Exception {
        return scene.target(Slot.LIVE).preflight().toString();
    }

    @Test
    void withoutHttpsThereIsOneListener() throws Exception {
        assertThat(parts())
                .extracting(FrontManifests.Part::kind)
                .containsExactly(Kind.SERVICE, Kind.HEALTH_CHECK_POLICY, Kind.GATEWAY, Kind.HTTP_ROUTE);
        assertThat(manifest(Kind.GATEWAY, "hello-live-gateway"))
                .contains("\"apiVersion\":\"gateway.networking.k8s.io/v1\"")
                .contains("\"gatewayClassName\":\"gke-l7-global-external-managed\"")
                .contains("{\"type\":\"NamedAddress\",\"value\":\"hello-live-ip\"}")
                .contains("\"listeners\":[{\"name\":\"http\",\"port\":80,\"protocol\":\"HTTP\"}]")
                .doesNotContain("certmap");
        assertThat(manifest(Kind.HTTP_ROUTE, "hello-live-route"))
                .contains("\"sectionName\":\"http\"", "\"port\":8080")
                .doesNotContain("https");
        assertThat(manifest(Kind.HEALTH_CHECK_POLICY, "hello-live-backend"))
                .contains("\"requestPath\":\"/ping\"", "\"port\":8080", "\"type\":\"HTTP\"", "\"kind\":\"Service\"");
    }

    @Test
    void httpsHasACertificateMapOrCertificatesAndARedirectOfItsOwn() throws Exception {
        scene.live("https://hello.example.com").with(GLOBAL + "gke_certificate_map: hello-map\n");
        assertThat(manifest(Kind.GATEWAY, "hello-live-gateway"))
                .contains("\"networking.gke.io/certmap\":\"hello-map\"")
                .contains("{\"name\":\"https\",\"port\":443,\"protocol\":\"HTTPS\"}", "\"port\":80");
        assertThat(manifest(Kind.HTTP_ROUTE, "hello-live-route"))
                .contains("\"sectionName\":\"https\"", "\"sectionName\":\"http\"");
        assertThat(problems()).isEqualTo("[]");

        scene.with("gke_gateway: gke-l7-regional-external-managed\ngke_certificates: [one, two]\ngke_redirect: true\n");

        assertThat(manifest(Kind.GATEWAY, "hello-live-gateway"))
                .contains("\"networking.gke.io/pre-shared-certs\":\"one,two\"", "\"mode\":\"Terminate\"")
                .doesNotContain("certmap", "addresses");
        assertThat(manifest(Kind.HTTP_ROUTE, "hello-live-route"))
                .contains("\"sectionName\":\"https\"")
                .doesNotContain("\"sectionName\":\"http\"");
        assertThat(manifest(Kind.HTTP_ROUTE, "hello-live-redirect"))
                .contains("\"sectionName\":\"http\"", "\"type\":\"RequestRedirect\"")
                .contains("\"scheme\":\"https\"", "\"statusCode\":301");
        assertThat(problems()).isEqualTo("[]");
    }

    /** The cluster's own kinds take each object as it is. */
    @Test
    void theServerTakesEachOfThemAsItIsAndRefusesWhatTheKindsDoNotKnow() throws Exception {
        Wires.namespace(scene.kube, "hello", "", "");
        scene.live("https://hello.example.com").with(GLOBAL + "gke_certificates: [one]\ngke_redirect: true\n");
        PublishedApi published = PublishedApi.read("kubernetes-api.json");
        try (KubernetesClient client = scene.client(Slot.LIVE)) {
            KubernetesApi api = new KubernetesApi(client, "hello");
            for (FrontManifests.Part part : parts()) {
                ObjectNode kept = api.apply(part.kind(), part.manifest());
                assertThat(JsonTree.differences(kept, part.manifest())).isEmpty();
                assertThat(published.problems(
                                published.definition(part.manifest()).orElseThrow(), part.manifest()))
                        .isEmpty();
            }
            ObjectNode bad = api.get(Kind.GATEWAY, "hello-live-gateway").orElseThrow();
            bad.putObject("metadata").put("name", "bad").put("namespace", "hello");
            ((ObjectNode) bad.at("/spec/listeners/0/tls")).remove("options");
            assertThatThrownBy(() -> api.apply(Kind.GATEWAY, bad))
                    .hasMessageContaining("certificateRefs or options must be specified");
        }
    }

    @Test
    void versionsAreProvenThroughTheGateway() throws Exception {
        List<JsonNode> written = new CopyOnWriteArrayList<>();
        scene.kube.between = (request, server) -> {
            Answer answer = server.answer(request);
            if (request.path().contains("/gateway.networking.k8s.io/")
                    && new String(answer.body()).startsWith("{")
                    && answer.status() / 100 == 2) {
                written.add(JSON.readTree(answer.body()));
            }
            return answer;
        };
        assertThat(problems()).isEqualTo("[]");
        assertThat(run("v1", "11111111")).isInstanceOf(Outcome.Done.class);
        assertThat(scene.log)
                .contains("create Gateway hello-live-gateway", "create HTTPRoute hello-live-route")
                .contains("create HealthCheckPolicy hello-live-backend")
                .noneMatch(line -> line.contains("Ingress") || line.contains("BackendConfig"));
        awaitAddress();

        Target live = scene.target(Slot.LIVE);
        Deployed prepared = scene.done(live, live.prepare(Scene.candidate("v0")));
        Change change = live.activate(Scene.candidate("v2", "22222222"), prepared, live.current());

        assertThat(change.params().get("subject")).endsWith(" Gateway/hello-live-gateway");
        scene.done(live, change);
        assertThat(answer(scene.gatewayPort)).contains("v2");
        assertThat(scene.log)
                .as("what the controller writes on the Service is its own")
                .noneMatch(line -> line.contains("change Service"));
        assertThat(JsonTree.text(object(Kind.SERVICE, "hello-live-service"))).contains("exposed_ports");
        PublishedApi published = PublishedApi.read("kubernetes-api.json");
        Set<String> problems = new TreeSet<>();
        written.forEach(object ->
                published.definition(object).ifPresent(kind -> problems.addAll(published.problems(kind, object))));
        assertThat(written).isNotEmpty();
        assertThat(problems).as("as the published kinds have it").isEmpty();
    }

    private void awaitAddress() throws Exception {
        try (KubernetesClient client = scene.client(Slot.LIVE)) {
            KubernetesApi api = new KubernetesApi(client, "hello");
            LoadBalancer gateway = new LoadBalancer(Kind.GATEWAY, "hello-live-gateway");
            while (gateway.address(api).isEmpty()) {
                api.awaitChange(List.of(api.list(Kind.GATEWAY, Map.of())), Duration.ofSeconds(1));
            }
        }
    }

    private String answer(int port) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/version"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The tests of a staging without an address of its own go to the address of the Gateway, so the run waits for it. */
    @Test
    void theAddressOfAGatewayIsWaitedFor() throws Exception {
        scene.staging("").with(GLOBAL);
        Target staging = scene.target(Slot.STAGING);

        Deployed deployed = scene.done(staging, staging.prepare(Scene.candidate("v1")));

        assertThat(deployed.url()).isEqualTo("http://127.0.0.1");
        assertThat(scene.log).contains("learn the address of Gateway hello-staging-gateway");
        assertThat(staging.current().orElseThrow().url()).isEqualTo("http://127.0.0.1");
    }

    @Test
    void theReasonQuotesTheConditionsOfTheGateway() throws Exception {
        run("v1", "11111111");
        awaitAddress();
        Target live = scene.target(Slot.LIVE);
        Subject subject = new GkeWaitConditions(
                        "hello-live", "v1-11111111", "hello-live-service", "Gateway/hello-live-gateway")
                .subject();
        assertThat(live.read(subject)).containsEntry(GkeDeployOperation.VERSION, "v1");

        Wires.unprogrammed(scene.kube, "Quota 'URL_MAPS' exceeded");

        String said = "";
        while (!said.contains("is not Programmed")) {
            said = live.read(subject).getOrDefault(LiveUnchangedCheck.ERROR, "");
        }
        assertThat(said)
                .contains("Gateway hello-live-gateway has no address; ")
                .contains("Gateway hello-live-gateway is not Programmed (Invalid: Quota 'URL_MAPS' exceeded)");
    }

    @Test
    void aFirstDeploymentThatFailsTakesItAway() throws Exception {
        scene.live("https://hello.example.com").with(GLOBAL + "gke_certificates: [one]\ngke_redirect: true\n");

        run("bad1", "00000000");

        assertThat(scene.log)
                .contains("create Gateway hello-live-gateway", "create HTTPRoute hello-live-redirect")
                .contains("delete Gateway hello-live-gateway", "delete HTTPRoute hello-live-redirect");
        for (FrontManifests.Part part : parts()) {
            assertThat(object(part.kind(), part.name())).as(part.name()).isEmpty();
        }
    }

    @Test
    void aWithdrawnDeploymentTakesItAway() throws Exception {
        run("v1", "11111111");
        Target live = scene.target(Slot.LIVE);

        scene.done(live, live.withdraw(live.current().orElseThrow()));

        for (FrontManifests.Part part : parts()) {
            assertThat(object(part.kind(), part.name())).as(part.name()).isEmpty();
        }
    }

    @Test
    void aRedirectGoesWithItsKey() throws Exception {
        String https = GLOBAL + WITHOUT_PROOF + "gke_certificates: [one]\n";
        scene.live("https://hello.example.com").with(https + "gke_redirect: true\n");
        run("v1", "11111111");
        assertThat(object(Kind.HTTP_ROUTE, "hello-live-redirect")).isNotEmpty();

        scene.with(https);
        run("v2", "22222222");
        Target live = scene.target(Slot.LIVE);
        scene.done(live, live.retire(live.current().orElseThrow(), 1));

        assertThat(object(Kind.HTTP_ROUTE, "hello-live-redirect")).isEmpty();
        assertThat(object(Kind.HTTP_ROUTE, "hello-live-route")).isNotEmpty();
    }

    @Test
    void oneThatOthersHaveMadeIsTakenOverAndThatIsSaid() throws Exception {
        Wires.namespace(scene.kube, "hello", "", "");
        try (KubernetesClient client = scene.client(Slot.LIVE)) {
            ObjectNode theirs = JsonTree.parse("""
                    {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
                     "metadata": {"name": "hello-live-gateway", "namespace": "hello"},
                     "spec": {"gatewayClassName": "gke-l7-gxlb",
                              "listeners": [{"name": "http", "protocol": "HTTP", "port": 8000}]}}
                    """);
            new KubernetesApi(client, "hello").create(Kind.GATEWAY, theirs);
        }
        assertThat(problems())
                .contains("Gateway hello-live-gateway was made by another user or tool and is taken over");

        run("v1", "11111111");

        assertThat(scene.log)
                .anyMatch(line -> line.startsWith("take over Gateway hello-live-gateway (")
                        && line.contains("gatewayClassName: gke-l7-gxlb -> gke-l7-global-external-managed"));
        assertThat(object(Kind.GATEWAY, "hello-live-gateway")
                        .at("/spec/listeners/0/port")
                        .asInt())
                .isEqualTo(80);
        assertThat(problems()).isEqualTo("[]");
    }

    /** The old load balancer loses nothing while the new one is made, and a person decides when it goes. */
    @Test
    void anIngressOfOursGoesOnBesideIt() throws Exception {
        scene.live("http://127.0.0.1:" + scene.livePort).with("");
        run("v1", "11111111");
        String service =
                JsonTree.text(object(Kind.SERVICE, "hello-live-service").path("spec"));

        scene.with(GLOBAL + "gke_static_ip: another-ip\n" + WITHOUT_PROOF);
        assertThat(problems())
                .contains("Ingress hello-live-ingress goes on beside the Gateway, which needs an address of its own")
                .contains("kubectl --namespace hello delete ingress hello-live-ingress");
        run("v2", "22222222");
        awaitAddress();
        run("v3", "33333333");

        assertThat(object(Kind.INGRESS, "hello-live-ingress")).isNotEmpty();
        ObjectNode kept = object(Kind.SERVICE, "hello-live-service");
        assertThat(JsonTree.text(kept.path("spec"))).isEqualTo(service);
        assertThat(JsonTree.text(kept.at("/metadata/annotations")))
                .contains("{\\\"ingress\\\":true,\\\"exposed_ports\\\":{\\\"8080\\\":{}}}", "hello-live-backend");
        assertThat(answer(scene.livePort)).contains("v3");
        assertThat(answer(scene.gatewayPort)).contains("v3");
    }

    @Test
    void aClusterWithoutTheGatewayApiIsNamedInOneLine() throws Exception {
        Wires.withoutGateways(scene.kube);

        assertThat(scene.target(Slot.LIVE).preflight())
                .singleElement()
                .asString()
                .contains("the cluster does not know the Gateway API (gateway.networking.k8s.io/v1)")
                .contains("gcloud container clusters update hello-live --gateway-api=standard");
    }

    @Test
    void anAddressThatIsNotReservedIsTold() throws Exception {
        Wires.unreserved(scene.google, "hello-live-ip");

        assertThat(problems())
                .contains("there is no reserved address hello-live-ip, so that the Gateway would get none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gke-l7-gxlb|gke_ingress: false|gke_gateway asks for a load balancer",
                "gke-l7-gxlb|gke_internal: true|gke_internal is for an Ingress",
                "gke-l7-gxlb|gke_certificate_map: m\\ngke_certificates: [c]|not both",
                "gke-l7-rilb|gke_certificate_map: m|class gke-l7-rilb takes no certificate map",
                "gke-l7-gxlb|gke_cpu_limit: 1|the Gateway has no certificate for https://hello.example.com",
                "|gke_certificate_map: m|are for a Gateway",
            })
    void keysThatDoNotGoTogetherAreNamed(String gateway, String lines, String said) throws Exception {
        scene.live("https://hello.example.com")
                .with((gateway == null ? "" : "gke_gateway: " + gateway + "\n") + lines.replace("\\n", "\n") + "\n");

        assertThat(problems()).contains(said);
    }
}
