package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deploys on a real engine, some of whose answers get lost: the client fails before or after the request is done,
 * breaks off in the middle of its answer, or stalls. The claim of the exit code matches the version that answers, and
 * when the engine is well again, all is.
 *
 * <p>This runs one plan, always the same. With {@code -Dpym.full=true} and {@code -Dpym.minutes=N} it runs as many
 * others as there is time for, up to a thousand. {@code -Dpym.seed=N} repeats one.
 */
@Timeout(6 * 60 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class FaultyEngineTest {
    private static final boolean FULL = Boolean.getBoolean("pym.full");
    private static final long MINUTES = Long.getLong("pym.minutes", 5 * 60);
    private static final int CALLS = 400;

    /** The undo of live fails, and then the removal of the rehearsal and the look at live: not exit code 6. */
    private static final long SEED = 653_567;

    /** The words are docker's own, as client/errors.go and the CLI write them. */
    private static final String DOCKER = """
            #!/bin/sh
            echo >> "$E2E_CALLS"
            fault=$(sed -n "$(wc -l < "$E2E_CALLS")p" "$E2E_PLAN")
            case "$fault" in
            error) echo "Error response from daemon: Internal Server Error" >&2; exit 1 ;;
            away) echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2
              exit 1 ;;
            error-after) REAL "$@" >/dev/null 2>&1; echo "Error response from daemon: Internal Server Error" >&2; exit 1 ;;
            reset-after) REAL "$@" >/dev/null 2>&1; echo "error during connect: EOF" >&2; exit 1 ;;
            half) out=$(mktemp); REAL "$@" >"$out"; head -c $(($(wc -c <"$out") / 2)) "$out"; rm "$out"
              echo "error during connect: unexpected EOF" >&2; exit 1 ;;
            stall) sleep 2 ;;
            esac
            exec REAL "$@"
            """;

    private static final List<String> KINDS = List.of("error", "away", "error-after", "reset-after", "half", "stall");

    @TempDir
    Path temporary;

    private Service service;
    private String accepted = "one";
    private int contents;

    @Test
    void theClaimIsTrueAndNothingStays() throws Exception {
        Long only = Long.getLong("pym.seed");
        long first = only != null ? only : FULL ? System.nanoTime() % 1_000_000 : SEED;
        int count = only == null && FULL ? 1_000 : 1;
        long until = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        service = Service.in(temporary).readingByClient();
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        Map<Integer, Integer> codes = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        int told = 0;
        for (long seed = first; seed < first + count && System.nanoTime() < until; seed++) {
            told++;
            try {
                codes.merge(tell(seed), 1, Integer::sum);
            } catch (AssertionError e) {
                failures.add("seed " + seed + ": " + e.getMessage());
                System.out.println("fault plans of docker: FAILED " + failures.get(failures.size() - 1));
                recover();
            }
        }
        System.out.println("fault plans of docker: " + told + ", " + failures.size() + " failed; exit codes " + codes);
        assertThat(failures).as("repeat one by -Dpym.seed=N").isEmpty();
    }

    /** @return the exit code of the deployment */
    private int tell(long seed) throws Exception {
        Random random = new Random(seed);
        String next = "version " + ++contents + " of " + seed;
        service.content(next).commit(next);
        plan(random);

        Service.Ended ended = service.runChild("--no-push", "--no-unittest");

        String as = "seed " + seed + ", exit code " + ended.code() + ": " + ended.output();
        String live = Service.live();
        assertThat(live).as(as).isIn(accepted, next);
        assertThat(ended.output()).as(as).doesNotContain("\tat io.jenkins");
        switch (ended.code()) {
            case 0 -> assertThat(List.of(Service.staging(), live)).as(as).containsOnly(next);
            case 3, 4, 5, 6, 7 -> assertThat(live).as(as).isEqualTo(accepted);
            case 8 -> assertThat(ended.output()).as(as).contains("docker/" + Service.NAME);
            default -> throw new AssertionError("not an exit code of a deployment: " + as);
        }
        recover();
        return ended.code();
    }

    /** The engine is well again: the next deployment succeeds, and nothing is left of this one. */
    private void recover() throws Exception {
        service.environment().put("PATH", System.getenv("PATH"));
        service.environment().keySet().removeAll(List.of("E2E_CALLS", "E2E_PLAN"));
        Service.Ended after = service.run("--no-push", "--no-test");
        assertThat(after.code()).as(after.output()).isZero();
        assertThat(Service.running()).as(after.output()).containsExactly("live serving", "staging serving");
        assertThat(Service.underTest()).as(after.output()).isEmpty();
        assertThat(service.run("--cleanup").output()).contains("There is nothing to clean up");
        accepted = Service.live();
    }

    private void plan(Random random) throws Exception {
        double often = List.of(0.01, 0.03, 0.1).get(random.nextInt(3));
        StringBuilder plan = new StringBuilder();
        for (int call = 0; call < CALLS; call++) {
            plan.append(random.nextDouble() < often ? KINDS.get(random.nextInt(KINDS.size())) : "none")
                    .append('\n');
        }
        Path bin = Files.createDirectories(temporary.resolve("faulty"));
        Path docker = bin.resolve("docker");
        Files.writeString(
                docker, DOCKER.replace("REAL", Service.onPath("docker").toString()));
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        Path calls = Files.createTempFile(temporary, "calls", ".txt");
        service.with("PATH", bin + ":" + System.getenv("PATH"))
                .with("E2E_CALLS", calls.toString())
                .with(
                        "E2E_PLAN",
                        Files.writeString(calls.resolveSibling(calls.getFileName() + ".plan"), plan)
                                .toString());
    }
}
