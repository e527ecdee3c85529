package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Checks whether the build of a stage still wants it. Jenkins touches a file repeatedly as long as it does, and removes
 * the file when it does not. A stage whose agent has lost Jenkins finishes its current change, and begins no further
 * one: the build may have been aborted, and another one may have got its turn.
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
    private final Clock clock;
    private final Pause pause;

    /** Waits; replaced in tests, so that they need not wait. */
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    public BuildWishCheck(StageSpec spec, RunProgress progress) {
        this(
                spec.asked(FILE).map(Path::of),
                progress::say,
                Clock.systemUTC(),
                duration -> Thread.sleep(duration.toMillis()));
    }

    /** Makes the check. @param file empty for a stage that no build watches */
    public BuildWishCheck(Optional<Path> file, Consumer<String> say, Clock clock, Pause pause) {
        this.file = file;
        this.say = say;
        this.clock = clock;
        this.pause = pause;
    }

    /** Waits until the answer is known. @throws InterruptedException if the stage is not wanted any more */
    public void check() throws InterruptedException {
        if (file.isEmpty()) {
            return;
        }
        Duration waited = Duration.ZERO;
        while (age(file.get()).compareTo(SILENCE) > 0) {
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

    private Duration age(Path touched) throws InterruptedException {
        try {
            return Duration.between(Files.getLastModifiedTime(touched).toInstant(), clock.instant());
        } catch (IOException e) {
            say.accept("Its build was aborted. The stage ends, and leaves no unfinished change.");
            throw new InterruptedException("its build does not want it any more");
        }
    }
}
