package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.EmulatedEngine;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Drive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two users of one engine have no common lock, only the mark of the environment. One stands still before any of his calls
 * of docker while the other changes live from the beginning to the end: in the end one version serves, which belongs to a
 * user whose run reports success, and a run without success leaves nothing. This tries one call of nine for each pair;
 * each of them with {@code -Dpym.full=true}.
 */
@Timeout(60 * 60)
class TwoUsersTest {
    private static final boolean FULL = Boolean.getBoolean("pym.full");

    /** The short form takes one call of so many. */
    private static final int EVERY = 9;

    private static final Duration IMPATIENT = Duration.ofSeconds(5);
    private static final Duration WITHIN = Duration.ofMinutes(10);

    @TempDir
    private Path temporary;

    /** The change of the second user. */
    enum Second {
        DEPLOYS,
        DEPLOYS_THE_SAME,
        ROLLS_BACK
    }

    private static final class Told {
        String end = "";
        final CountDownLatch over = new CountDownLatch(1);
        int calls;
        List<String> call = List.of();
        volatile Optional<String> theirs = Optional.empty();
    }

    /** Takes a promotion through its operations, as the stages do. @return its end */
    private static String deploy(Target live, Path journals, Candidate candidate) throws Exception {
        try (Drive drive = new Drive(Files.createDirectories(journals))) {
            Optional<Deployed> before = live.current();
            Outcome prepared = drive.run(live, live.prepare(candidate));
            if (!(prepared instanceof Outcome.Done done)) {
                return "not prepared: " + prepared;
            }
            Deployed ready = Deployed.fromMap(done.result()).orElseThrow();
            Outcome active = drive.run(live, live.activate(candidate, ready, before));
            Outcome dropped = drive.run(live, live.withdraw(ready));
            if (!(active instanceof Outcome.Done deployed)) {
                return "not live: " + active;
            }
            Deployed mine = Deployed.fromMap(deployed.result()).orElseThrow();
            Outcome retired = drive.run(live, live.retire(mine, 1));
            return "live" + (dropped instanceof Outcome.Done && retired instanceof Outcome.Done ? "" : ", " + retired);
        } catch (TargetException e) {
            return "not begun: " + e.getMessage();
        }
    }

    /**
     * Changes live by a second user. He does not succeed where the container of the first one, who stands still, answers
     * beside his own.
     *
     * @return the version that he leaves; empty where he does not succeed
     */
    private static Optional<String> come(EngineScene scene, Path journals, Second second) throws Exception {
        Target live = scene.target(Slot.LIVE, (argv, engine) -> engine.call(), IMPATIENT);
        if (second == Second.ROLLS_BACK) {
            return rollBack(live, journals);
        }
        String version = second == Second.DEPLOYS ? "v3" : "v2";
        String end = deploy(live, journals, EngineScene.candidate(version));
        return end.startsWith("live") ? Optional.of(version) : Optional.empty();
    }

    private static Optional<String> rollBack(Target live, Path journals) throws Exception {
        Optional<Deployed> bad = live.current();
        Optional<Deployed> good = live.earlier().stream().findFirst();
        if (bad.isEmpty() || good.isEmpty()) {
            return Optional.empty();
        }
        try (Drive drive = new Drive(Files.createDirectories(journals))) {
            return drive.run(live, live.rollBack(bad.get(), good.get())) instanceof Outcome.Done
                    ? Optional.of(good.get().version())
                    : Optional.empty();
        } catch (TargetException e) {
            return Optional.empty();
        }
    }

    private Told tell(int number, boolean shared, Second second) throws Exception {
        Path directory = temporary.resolve("call" + number);
        Told told = new Told();
        AtomicInteger calls = new AtomicInteger();
        try (EngineScene scene = new EngineScene(directory, shared)) {
            scene.deploy("v0");
            scene.deploy("v1");
            EmulatedEngine.Between between = (argv, engine) -> {
                if (calls.incrementAndGet() == number) {
                    told.call = argv;
                    try {
                        told.theirs = come(scene, directory.resolve("second"), second);
                    } finally {
                        told.over.countDown();
                    }
                }
                return engine.call();
            };
            told.end =
                    deploy(scene.target(Slot.LIVE, between), directory.resolve("first"), EngineScene.candidate("v2"));
            told.calls = calls.get();
            // A call that stands still for too long is ended by the first user, who then goes on beside the second one.
            boolean came = number == 0 || told.calls < number || told.over.await(WITHIN.toSeconds(), TimeUnit.SECONDS);
            assertThat(came).as("the second user is done").isTrue();
            assertHonest(scene, told, number);
        }
        return told;
    }

    private static void assertHonest(EngineScene scene, Told told, int number) throws Exception {
        String as =
                "before call " + number + " " + told.call + ": " + told.end + ", containers " + scene.engine.names();
        Set<String> mayServe = new TreeSet<>(told.theirs.stream().toList());
        if (told.end.startsWith("live")) {
            mayServe.add("v2");
        }
        if (mayServe.isEmpty()) {
            mayServe.add("v1");
        }
        assertThat(scene.engine.running()).as(as).hasSize(1);
        Set<String> answers = scene.answers();
        assertThat(answers).as(as).hasSize(1).isSubsetOf(mayServe);
        assertThat(scene.engine.names()).as(as).noneMatch(name -> name.endsWith("-rehearsal"));
        assertThat(told.end)
                .as(as)
                .satisfiesAnyOf(
                        end -> assertThat(end).isEqualTo("live"),
                        end -> assertThat(end).contains("superseded"),
                        end -> assertThat(end).startsWith("not "));
    }

    @ParameterizedTest
    @CsvSource({
        "true,DEPLOYS",
        "false,DEPLOYS",
        "true,DEPLOYS_THE_SAME",
        "false,DEPLOYS_THE_SAME",
        "true,ROLLS_BACK",
        "false,ROLLS_BACK"
    })
    void oneVersionServesWhereverTheSecondUserComes(boolean shared, Second second) throws Exception {
        int calls = tell(0, shared, second).calls;
        assertThat(calls).isGreaterThan(20);
        List<String> failures = new ArrayList<>();
        int came = 0;
        int overtaken = 0;
        for (int number = 1; number <= calls; number += FULL ? 1 : EVERY) {
            try {
                Told told = tell(number, shared, second);
                came += told.theirs.isPresent() ? 1 : 0;
                overtaken += told.end.contains("superseded") ? 1 : 0;
            } catch (AssertionError e) {
                failures.add(e.getMessage());
                System.out.println("two users: FAILED " + e.getMessage());
            }
        }
        System.out.println("two users, the second " + second + ", shared network " + shared + ": " + calls
                + " calls, the second succeeds " + came + ", the first is overtaken " + overtaken + ", "
                + failures.size() + " failures");
        assertThat(failures).isEmpty();
        assertThat(came).as("the second user comes through").isPositive();
        assertThat(FULL && second == Second.DEPLOYS && overtaken == 0)
                .as("of " + calls + " calls")
                .isFalse();
    }
}
