package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A property that would not reach the service unchanged is refused before anything is made. */
@Timeout(20 * 60)
class EnvironmentPropertiesTest {
    private static boolean isRefused(String value) {
        return !EnvironmentProperties.refusals(Bundle.COMPOSE, Map.of("SECRET", value))
                .isEmpty();
    }

    @Property(tries = 5_000)
    void anAcceptedValueReachesTheContainerAsItIs(
            @ForAll
                    @StringLength(max = 8)
                    @CharRange(from = ' ', to = '~')
                    @Chars({'$', '#', '"', '\'', '\\', '\n', '\r', '\t', '{', '}', ' ', '\u00a0', 'é'})
                    String value) {
        assertThat(isRefused(value) || DotEnv.read(value).equals(Optional.of(value)))
                .as("<%s> becomes <%s>", value, DotEnv.read(value))
                .isTrue();
    }

    @Test
    void onlyWhatComposeReadsIsRefusedAndOnlyWithCompose() {
        assertThat(new String[] {"p$x", "a#b", "\"q\"", "'q'", " a", "a ", "a\nb"})
                .allMatch(EnvironmentPropertiesTest::isRefused);
        assertThat(new String[] {"", "plain", "it's \"fine\"", "a=b&c", "back\\slash", "two words"})
                .noneMatch(EnvironmentPropertiesTest::isRefused);
        assertThat(EnvironmentProperties.refusals(Bundle.DOCKERRUN, Map.of("SECRET", "p$x \n")))
                .isEmpty();
    }

    @Test
    void aSecretThatComposeChangesIsRefusedBeforeAnythingIsMade(@TempDir Path journals) throws Exception {
        try (Rig rig = new Rig(journals)) {
            Map<String, String> secret = Map.of("SECRET", "pa$$word-1234");
            BeanstalkTarget target = rig.target(Slot.STAGING, "aws_bundle: compose\n", secret, BeanstalkServer.KEY);

            assertThat(target.preflight())
                    .extracting(Problem::message)
                    .singleElement()
                    .asString()
                    .contains("the value of SECRET", "Docker Compose")
                    .doesNotContain("pa$$word");
            assertThatThrownBy(() -> target.prepare(Rig.candidate("1"))).hasMessageContaining("the value of SECRET");
            BeanstalkTarget big = rig.target(Slot.STAGING, "", Map.of("SECRET", "x".repeat(4100)), BeanstalkServer.KEY);
            assertThatThrownBy(() -> big.prepare(Rig.candidate("1"))).hasMessageContaining("has room for 4096");
            assertThat(rig.calls("CreateEnvironment")).isZero();
        }
    }

    /** Deleting a version deletes its bundle. */
    @Test
    void twoVersionsOfOneImageHaveABundleEach(@TempDir Path journals) throws Exception {
        try (Rig rig = new Rig(journals)) {
            BeanstalkTarget target = rig.target(Slot.STAGING, "");
            Candidate one = Rig.candidate("1");
            Candidate other =
                    new Candidate(one.deploymentId() + "0", one.image(), "v1-again", one.digest(), one.commit());
            rig.server.service.createApplication("hello");
            Map<String, String> first = BeanstalkPrepareParameters.read(
                            target.prepare(one).params())
                    .version();
            Map<String, String> second = BeanstalkPrepareParameters.read(
                            target.prepare(other).params())
                    .version();
            for (Map<String, String> version : java.util.List.of(first, second)) {
                target.effector().apply(BeanstalkEffects.upload(version));
                target.effector().apply(BeanstalkEffects.version(version));
            }

            target.effector().apply(BeanstalkEffects.forget("hello", first.get("label")));

            assertThat(target.effector().find(BeanstalkEffects.upload(first))).isEqualTo(Lookup.ABSENT);
            assertThat(target.effector().find(BeanstalkEffects.upload(second)))
                    .isInstanceOf(Lookup.present(Map.of()).getClass());
        }
    }
}
