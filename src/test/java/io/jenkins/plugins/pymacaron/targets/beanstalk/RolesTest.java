package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roles that are assumed: by a key, or by a token that a CI server vouches for. */
@Timeout(20 * 60)
class RolesTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/deployer";

    @Test
    void aRoleIsAssumedByTheCredentialThatIsThere(@TempDir Path files) throws Exception {
        try (Rig rig = new Rig(files)) {
            assertThat(rig.target(Slot.LIVE, "aws_role: " + ROLE + "\n").preflight())
                    .isEmpty();

            assertThat(rig.server.roles).containsExactly(ROLE + " as pymacaron-hello");
            assertThat(rig.target(Slot.LIVE, "aws_role: " + ROLE + "\n", Map.of(), "AKIDOTHER")
                            .preflight())
                    .singleElement()
                    .asString()
                    .contains("sts:AssumeRole");
        }
    }

    @Test
    void aTokenOfACiServerIsEnoughAndComesBeforeAProfile(@TempDir Path files) throws Exception {
        try (Rig rig = new Rig(files)) {
            Map<String, String> inherited =
                    new HashMap<>(rig.surroundings("none").inherited());
            inherited.keySet().removeIf(name -> name.contains("KEY"));
            Path token = Files.writeString(files.resolve("token"), "a token of the CI");
            Path profiles = Files.writeString(
                    files.resolve("credentials"), "[deployer]\naws_access_key_id=AKIDOTHER\naws_secret_access_key=s\n");
            inherited.put("AWS_SHARED_CREDENTIALS_FILE", profiles.toString());
            inherited.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
            inherited.put("AWS_ROLE_ARN", ROLE);
            Environment environment =
                    new Environment(Slot.LIVE, 0, rig.config(""), Map.of("SECRET", "s3cret", "PYM_ENV", "live"));

            List<String> hidden = new CopyOnWriteArrayList<>();

            assertThat(new BeanstalkTarget(environment, new TargetContext(inherited, rig.log::add, hidden::add))
                            .preflight())
                    .isEmpty();

            assertThat(rig.server.roles).containsExactly(ROLE + " as pymacaron-hello");
            assertThat(hidden)
                    .as("STS may repeat the first, and each service the last")
                    .contains("a token of the CI", "key-of-the-role", "session-of-the-role");
        }
    }
}
