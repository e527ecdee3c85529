package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.EmulatedEngine;
import io.jenkins.plugins.pymacaron.docker.EmulatedEngine.Ended;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.FastDrive;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan.Kind;
import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlans;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A promotion on an engine whose client loses answers, by the client's command line and an {@link EmulatedEngine}. */
@Timeout(3 * 60 * 60)
class FaultyClientTest {
    /** No engine asks for patience, and none answers with an earlier state. */
    private static final Set<Kind> NOT = Set.of(Kind.THROTTLE, Kind.STALE);

    @TempDir
    private Path temporary;

    @Test
    void eachPlanHasAnEndAndNoneAFalseSuccess() throws Exception {
        FaultPlans.tell("docker", 12, seed -> new FaultPlan(seed, kind -> null, NOT), this::tell);
    }

    /** Does as the plan says, in the words of the client: client/errors.go and cli/command of docker/cli. */
    private static Ended faulty(FaultPlan plan, Callable<Ended> engine) throws Exception {
        Kind kind = plan.draw();
        if (kind == null) {
            return engine.call();
        }
        return switch (kind) {
            case ERROR -> Ended.refused("Internal Server Error");
            case ERROR_AFTER -> {
                engine.call();
                yield Ended.refused("Internal Server Error");
            }
            case RESET ->
                new Ended(
                        1,
                        "",
                        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n");
            case RESET_AFTER -> {
                engine.call();
                yield new Ended(1, "", "error during connect: EOF\n");
            }
            case HALF_A_BODY -> {
                String output = engine.call().output();
                yield new Ended(1, output.substring(0, output.length() / 2), "error during connect: unexpected EOF\n");
            }
            default -> {
                // The engine settles within the time that this drive waits for it (DockerEffects.SETTLE, ten times
                // faster).
                TimeUnit.MILLISECONDS.sleep(plan.stall().toMillis() / 3);
                yield engine.call();
            }
        };
    }

    private String tell(FaultPlan plan) throws Exception {
        Path directory = Files.createDirectories(temporary.resolve("plan" + plan.seed));
        Random random = plan.random();
        boolean shared = random.nextBoolean();
        boolean good = random.nextInt(3) > 0;
        Candidate candidate = EngineScene.candidate(good ? "v2" : "bad");
        if (!good && random.nextBoolean()) {
            Candidate other = EngineScene.candidate("v2");
            candidate = new Candidate(other.deploymentId(), other.image(), "v9", other.digest(), other.commit());
        }
        try (EngineScene scene = new EngineScene(directory, shared);
                FastDrive drive = new FastDrive(Files.createDirectories(directory.resolve("journals")), plan)) {
            Deployed first = scene.deploy("v1");
            Target live = scene.target(Slot.LIVE, (argv, engine) -> faulty(plan, engine));
            String end = drive.promote(live, candidate, first);
            plan.end();
            assertTrue(scene, drive.cleanedUp(end), good, first, drive.log());
            return end.replaceFirst("(?s):.*", "");
        }
    }

    private static void assertTrue(EngineScene scene, String end, boolean good, Deployed first, String log)
            throws Exception {
        String as = end + "\n" + log;
        Set<String> answers = scene.answers();
        Deployed current = scene.target(Slot.LIVE, (argv, engine) -> engine.call())
                .current()
                .orElseThrow();
        if (end.equals("live")) {
            assertThat(good).as("a bad one is live: " + as).isTrue();
            assertThat(answers).as(as).containsExactly("v2");
            assertThat(current.version()).as(as).isEqualTo("v2");
        } else {
            assertThat(answers).as(as).containsExactly("v1");
            assertThat(current.revision()).as(as).isEqualTo(first.revision());
            boolean prepared = end.startsWith("prepared");
            List<String> serving = scene.engine.names().stream()
                    .filter(name -> !name.endsWith("-rehearsal"))
                    .toList();
            assertThat(serving).as(as).containsExactly(first.revision());
            if (end.startsWith("not prepared:")) {
                assertThat(scene.engine.names()).as(as).containsExactly(first.revision());
            }
            assertThat(prepared || end.startsWith("not ")).as(as).isTrue();
        }
    }
}
