package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods as kubelet and scheduler describe them, with what others have added to ours. */
class PodTroublesTest {
    private Scene scene;
    private WireServer server;
    private KubernetesApi api;

    @BeforeEach
    void start() throws Exception {
        scene = new Scene();
        server = WireServer.start(request -> {
            if (request.path().endsWith("/log")) {
                return WireServer.Answer.of(
                        200, "text/plain", request.query().get("container") + " knows " + Scene.SECRET + "\nand ends");
            }
            return WireServer.Answer.json(404, "{}");
        });
        api = new KubernetesApi(
                new KubernetesClientBuilder()
                        .withConfig(new io.fabric8.kubernetes.client.ConfigBuilder(
                                        io.fabric8.kubernetes.client.Config.empty())
                                .withMasterUrl(server.url().toString())
                                .build())
                        .build(),
                "default");
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
        server.close();
        scene.close();
    }

    private Optional<String> of(String... pods) throws Exception {
        PodTroubles troubles = new PodTroubles(api, scene.environment(Slot.LIVE));
        return troubles.of(List.of(pods).stream().map(PodTroublesTest::pod).toList());
    }

    private Optional<String> passing(String status) throws Exception {
        return new PodTroubles(api, scene.environment(Slot.LIVE)).passing(List.of(pod(status)));
    }

    private static ObjectNode pod(String status) {
        return JsonTree.parse("{\"metadata\": {\"name\": \"hello-1\"}, \"status\": {" + status + "}}");
    }

    private static String init(String state, int restarts) {
        return "\"initContainerStatuses\": [{\"name\": \"migrate\", \"ready\": false, \"restartCount\": " + restarts
                + ", " + state + "}], \"containerStatuses\": [{\"name\": \"hello\", \"ready\": false, "
                + "\"restartCount\": 0, \"state\": {\"waiting\": {\"reason\": \"PodInitializing\"}}}]";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'phase': 'Pending'",
                "'containerStatuses': [{'name': 'hello', 'ready': true, 'restartCount': 3, 'state': {'running': {}}}]",
                "'containerStatuses': [{'name': 'hello', 'ready': false, 'restartCount': 0, 'state': {'running': {}}}]",
                "'containerStatuses': [{'name': 'hello', 'ready': false, 'restartCount': 0,"
                        + " 'state': {'waiting': {'reason': 'ContainerCreating'}}}]",
                "'containerStatuses': [{'name': 'job', 'ready': false, 'restartCount': 1,"
                        + " 'state': {'terminated': {'reason': 'Completed'}}}]",
            })
    void normalProgressIsNoTrouble(String status) throws Exception {
        assertThat(of(status.replace('\'', '"'))).isEmpty();
    }

    /** An init container that waits for a database, for instance, ends until that is there. */
    @Test
    void anInitContainerMayTryAgain() throws Exception {
        assertThat(of(init("\"state\": {\"running\": {}}, \"lastState\": {\"terminated\": {\"exitCode\": 1}}", 1)))
                .isEmpty();
        assertThat(of(init("\"state\": {\"waiting\": {\"reason\": \"CrashLoopBackOff\"}}", 1)))
                .isEmpty();
        assertThat(of(init("\"state\": {\"terminated\": {\"reason\": \"Error\", \"exitCode\": 1}}", 1)))
                .isEmpty();
    }

    @Test
    void anInitContainerThatEndsAgainAndAgainIsToldWithItsOwnLines() throws Exception {
        assertThat(of(init("""
                        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                        "lastState": {"terminated": {"reason": "Error", "exitCode": 3}}""", 4))).contains("""
                        has a pod whose init container migrate ended with exit code 3; its last lines:
                            migrate knows ****
                            and ends""");
    }

    @ParameterizedTest
    @CsvSource({
        "InvalidImageName, cannot pull its image (InvalidImageName): denied",
        "CreateContainerConfigError, cannot start its container (CreateContainerConfigError): denied",
        "RunContainerError, cannot start its container (RunContainerError): denied"
    })
    void aLastingTroubleIsReported(String reason, String told) throws Exception {
        String waiting = "\"state\": {\"waiting\": {\"reason\": \"" + reason + "\", \"message\": \"denied\"}}";

        assertThat(of(init(waiting, 0))).contains(told);
        assertThat(of("\"containerStatuses\": [{\"name\": \"hello\", " + waiting + "}]"))
                .contains(told);
    }

    @ParameterizedTest
    @CsvSource({"OOMKilled, 137, for want of memory", "Error, 1, with exit code 1"})
    void aServiceThatEndedOnceIsTold(String reason, int code, String told) throws Exception {
        String last = "\"lastState\": {\"terminated\": {\"reason\": \"" + reason + "\", \"exitCode\": " + code + "}}";

        assertThat(of("\"containerStatuses\": [{\"name\": \"hello\", \"ready\": false, \"restartCount\": 1, "
                        + "\"state\": {\"running\": {}}, " + last + "}]"))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("has a pod that ended " + told)
                        .contains("hello knows ****")
                        .doesNotContain(Scene.SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ImagePullBackOff", "ErrImagePull"})
    void aPullThatFailedIsTriedAgainUnlessThereIsNoSuchImage(String reason) throws Exception {
        String waiting = "\"containerStatuses\": [{\"name\": \"hello\", \"state\": {\"waiting\": {\"reason\": \""
                + reason + "\", \"message\": \"%s\"}}}]";

        assertThat(of(waiting.formatted("dial tcp: i/o timeout"))).isEmpty();
        assertThat(passing(waiting.formatted("dial tcp: i/o timeout")))
                .contains("cannot pull its image yet (" + reason + "): dial tcp: i/o timeout");
        assertThat(of(waiting.formatted("code = NotFound desc = demo/x: not found")))
                .hasValueSatisfying(line -> assertThat(line).startsWith("cannot pull its image (" + reason + ")"));
    }

    @Test
    void aPodThatFitsOnNoNodeWaitsForOne() throws Exception {
        String stuck = """
                "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                  "message": "0/3 nodes", "lastTransitionTime": "2026-11-23T11:59:30Z"}]""";

        assertThat(of(stuck)).isEmpty();
        assertThat(passing(stuck)).contains("has a pod that fits on no node: 0/3 nodes");
    }
}
