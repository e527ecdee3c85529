package io.jenkins.plugins.pymacaron.pipeline.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.CanaryVerdict;
import io.jenkins.plugins.pymacaron.targets.Target;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests at the steps of a canary, in two regions whose revisions have the same names. */
@Timeout(20 * 60)
class CanaryTestRunnerTest {
    private static final Subject STEP = new Subject("live", "hello-live-1 c1 50");

    private static Target region() {
        return (Target) Proxy.newProxyInstance(
                Target.class.getClassLoader(),
                new Class<?>[] {Target.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isTried" -> true;
                    case "read" -> Map.of("versions", "1");
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static String said(CanaryTestRunner trials, Target target) throws InterruptedException {
        String said = "";
        while (said.isEmpty()) {
            said = trials.read(target, STEP).get(CanaryVerdict.ACCEPTED);
            Thread.onSpinWait();
        }
        return said;
    }

    @Test
    void eachRegionIsTestedByItself() throws InterruptedException {
        Target good = region();
        Target bad = region();
        try (CanaryTestRunner trials = new CanaryTestRunner()) {
            trials.of(good, () -> {});
            trials.of(bad, () -> {
                throw new StageFailedException(RunOutcome.TESTS_FAILED, "1 of 2 tests failed");
            });

            assertThat(said(trials, good)).isEqualTo(CanaryVerdict.PASSED);
            assertThat(said(trials, bad)).isEqualTo("1 of 2 tests failed");
            assertThat(trials.failure(good)).isEmpty();
            assertThat(trials.failure(bad)).isPresent();
        }
    }

    @Test
    void withoutTestsNothingIsSaidOfThem() throws InterruptedException {
        try (CanaryTestRunner trials = new CanaryTestRunner()) {
            assertThat(trials.read(region(), STEP)).doesNotContainKey(CanaryVerdict.ACCEPTED);
        }
    }
}
