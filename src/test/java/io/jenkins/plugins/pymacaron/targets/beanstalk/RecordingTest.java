package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the recording of a deployment: each call with its answer, and nothing that is secret. */
@Timeout(20 * 60)
class RecordingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void callsAreInTheFileAndSecretsAreNot(@TempDir Path files) throws Exception {
        Path file = files.resolve("run.jsonl");
        try (Rig rig = new Rig(Files.createDirectory(files.resolve("journals")))) {
            rig.record = Optional.of(file);

            Deployed first = rig.deploy("1");
            rig.deploy("22");
            rig.target(Slot.LIVE, "").preflight();

            assertThat(Files.readString(file))
                    .contains(first.revision(), "aws%3Aelasticbeanstalk%3Aapplication%3Aenvironment")
                    .doesNotContainIgnoringCase("authorization")
                    .doesNotContainIgnoringCase("signature")
                    .doesNotContain("top secret", "top+secret", BeanstalkServer.KEY, "PYM_ENV=live");
            List<String> asked = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                JsonNode call = JSON.readTree(line);
                assertThat(call.get("status").asInt()).isBetween(200, 404);
                asked.add(call.at("/request/body").asText().replaceAll("^.*?Action=(\\w+).*$", "$1"));
            }
            assertThat(asked)
                    .hasSize(rig.server.wire.requests.size())
                    .contains("CreateEnvironment", "GetCallerIdentity");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }
}
