package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.http.HttpResponseException;
import com.google.cloud.run.v2.Service;
import com.google.longrunning.Operation;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server refuses in the words in which Cloud Run has refused others, by the same codes, as late; and what is no request. */
@Timeout(20 * 60)
class RealAnswersTest {
    private static final CloudRunNames NAMES = new CloudRunNames("my-project", "europe-west1", "hello-live");
    private static final String FIRST = "hello-live-v1-00000001";

    @TempDir
    private Path directory;

    private final ObjectMapper json = new ObjectMapper();
    private RunRig rig;
    private CloudRunApi api;

    @BeforeEach
    void begin() throws Exception {
        rig = new RunRig(directory);
        rig.live("1");
        rig.service("hello-live").service.withObject("/template").put("revision", FIRST);
        api = new CloudRunApi(
                rig.server.wire.url(), GoogleCredential.open(new TargetContext(rig.inherited(), line -> {})));
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private JsonNode real(String what) throws Exception {
        try (InputStream corpus = RealAnswersTest.class.getResourceAsStream("answers.json")) {
            for (JsonNode answer : json.readTree(corpus).path("answers")) {
                if (answer.path("what").asText().equals(what)) {
                    return answer;
                }
            }
        }
        throw new AssertionError(what);
    }

    private void late(String what, String name, Operation operation) throws Exception {
        assertThat(operation.getDone()).as("accepted at first").isFalse();
        Operation ended = operation;
        while (!ended.getDone()) {
            ended = api.operation(operation.getName());
        }
        JsonNode real = real(what);
        assertThat(real.path("codes").toString())
                .contains(Integer.toString(ended.getError().getCode()));
        assertThat(ended.getError().getMessage())
                .startsWith(real.path("message").asText().replace("NAME", name));
    }

    private void atOnce(String what, String name, ThrowingCallable call) throws Exception {
        Throwable refused = catchThrowable(call);
        JsonNode error = json.readTree(((HttpResponseException) refused.getCause()).getContent())
                .path("error");
        JsonNode real = real(what);
        assertThat(error.path("code")).isEqualTo(real.at("/codes/0"));
        assertThat(error.path("status")).isEqualTo(real.path("status"));
        assertThat(error.path("message").asText())
                .isEqualTo(real.path("message").asText().replace("NAME", name));
    }

    @Test
    void lateRefusals() throws Exception {
        Service service = api.service(NAMES);
        late(
                "traffic for a revision that is gone",
                "hello-live-gone",
                api.update(
                        service.toBuilder()
                                .clearTraffic()
                                .addAllTraffic(
                                        TrafficSplit.all("hello-live-gone").targets(Map.of()))
                                .build(),
                        List.of("traffic")));
        Service.Builder bad = api.service(NAMES).toBuilder();
        bad.getTemplateBuilder().setRevision("hello-live-bad");
        bad.getTemplateBuilder()
                .getContainersBuilder(0)
                .setImage("europe-west1-docker.pkg.dev/my-project/images/hello@sha256:bad");
        bad.clearTraffic().addAllTraffic(TrafficSplit.all(FIRST).targets(Map.of()));
        late("container does not start", "hello-live-bad", api.update(bad.build(), List.of("template", "traffic")));
    }

    @Test
    void refusalsAtOnce() throws Exception {
        Service service = api.service(NAMES);
        atOnce(
                "change of a template with a name",
                FIRST,
                () -> api.update(service.toBuilder().setDescription("x").build(), List.of("description")));
        atOnce("deletion of a revision that serves", FIRST, () -> api.delete(NAMES, FIRST));
    }

    @Test
    void requestsOutsideThePublishedProtocolAreRefused() {
        int before = rig.service("hello-live").revisions.size();
        Service service = api.service(NAMES);
        Service.Builder empty = service.toBuilder();
        empty.getTemplateBuilder().getContainersBuilder(0).clearImage();
        Service.Builder unmounted = service.toBuilder();
        unmounted
                .getTemplateBuilder()
                .setRevision("hello-live-x")
                .getContainersBuilder(0)
                .addVolumeMountsBuilder()
                .setName("none")
                .setMountPath("/x");

        assertThat(catchThrowable(() -> api.update(empty.build(), List.of("template"))))
                .hasMessageContaining("image: required");
        assertThat(catchThrowable(() -> api.update(unmounted.build(), List.of("template"))))
                .hasMessageContaining("fits no volume");
        assertThat(catchThrowable(() -> api.update(service, List.of("nothing"))))
                .hasMessageContaining("invalid path in nothing");
        assertThat(rig.service("hello-live").revisions).hasSize(before);
    }
}
