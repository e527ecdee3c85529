package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stage and a Jenkins that it hears of, or does not. */
class BuildWishCheckTest {
    private final List<String> said = new ArrayList<>();
    private final List<Instant> touches = new ArrayList<>();
    private long ticks = -Duration.ofDays(1).toNanos();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = Files.createFile(directory.resolve("wanted"));
        touch();
    }

    private void touch() {
        try {
            Files.setLastModifiedTime(file, FileTime.from(now));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeAway() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BuildWishCheck wanted(Runnable meanwhile) {
        return new BuildWishCheck(Optional.of(file), said::add, () -> now, () -> ticks, pause -> {
            pass(pause);
            meanwhile.run();
        });
    }

    private void pass(Duration time) {
        now = now.plus(time);
        ticks += time.toNanos();
    }

    @Test
    void goesOnWhileJenkinsIsThere() throws Exception {
        BuildWishCheck wanted = wanted(() -> {
            throw new AssertionError("waits");
        });
        for (int i = 0; i < 100; i++) {
            pass(BuildWishCheck.SILENCE);
            wanted.check();
            touch();
        }
        assertThat(said).isEmpty();
    }

    @Test
    void waitsUntilJenkinsIsBack() throws Exception {
        pass(BuildWishCheck.SILENCE.plusSeconds(1));
        Instant back = now.plus(Duration.ofMinutes(20));
        wanted(() -> {
                    if (!now.isBefore(back)) {
                        touch();
                    }
                })
                .check();
        assertThat(now).isEqualTo(back);
        assertThat(said).hasSize(2);
        assertThat(said.get(0)).contains("Nothing was heard of Jenkins");
        assertThat(said.get(1)).contains("Jenkins is back");
    }

    @Test
    void endsWhenItIsWantedNoMore() {
        pass(BuildWishCheck.SILENCE.plusSeconds(1));
        Instant told = now.plus(Duration.ofMinutes(20));
        BuildWishCheck wanted = wanted(() -> {
            if (!now.isBefore(told)) {
                takeAway();
            }
        });
        assertThatThrownBy(wanted::check)
                .isInstanceOf(InterruptedException.class)
                .hasMessage("its build does not want it any more");
        assertThat(now).isEqualTo(told);
        assertThatThrownBy(wanted::check).isInstanceOf(InterruptedException.class);
    }

    @Test
    void waitsNotForEver() {
        pass(BuildWishCheck.SILENCE.plusSeconds(1));
        assertThatThrownBy(wanted(() -> {})::check).hasMessageContaining("for 2 hours");
    }

    /** Returns how often Jenkins touched the file before the check ended. */
    private int touchesUntilItGoesOn(BuildWishCheck wanted) throws Exception {
        touches.clear();
        wanted.check();
        return touches.size();
    }

    private BuildWishCheck wantedAgain() {
        return wanted(() -> {
            touch();
            touches.add(now);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 60, 600})
    void aClockThatIsSetBackMakesNoSilentJenkinsPresent(int minutes) throws Exception {
        BuildWishCheck wanted = wantedAgain();
        assertThat(touchesUntilItGoesOn(wanted)).isZero();
        now = now.minus(Duration.ofMinutes(minutes));
        assertThat(touchesUntilItGoesOn(wanted))
                .as("the time of the touch is to come")
                .isOne();

        now = now.minus(Duration.ofMinutes(minutes));
        pass(Duration.ofMinutes(minutes));
        assertThat(touchesUntilItGoesOn(wanted))
                .as("the time of the touch is now")
                .isOne();

        pass(BuildWishCheck.SILENCE);
        assertThat(touchesUntilItGoesOn(wanted)).as("it is there").isZero();
    }

    @Test
    void aMachineThatSleptOrWhoseClockIsSetForthWaitsForTheNextTouch() throws Exception {
        BuildWishCheck wanted = wantedAgain();
        assertThat(touchesUntilItGoesOn(wanted)).isZero();

        now = now.plus(Duration.ofHours(1));

        assertThat(touchesUntilItGoesOn(wanted)).isOne();
    }

    @Test
    void aStageOfTheShellHearsOfNoJenkins() throws Exception {
        new BuildWishCheck(Optional.empty(), said::add, () -> now, () -> ticks, pause -> {
                    throw new AssertionError("waits");
                })
                .check();
        assertThat(said).isEmpty();
    }
}
