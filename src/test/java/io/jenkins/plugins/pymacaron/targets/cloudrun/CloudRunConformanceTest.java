package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.run.v2.RevisionProto;
import com.google.cloud.run.v2.ServiceProto;
import com.google.longrunning.OperationInfo;
import com.google.longrunning.OperationsProto;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.AnswerShape;
import io.jenkins.plugins.pymacaron.targets.cloud.RecordedCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recorded runs: nothing secret is in them, and the server answers as the recorded services did. */
@Timeout(20 * 60)
class CloudRunConformanceTest {
    private static final Path EXAMPLES =
            Path.of("src/test/resources/io/jenkins/plugins/pymacaron/targets/cloudrun/run-examples.jsonl");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Names that a service's owner gives, and what only a container with a name of its own has. */
    private static final Set<String> UNREAD =
            Set.of("template.containers.name", "client", "template.containers.resources.startupCpuBoost");

    @TempDir
    private static Path files;

    private static Path record;

    @BeforeAll
    static void everythingIsCalledOnce() throws Exception {
        record = run("first");
    }

    @AfterAll
    static void forget() {
        record = null;
    }

    /** Everything that a target does, against a server of its own; what was recorded of it. */
    private static Path run(String name) throws Exception {
        Path to = files.resolve(name + ".jsonl");
        RunRig rig = new RunRig(Files.createDirectory(files.resolve(name)));
        try {
            rig.record = Optional.of(to);
            // A revision has a message while it starts: each run has to meet one in that state.
            rig.server.reconciler.seen = true;
            rig.config = RunRig.CONFIG + "canary: [50]\ngcp_labels: [\"team=payments\"]\n";
            Deployed first = rig.live("1");
            rig.live("2");
            rig.live("3");
            CloudRunTarget live = rig.target(Slot.LIVE);
            live.preflight();
            live.earlier();
            live.log(first, 10);
            var leases = live.leases().orElseThrow();
            var lease = io.jenkins.plugins.pymacaron.targets.Lease.parse("me 2030-01-01T00:00:00Z");
            leases.write(Optional.empty(), lease);
            leases.write(lease, Optional.empty());
            rig.run(live, live.retire(live.current().orElseThrow(), 1));
            CloudRunTarget staging = rig.target(Slot.STAGING);
            rig.run(staging, staging.withdraw(rig.done(staging, staging.prepare(RunRig.candidate("4")))));
            assertThat(rig.server.wire.troubles).isEmpty();
        } finally {
            rig.close();
        }
        return to;
    }

    @Test
    void callsAreInTheFileAndSecretsAreNot() throws Exception {
        String all = Files.readString(record);
        assertThat(all)
                .contains("hello-live-v1-00000001", "/v2/projects/my-project/locations/europe-west1/services", "run")
                .doesNotContain("s3cr=t", "Bearer ", "BEGIN PRIVATE KEY", "assertion=");
        List<String> called = new ArrayList<>();
        for (String line : all.lines().toList()) {
            JsonNode call = JSON.readTree(line);
            called.add(call.path("method").asText() + " " + call.path("url").asText());
            assertThat(call.path("status").asInt()).isBetween(200, 409);
        }
        assertThat(called)
                .noneMatch(call -> call.endsWith("/token"))
                .anyMatch(call -> call.startsWith("POST ") && call.contains("serviceId="))
                .anyMatch(call -> call.contains("updateMask="))
                .anyMatch(call -> call.contains("/operations/"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record)))
                .isEqualTo("rw-------");
    }

    @Test
    void ourServerAnswersAsThePublishedExamples() throws Exception {
        assertThat(differences(EXAMPLES, record)).isEmpty();
    }

    /** One real run becomes a test of the server: here a run against the server itself, which has to be like another one. */
    @Test
    void aRecordedRunIsReplayedAndADifferenceIsFound() throws Exception {
        Path other = run("other");
        assertThat(differences(record, other)).isEmpty();

        List<String> changed = new ArrayList<>();
        for (String line : Files.readAllLines(record)) {
            ObjectNode call = (ObjectNode) JSON.readTree(line);
            String body = call.at("/answer/body").asText();
            if (call.path("method").asText().equals("GET") && body.contains("\"terminalCondition\"")) {
                call.withObject("/answer").put("body", body.replace("\"etag\"", "\"etagOfAnotherServer\""));
            }
            changed.add(call.toString());
        }
        Path real = Files.write(files.resolve("real.jsonl"), changed);
        assertThat(differences(real, other))
                .isNotEmpty()
                .allMatch(difference -> difference.contains("etagOfAnotherServer"));
    }

    /** A file of calls of the real service. */
    @Test
    void ourServerAnswersAsARecordedRun() throws Exception {
        String file = System.getProperty("pym.replay", "");
        assumeTrue(!file.isEmpty(), "no recording: -Dpym.replay=FILE");
        assertThat(differences(Path.of(file), record)).isEmpty();
    }

    private static Set<String> differences(Path recorded, Path ours) throws Exception {
        Map<String, AnswerShape> mine = RecordedCalls.read(ours);
        Map<String, AnswerShape> real = RecordedCalls.read(recorded);
        assertThat(real).isNotEmpty();
        Set<String> differences = new TreeSet<>();
        real.forEach((operation, shape) -> {
            if (operation.startsWith("run ") && mine.containsKey(operation)) {
                mine.get(operation).lacking(shape).stream()
                        .filter(difference -> UNREAD.stream().noneMatch(u -> difference.startsWith(u + " ")))
                        .forEach(difference -> differences.add(operation + ": " + difference));
            }
        });
        return differences;
    }

    /** Checks the types of operations of each change by the published protocol. */
    @Test
    void operationsAreOfTheTypesThatTheProtocolNames() throws Exception {
        Map<String, MethodDescriptor> methods = Map.of(
                "POST /services", method(ServiceProto.getDescriptor(), "CreateService"),
                "PATCH /services", method(ServiceProto.getDescriptor(), "UpdateService"),
                "DELETE /services", method(ServiceProto.getDescriptor(), "DeleteService"),
                "DELETE /revisions", method(RevisionProto.getDescriptor(), "DeleteRevision"));
        Set<String> seen = new TreeSet<>();
        for (String line : Files.readAllLines(record)) {
            JsonNode call = JSON.readTree(line);
            String url = call.path("url").asText();
            // The client tunnels PATCH through POST.
            String key =
                    (url.contains("updateMask=") ? "PATCH" : call.path("method").asText())
                            + (url.contains("/revisions/") ? " /revisions" : " /services");
            JsonNode answer = JSON.readTree(call.at("/answer/body").asText("{}"));
            if (methods.containsKey(key) && answer.path("name").asText().contains("/operations/")) {
                OperationInfo info = methods.get(key).getOptions().getExtension(OperationsProto.operationInfo);
                seen.add(key);
                assertThat(answer.at("/metadata/@type").asText()).endsWith(".v2." + info.getMetadataType());
            }
            if (url.contains("/operations/") && answer.path("done").asBoolean()) {
                seen.add("done");
                assertThat(answer.at("/response/@type")).isEqualTo(answer.at("/metadata/@type"));
            }
        }
        assertThat(seen).contains("POST /services", "done").hasSizeGreaterThan(2);
    }

    private static MethodDescriptor method(com.google.protobuf.Descriptors.FileDescriptor file, String name) {
        return file.getServices().get(0).findMethodByName(name);
    }
}
