package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rights of docs/policies/ecr.json at a registry: enough to push and to pull, and none of them too many. */
@Timeout(20 * 60)
class EcrPolicyTest {
    private static final Path DOCUMENT = Path.of("docs", "policies", "ecr.json");
    private static final Duration LONG = Duration.ofMinutes(5);

    /** The client tries some of these again for a while, so all of them are for the long form. */
    private static final List<String> PUSHING = List.of(
            "ecr:BatchCheckLayerAvailability",
            "ecr:InitiateLayerUpload",
            "ecr:UploadLayerPart",
            "ecr:CompleteLayerUpload",
            "ecr:PutImage");

    private final List<String> log = RealDocker.log();
    private final List<String> made = new ArrayList<>();
    private Docker docker;
    private EcrRegistry registry;

    @TempDir
    private Path context;

    @BeforeEach
    void start() throws Exception {
        registry = new EcrRegistry(RealDocker.variable("PYM_TEST_REGISTRY"));
        docker = RealDocker.docker(log);
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY content /content\n");
    }

    @AfterEach
    void stop() throws Exception {
        if (registry != null) {
            registry.close();
        }
        for (String image : made) {
            docker.images().remove(image);
        }
    }

    /** Returns an image of a layer that no registry has. */
    private String image() throws Exception {
        String image = registry.host() + "/test/" + RealDocker.unique("ecr-policy") + ":1";
        Files.writeString(context.resolve("content"), image);
        Process build = new ProcessBuilder(
                        RealDocker.clients().findFirst().orElseThrow(), "build", "-q", "-t", image, context.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(build.waitFor()).as(said).isZero();
        made.add(image);
        return image;
    }

    private void pull(String image) throws Exception {
        docker.images().remove(image);
        docker.images().pull(image, Optional.empty(), LONG);
    }

    @Test
    void theyAreEnoughAndAllOfThemAreNeeded() throws Exception {
        registry.policy = AwsPolicy.of(DOCUMENT);
        String image = image();

        docker.images().push(image, LONG);
        pull(image);

        Set<String> rights = new TreeSet<>(AwsPolicy.of(DOCUMENT).actions());
        rights.remove("ecr:GetAuthorizationToken");
        assertThat(registry.asked).as("what the client of docker needs").containsExactlyInAnyOrderElementsOf(rights);
    }

    /** It runs each of them with {@code -Dpym.full=true}. */
    @Test
    void withoutOneOfThemAPushOrAPullFails() throws Exception {
        for (String right : Boolean.getBoolean("pym.full") ? PUSHING : List.of("ecr:InitiateLayerUpload")) {
            registry.policy = AwsPolicy.of(DOCUMENT).without(right);
            String image = image();
            Throwable refused = catchThrowable(() -> docker.images().push(image, LONG));
            assertThat(refused).as("push without %s", right).isNotNull();
            if (!right.equals("ecr:BatchCheckLayerAvailability")) {
                // An answer to HEAD has no words.
                assertThat(refused).hasMessageContaining(right);
            }
        }
        registry.policy = AwsPolicy.of(DOCUMENT);
        String image = image();
        docker.images().push(image, LONG);
        for (String right : List.of("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")) {
            registry.policy = AwsPolicy.of(DOCUMENT).without(right);
            assertThat(catchThrowable(() -> pull(image)))
                    .as("pull without %s", right)
                    .isNotNull();
        }
        made.remove(image);
    }
}
