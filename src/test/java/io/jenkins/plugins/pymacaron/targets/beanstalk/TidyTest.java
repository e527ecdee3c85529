package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests the removals of a clean-up, where no deployment follows that would make them. */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class TidyTest {
    @TempDir
    private Path journals;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(journals);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static final String KEPT = "retention: {keep: 1h, images: 1}\n";

    private List<String> tidied(String more) throws Exception {
        int before = rig.drive.effects.size();
        BeanstalkTarget live = rig.target(Slot.LIVE, more);
        Optional<Change> change = live.tidy();
        if (change.isPresent()) {
            rig.drive.done(live, change.get());
        }
        return rig.drive.effects.subList(before, rig.drive.effects.size());
    }

    @Test
    void anEnvironmentKeptLongEnoughEndsAndItsVersionWithTheNextOne() throws Exception {
        Deployed first = rig.deploy("1", "");
        Deployed second = rig.deploy("22", "");

        assertThat(tidied("")).as("kept until the next success").isEmpty();
        assertThat(tidied(KEPT)).as("not long enough yet").isEmpty();
        rig.later(Duration.ofHours(2));
        assertThat(rig.target(Slot.STAGING, KEPT).tidy()).isEmpty();
        assertThat(tidied(KEPT)).containsExactly("terminate environment " + first.revision());

        rig.gone(first.revision());
        assertThat(tidied(KEPT)).singleElement().asString().startsWith("delete application version v1-");
        assertThat(tidied(KEPT)).isEmpty();
        assertThat(rig.target(Slot.LIVE, "").current().orElseThrow().revision()).isEqualTo(second.revision());
    }

    /** A successor may wait for days to be approved. */
    @Test
    void theTimeCountsFromTheSwap() throws Exception {
        Deployed first = rig.deploy("1", "");
        Deployed second = rig.deploy("22", "");
        rig.machine(second.revision()).created = Instant.now().minus(Duration.ofDays(3));

        assertThat(tidied("retention: {keep: 24h}\n")).isEmpty();

        rig.machine(first.revision()).created = Instant.now().minus(Duration.ofDays(5));
        Instant swapped = Instant.now().minus(Duration.ofHours(25)).truncatedTo(ChronoUnit.SECONDS);
        rig.machine(first.revision()).updated = swapped;
        assertThat(rig.target(Slot.LIVE, "retention: {keep: 24h}\n").keptUntil())
                .contains(swapped.plus(Duration.ofHours(24)));
        assertThat(rig.target(Slot.LIVE, "").keptUntil()).isEmpty();
        assertThat(rig.target(Slot.STAGING, "retention: {keep: 24h}\n").keptUntil())
                .isEmpty();
        assertThat(tidied("retention: {keep: 24h}\n")).containsExactly("terminate environment " + first.revision());
    }

    @Test
    void othersEnvironmentsAndTheOnlyPreviousVersionStay() throws Exception {
        Machine legacy = rig.legacy();
        rig.awaitReady(legacy);
        Deployed second = rig.deploy("22", "");
        rig.later(Duration.ofHours(2));
        assertThat(tidied(KEPT)).as("not ours").isEmpty();

        rig.deploy("333", "");
        rig.later(Duration.ofHours(2));
        rig.server.service.terminate(
                rig.machine(rig.target(Slot.LIVE, "").current().orElseThrow().revision()));
        assertThat(tidied(KEPT)).as("nothing is live").noneMatch(e -> e.contains(second.revision()));
        assertThat(legacy.status).isEqualTo("Ready");
    }
}
