package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private static final String WORKER = "[2026-01-02 03:04:05 +0000] [9] [ERROR] Exception in worker process";
    private static final String TRACEBACK = "Traceback (most recent call last):";

    /** Returns frames as gunicorn 20.1 writes them: some 42 lines of its own before those of the service. */
    private static List<String> frames(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> List.of("  File \"f" + i + ".py\", line 1, in f", "    call()"))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> log(Object... parts) {
        List<String> all = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof List<?> lines) {
                lines.forEach(line -> all.add((String) line));
            } else {
                all.add((String) part);
            }
        }
        return all;
    }

    @Test
    void theExceptionComesFirstThenHeadAndTailOfTheTraceback() {
        List<String> log = log(
                Collections.nCopies(70, "before"),
                WORKER,
                TRACEBACK,
                frames(60),
                "ModuleNotFoundError: No module named 'shop'",
                "[2026-01-02 03:04:05 +0000] [9] [INFO] Worker exiting (pid: 9)",
                TRACEBACK,
                frames(30),
                "gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>");

        assertThat(FailureLog.told(log))
                .startsWith(": ModuleNotFoundError: No module named 'shop'; its log:\n    " + WORKER)
                .contains("f0.py", "f59.py", "lines more")
                .endsWith("ModuleNotFoundError: No module named 'shop'")
                .doesNotContain("HaltServer", "before");
        assertThat(FailureLog.of(log)).hasSizeLessThan(60);
    }

    @Test
    void outputOfAnotherWorkerWithinTheFramesIsNotTheReason() {
        List<String> log = log(
                WORKER,
                TRACEBACK,
                frames(2),
                "starting with the second worker",
                "INFO: loaded",
                frames(3),
                "RuntimeError: no database",
                "starting with the third worker",
                frames(2));

        assertThat(FailureLog.told(log))
                .startsWith(": RuntimeError: no database starting with the third worker; its log:");
    }

    @Test
    void aValueThatAnotherWorkerPrintsOverManyLinesIsNotTheReason() {
        List<String> log = log(
                WORKER,
                TRACEBACK,
                frames(8),
                "{   'deploy_target': 'docker',",
                Collections.nCopies(14, "    'name': 'shop',"),
                "2026-01-02 03:04:05,1 - FLASK 10 x - INFO - hello",
                frames(2),
                "ModuleNotFoundError: No module named 'cakes'",
                "[2026-01-02 03:04:05 +0000] [9] [INFO] Worker exiting (pid: 9)");

        assertThat(FailureLog.told(log)).startsWith(": ModuleNotFoundError: No module named 'cakes'; its log:");
    }

    @Test
    void theLastOfAChainIsTheReasonAndOtherWorkersMayWriteInBetween() {
        List<String> log = log(
                WORKER,
                TRACEBACK,
                frames(2),
                "[2026-01-02 03:04:05 +0000] [10] [INFO] Booting worker with pid: 10",
                frames(1),
                "KeyError: 'a'",
                "",
                "During handling of the above exception, another exception occurred:",
                "",
                TRACEBACK,
                frames(2),
                "pydantic.error_wrappers.ValidationError: 1 validation error for Shop",
                "name",
                "  none is not an allowed value",
                "2026-01-02 03:04:05,1 - FLASK 10 x - INFO - hello");

        assertThat(FailureLog.told(log))
                .startsWith(": pydantic.error_wrappers.ValidationError: 1 validation error for Shop name none is not an"
                        + " allowed value; its log:")
                .contains("KeyError: 'a'");
    }

    @Test
    void aTracebackWithoutAWorkerCountsButNotGunicornsOwn() {
        List<String> own = log(TRACEBACK, frames(1), "gunicorn.errors.HaltServer: <HaltServer 'x' 3>");
        List<String> service = log(TRACEBACK, frames(1), "RuntimeError: no database");

        assertThat(FailureLog.told(log(own, service))).startsWith(": RuntimeError: no database; its log:");
        assertThat(FailureLog.told(own)).startsWith("; its last lines:");
    }

    @Test
    void otherwiseTheEndCounts() {
        assertThat(FailureLog.of(log(Collections.nCopies(70, "before"), "out of memory")))
                .hasSize(40)
                .endsWith("out of memory");
        assertThat(FailureLog.told(List.of("all"))).isEqualTo("; its last lines:\n    all");
        assertThat(FailureLog.told(List.of())).isEmpty();
        assertThat(FailureLog.told(List.of(WORKER))).isEqualTo("; its last lines:\n    " + WORKER);
        assertThat(FailureLog.told(List.of(TRACEBACK))).isEqualTo("; its last lines:\n    " + TRACEBACK);
    }

    @Test
    void aRequestIsNoPartOfTheMessage() {
        String request = "127.0.0.1 - - [29/Nov/2026:09:42:31 +0000] \"GET /ping HTTP/1.1\" 500 265 \"-\" \"x\"";
        assertThat(FailureLog.told(log(TRACEBACK, frames(3), "ValueError: the database is away", request)))
                .startsWith(": ValueError: the database is away; its log:");
        assertThat(FailureLog.told(log(TRACEBACK, frames(3), request, frames(2), request, "KeyError: 'x'")))
                .startsWith(": KeyError: 'x'; its log:");
    }

    /** gunicorn 20.1 and 23 end with exit code 4, and no traceback. */
    @Test
    void aModuleWithoutApplicationIsToldAsSuch() {
        assertThat(FailureLog.told(log(
                        "[2026-01-02 03:04:05 +0000] [9] [INFO] Booting worker with pid: 9",
                        "Failed to find attribute 'app' in 'server'.",
                        "[2026-01-02 03:04:05 +0000] [9] [INFO] Worker exiting (pid: 9)")))
                .startsWith(": Failed to find attribute 'app' in 'server'; gunicorn runs the Flask object named app in"
                        + " server.py; its last lines:");
    }

    private static final String STAMP = "[2026-01-02 03:04:05 +0000] [";

    private static List<String> worker(int pid, String... said) {
        return log(
                STAMP + pid + "] [INFO] Booting worker with pid: " + pid,
                STAMP + pid + "] [INFO] Worker exiting (pid: " + pid + ")",
                List.of(said));
    }

    /** gunicorn 20.1 and 26.2, which starts the next worker, for ever. */
    @Test
    void theTextOfAnExitIsTheReason() {
        String[] text = {"no database: set DB_URL", "or else"};
        assertThat(FailureLog.told(log(
                        STAMP + "1] [INFO] Using worker: gthread",
                        worker(8, text),
                        STAMP + "1] [ERROR] Worker (pid:8) exited with code 1.",
                        worker(9, text),
                        worker(10))))
                .startsWith(": no database: set DB_URL or else (each of its workers ends as it loads server.py, by"
                        + " SystemExit); its last lines:\n");
        assertThat(FailureLog.told(log(worker(8), worker(9), worker(10))))
                .startsWith(": each of its workers ends as it loads server.py, by SystemExit; its last lines:\n");
        assertThat(FailureLog.told(log(worker(8, "bye"))))
                .as("one may be ended")
                .startsWith("; its last lines:\n");
    }
}
