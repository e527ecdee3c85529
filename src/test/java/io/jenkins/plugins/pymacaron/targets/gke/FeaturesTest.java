package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests optional features of a service, and their removal. */
@Timeout(20 * 60)
class FeaturesTest {
    static final String PATCH = """
            gke_patch:
              spec:
                template:
                  metadata: {annotations: {team: hello}}
                  spec:
                    nodeSelector: {disk: ssd}
                    volumes: [{name: scratch, emptyDir: {}}]
                    containers:
                    - name: container-hello
                      volumeMounts: [{name: scratch, mountPath: /scratch}]
                      env: [{name: EXTRA, value: "1"}]
                      livenessProbe: {tcpSocket: {port: 8080}}
            """;

    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private Deployed staging(String version, String hash) throws Exception {
        Target staging = scene.target(Slot.STAGING);
        return scene.done(staging, staging.prepare(Scene.candidate(version, hash)));
    }

    private ObjectNode object(Kind kind, String name) throws Exception {
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            return new KubernetesApi(client, "hello").find(kind, name).orElseGet(JsonTree::object);
        }
    }

    private String template() throws Exception {
        return JsonTree.text(object(Kind.DEPLOYMENT, "hello-staging").at("/spec/template"));
    }

    @Test
    void aPatchIsPartOfThePodsAndGoesWithItsKey() throws Exception {
        scene.with(PATCH);
        staging("v1", "00000000");
        assertThat(template())
                .contains("\"team\":\"hello\"", "\"disk\":\"ssd\"", "/scratch", "EXTRA", "tcpSocket")
                .contains("\"name\":\"VERSION\"", "readinessProbe");
        assertThat(object(Kind.DEPLOYMENT, "hello-staging")
                        .at("/spec/template/spec/containers/0/livenessProbe")
                        .has("httpGet"))
                .isFalse();
        scene.log.clear();
        staging("v1", "00000000");
        assertThat(scene.changes())
                .as("only who was here last is written down")
                .containsExactly("note on Deployment hello-staging that it stays as it is");

        scene.with("");
        staging("v1", "11111111");

        assertThat(template()).doesNotContain("team", "disk", "scratch", "EXTRA", "tcpSocket");
        Target staging = scene.target(Slot.STAGING);
        Deployed patched = staging.earlier().get(0);
        scene.done(staging, staging.rollBack(staging.current().orElseThrow(), patched));
        assertThat(template()).contains("scratch", "EXTRA", "tcpSocket");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{metadata: {name: other}}|has metadata, which is not to be changed",
                "{spec: {selector: {}}}|has spec.selector, which is not to be changed",
                "{spec: {template: {metadata: {labels: {app: x}}}}}|the labels app, which this plugin sets",
                "{spec: {template: {spec: {serviceAccountName: x}}}}|decided by gke_service_account",
                "{spec: {template: {spec: {containers: [{name: container-hello, image: x}]}}}}|decided by the pipeline",
                "{spec: {template: {spec: {containers: [{name: container-hello, env: [{name: PORT}]}]}}}}|sets PORT",
                "{spec: {template: {spec: {containers: [{image: x}]}}}}|without a name",
                "{spec: {template: {spec: {$patch: replace}}}}|which is no field",
                "{spec: {template: {spec: {nodeSelector: null}}}}|has nothing",
                "[]|must be a patch of a Deployment",
            })
    void fieldsThatThePipelineDecidesCannotBePatched(String patch, String said) {
        scene.with("gke_patch: " + patch + "\n");

        assertThatThrownBy(() -> scene.target(Slot.STAGING))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aServiceAccountHasToBeThere() throws Exception {
        Wires.namespace(scene.kube, "hello", "", "");
        scene.with("gke_service_account: hello\n");
        assertThat(scene.target(Slot.STAGING).preflight().toString())
                .contains("there is no ServiceAccount hello in namespace hello");
        Wires.account(scene.kube, "hello");
        assertThat(scene.target(Slot.STAGING).preflight()).isEmpty();

        staging("v1", "00000000");

        assertThat(template()).contains("\"serviceAccountName\":\"hello\"");
    }

    @Test
    void anInternalLoadBalancerHasItsClassAndNeedsNoAddress() throws Exception {
        scene.with("gke_internal: true\n");
        staging("v1", "00000000");

        assertThat(JsonTree.text(object(Kind.INGRESS, "hello-staging-ingress").at("/metadata/annotations")))
                .contains("\"kubernetes.io/ingress.class\":\"gce-internal\"")
                .doesNotContain("static-ip");
        scene.with("gke_internal: true\ngke_static_ip: here\n");
        staging("v1", "11111111");
        assertThat(JsonTree.text(object(Kind.INGRESS, "hello-staging-ingress").at("/metadata/annotations")))
                .contains("\"kubernetes.io/ingress.regional-static-ip-name\":\"here\"");
    }

    @Test
    void anAddressThatIsNotReservedIsToldBeforeTheIngressIsMade() throws Exception {
        Wires.unreserved(scene.google, "hello-staging-ip");

        assertThat(scene.target(Slot.STAGING).preflight().toString())
                .contains("there is no reserved address hello-staging-ip")
                .contains("gcloud compute addresses create hello-staging-ip --global");
        assertThat(scene.target(Slot.LIVE).preflight()).isEmpty();
    }

    private Map<Kind, ObjectNode> front() throws Exception {
        Environment live = scene.environment(Slot.LIVE);
        return new FrontManifests(live, GkeNames.of(live))
                .all(Map.of()).stream()
                        .collect(Collectors.toMap(FrontManifests.Part::kind, FrontManifests.Part::manifest));
    }

    @Test
    void aRedirectNeedsHttps() throws Exception {
        scene.with("gke_redirect: true\n");
        assertThat(front()).doesNotContainKey(Kind.FRONTEND_CONFIG);

        scene.live("https://hello.example.com");

        assertThat(JsonTree.text(front().get(Kind.FRONTEND_CONFIG)))
                .contains("\"redirectToHttps\":{\"enabled\":true}", "networking.gke.io/v1beta1");
        assertThat(JsonTree.text(front().get(Kind.INGRESS)))
                .contains("\"networking.gke.io/v1beta1.FrontendConfig\":\"hello-live-frontend\"");
    }

    /** It is made, reported, undone by a first deployment that fails, and removed when its key is gone. */
    @Test
    void aRedirectComesAndGoesWithItsKey() throws Exception {
        String url = "gke_prove_ingress: false\n";
        scene.live("https://hello.example.com").with(url + "gke_redirect: true\n");
        live("bad1", "00000000");
        assertThat(scene.log).contains("create FrontendConfig hello-live-frontend");
        assertThat(object(Kind.FRONTEND_CONFIG, "hello-live-frontend")).isEmpty();
        Target live = scene.target(Slot.LIVE);

        live("v1", "00000000");
        assertThat(object(Kind.FRONTEND_CONFIG, "hello-live-frontend")).isNotEmpty();
        scene.with(url);
        live("v2", "11111111");
        scene.done(live, scene.target(Slot.LIVE).retire(live.current().orElseThrow(), 1));

        assertThat(JsonTree.text(object(Kind.INGRESS, "hello-live-ingress"))).doesNotContain("FrontendConfig");
        assertThat(object(Kind.FRONTEND_CONFIG, "hello-live-frontend")).isEmpty();
        assertThat(scene.log).contains("delete FrontendConfig hello-live-frontend");
    }

    private void live(String version, String hash) throws Exception {
        Target live = scene.target(Slot.LIVE);
        Optional<Deployed> before = live.current();
        // The canary that it had makes no difference here.
        Deployed prepared = scene.done(live, live.prepare(Scene.candidate("v0")));
        scene.run(live, live.activate(Scene.candidate(version, hash), prepared, before));
        scene.done(live, live.withdraw(prepared));
    }

    /** Google's controllers know why a version is not seen through the Ingress. */
    @Test
    void theReasonQuotesTheIngressAndItsCertificate() throws Exception {
        // No port of ours: nothing answers there.
        scene.live("https://hello.example.com:" + scene.gatewayPort);
        live("v1", "00000000");
        Wires.certificates(scene.kube, "FailedNotVisible");
        Wires.unhealthy(scene.kube);
        Target live = scene.target(Slot.LIVE);
        Subject subject = new GkeWaitConditions("hello-live", "v1-00000000", "hello-live-service", "hello-live-ingress")
                .subject();

        String said = "";
        while (!said.contains("FailedNotVisible") || !said.contains("UNHEALTHY")) {
            said = live.read(subject).getOrDefault(LiveUnchangedCheck.ERROR, "");
        }
        assertThat(said)
                .containsPattern("; backend k8s1-[a-z0-9-]+-hello-live-service-8080-[a-z0-9]+ is UNHEALTHY, ")
                .endsWith("ManagedCertificate hello.example.com-certificate is Provisioning"
                        + " (hello.example.com FailedNotVisible)");
    }

    /** A healthy backend and an active certificate are no reason. */
    @Test
    void aHealthyIngressExplainsNothing() throws Exception {
        scene.live("https://hello.example.com").with("gke_prove_ingress: false\n");
        Wires.certificates(scene.kube, "Active");
        live("v1", "00000000");
        LoadBalancer ingress = new LoadBalancer(Kind.INGRESS, "hello-live-ingress");
        try (KubernetesClient client = scene.client(Slot.LIVE)) {
            KubernetesApi api = new KubernetesApi(client, "hello");
            GkeNames names = GkeNames.of(scene.environment(Slot.LIVE));
            while (LoadBalancerTrouble.of(api, names, ingress).isPresent()) {
                api.awaitChange(List.of(api.list(Kind.INGRESS, Map.of())), Duration.ofSeconds(1));
            }
            Wires.certificates(scene.kube, "Provisioning");
            while (LoadBalancerTrouble.of(api, names, ingress).isEmpty()) {
                api.awaitChange(List.of(api.list(Kind.CERTIFICATE, Map.of())), Duration.ofSeconds(1));
            }
            assertThat(LoadBalancerTrouble.of(api, names, ingress))
                    .contains("ManagedCertificate hello.example.com-certificate is Provisioning"
                            + " (hello.example.com Provisioning)");
        }
    }

    @Test
    void aRegionalAddressThatIsNotReservedIsToldToo() throws Exception {
        scene.with("gke_internal: true\ngke_static_ip: inside\n");
        assertThat(scene.target(Slot.STAGING).preflight()).isEmpty();

        Wires.unreserved(scene.google, "inside");

        assertThat(scene.target(Slot.STAGING).preflight().toString())
                .contains("there is no reserved address inside", "--region REGION --subnet SUBNET");
    }

    /** A pod that ends counts for a quota until it is gone. */
    @Test
    void aQuotaThatIsFullOfPodsThatEndIsWaitedFor() throws Exception {
        staging("v1", "00000000");
        Wires.ending(scene.kube, Duration.ofSeconds(2));
        try (KubernetesClient client = scene.client(Slot.STAGING)) {
            client.resourceQuotas()
                    .inNamespace("hello")
                    .resource(new ResourceQuotaBuilder()
                            .withNewMetadata()
                            .withName("small")
                            .endMetadata()
                            .withNewSpec()
                            .withHard(Map.of("pods", new Quantity("2")))
                            .endSpec()
                            .build())
                    .create();
        }
        staging("v2", "00000000");

        assertThat(staging("v3", "00000000").version()).isEqualTo("v3");
    }
}
