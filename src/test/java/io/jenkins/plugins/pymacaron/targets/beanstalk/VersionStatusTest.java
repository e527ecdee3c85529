package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Step;
import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The status of an application version, in the case of the service and in that of its API model. */
class VersionStatusTest {
    @ParameterizedTest
    @CsvSource({"PROCESSED,GO_ON", "UNPROCESSED,GO_ON", "PROCESSING,WAIT", "BUILDING,WAIT", "FAILED,FAIL"})
    void theCaseOfAStatusDoesNotMatter(String status, Verdict.Kind kind, @TempDir Path journals) throws Exception {
        String title = status.charAt(0) + status.substring(1).toLowerCase(Locale.ROOT);
        try (Rig rig = new Rig(journals)) {
            Candidate candidate = Rig.candidate("1");
            BeanstalkPrepareParameters c = BeanstalkPrepareParameters.read(
                    rig.target(Slot.STAGING, "").prepare(candidate).params());
            for (String answered : new String[] {status, title}) {
                Step.Until wait = (Step.Until) BeanstalkWaitConditions.processed(c);
                Observation seen = new Observation(
                        wait.subject(), Instant.now(), Map.of(BeanstalkWaitConditions.STATUS, answered));
                assertThat(wait.judge().apply(seen).kind()).as(answered).isEqualTo(kind);
            }
        }
    }
}
