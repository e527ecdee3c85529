package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Checks whether the build of a stage still wants it. Jenkins touches a file repeatedly as long as it does, and removes
 * the file when it does not. A stage whose agent has lost Jenkins finishes its current change, and begins no further
 * one: the build may have been aborted, and another one may have got its turn.
 *
 * <p>Two clocks have to agree that the touch is new: the machine's, which can be set back, and one that never steps but
 * stands still while a machine sleeps.
 */
public final class BuildWishCheck {
    static final String FILE = "wanted";

    /** Several times the interval between two touches by Jenkins. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    /** After this time, the build counts as lost. */
    static final Duration PATIENCE = Duration.ofHours(2);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Optional<Path> file;
    private final Consumer<String> say;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Pause pause;

    /** The touch at the last look, and the time of the first look that saw it, by {@code nanos}. */
    private Optional<FileTime> touch = Optional.empty();

    private long seen;

    /** Waits; replaced in tests, so that they need not wait. */
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    public BuildWishCheck(StageSpec spec, RunProgress progress) {
        this(
                spec.asked(FILE).map(Path::of),
                progress::say,
                Clock.systemUTC(),
                System::nanoTime,
                duration -> Thread.sleep(duration.toMillis()));
    }

    /**
     * Makes the check.
     *
     * @param file empty for a stage that no build watches
     * @param clock the clock of the machine, which gives the file its time
     * @param nanos as {@link System#nanoTime}
     */
    BuildWishCheck(Optional<Path> file, Consumer<String> say, InstantSource clock, LongSupplier nanos, Pause pause) {
        this.file = file;
        this.say = say;
        this.clock = clock;
        this.nanos = nanos;
        this.pause = pause;
    }

    /** Waits until the answer is known. @throws InterruptedException if the stage is not wanted any more */
    public void check() throws InterruptedException {
        if (file.isEmpty()) {
            return;
        }
        Duration waited = Duration.ZERO;
        while (isSilent(file.get())) {
            if (waited.isZero()) {
                say.accept(
                        "Nothing was heard of Jenkins for a minute. The stage waits until it is back, before it changes"
                                + " anything more.");
            }
            if (waited.compareTo(PATIENCE) > 0) {
                throw new InterruptedException("nothing was heard of Jenkins for " + PATIENCE.toHours() + " hours");
            }
            pause.sleep(AGAIN);
            waited = waited.plus(AGAIN);
        }
        if (!waited.isZero()) {
            say.accept("Jenkins is back; the stage continues.");
        }
    }

    private synchronized boolean isSilent(Path wish) throws InterruptedException {
        FileTime last = touched(wish);
        long now = nanos.getAsLong();
        if (!touch.equals(Optional.of(last))) {
            touch = Optional.of(last);
            seen = now;
        }
        // A time to come is one of a clock that was set back, unless the clock of another machine differs a little.
        Duration age = Duration.between(last.toInstant(), clock.instant()).abs();
        return now - seen > SILENCE.toNanos() || age.compareTo(SILENCE) > 0;
    }

    private FileTime touched(Path wish) throws InterruptedException {
        try {
            return Files.getLastModifiedTime(wish);
        } catch (IOException e) {
            say.accept("Its build was aborted. The stage ends, and leaves no unfinished change.");
            throw new InterruptedException("its build does not want it any more");
        }
    }
}
