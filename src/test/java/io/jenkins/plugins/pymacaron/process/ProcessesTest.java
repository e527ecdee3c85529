package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class ProcessesTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Processes processes = new Processes(new SecretMask(List.of("s3cr=t pass")), lines::add);

    @TempDir
    Path directory;

    /** This is independent of the configuration: the process layer has its own list. */
    @Test
    void noProgramGetsACredentialOfThePipelinesOwn() throws Exception {
        for (String name : PipelineCredentials.WITHHELD) {
            assertThat(PipelineCredentials.isOwn(name)).as(name).isTrue();
            assertThatThrownBy(() -> processes.query(sh("env").with(name, "v")))
                    .hasMessageContaining(name + " is a credential of the pipeline's own");
        }
        assertThat(PipelineCredentials.isOwn("PYM_JWT_SECRET")).isFalse();
        assertThat(PipelineCredentials.isOwn("PYM_ENV")).isFalse();
        assertThat(PipelineCredentials.isOwn("AWS_SECRET_ACCESS_KEY")).isFalse();
    }

    @Test
    void codeOfTheRepositoryDoesNotGetWhatIsWithheldFromItEither() throws Exception {
        Processes theirs = processes.withholding(Set.of("HOME", "GIVEN"));
        assertThat(theirs.query(sh("echo \"[$HOME]\"")).output()).isEqualTo("[]\n");
        assertThat(processes.query(sh("echo \"[$HOME]\"")).output()).isNotEqualTo("[]\n");
        assertThatThrownBy(() -> theirs.query(sh("env").with("GIVEN", "v"))).hasMessageContaining("GIVEN");
    }

    private static Command sh(String script) {
        return Command.of("sh", "-c", script);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private boolean gone(String file) {
        try {
            long pid = Long.parseLong(Files.readString(directory.resolve(file)).strip());
            Path stat = Path.of("/proc/" + pid + "/stat");
            // A zombie whose parent does not care is as gone as can be.
            return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }

    private boolean written(String file) {
        try {
            return !Files.readString(directory.resolve(file)).isBlank();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void outputIsRawForUsAndMaskedForTheLog() throws Exception {
        ProcessResult finished = processes.run(sh("echo 'a s3cr=t pass'; echo oops >&2; exit 3"));

        assertThat(finished.output()).isEqualTo("a s3cr=t pass\n");
        assertThat(lines).containsExactlyInAnyOrder("a ****", "oops");
        assertThat(finished.tail()).contains("a ****").doesNotContain("s3cr");
        assertThatThrownBy(() -> finished.orThrow("trying"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageMatching("trying failed: sh exited with 3: (oops|a \\*{4})");
    }

    @Test
    void dataIsNotLogged() throws Exception {
        assertThat(processes.query(sh("echo data")).output()).isEqualTo("data\n");
        assertThat(lines).isEmpty();
    }

    @Test
    void aSecretIsInNoArgumentsOfAnyProcess() throws Exception {
        Command command = sh("cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'; test -n \"$TOKEN\" && cat")
                .with("TOKEN", "s3cr=t pass")
                .feeding("s3cr=t pass".getBytes());

        ProcessResult finished = processes.run(command);

        assertThat(finished.output())
                .contains("cmdline")
                .endsWith("s3cr=t pass")
                .doesNotContain("s3cr=t pass\n");
        assertThat(command.toString()).doesNotContain("s3cr");
    }

    @Test
    void environmentIsOursWithoutWhatIsWithheld() throws Exception {
        ProcessResult finished = processes.query(sh("echo \"$A|$HOME|${PATH:+path}|$MULTI\"")
                .with(Map.of("A", "1", "MULTI", "x\ny"))
                .without(Set.of("HOME")));

        assertThat(finished.output()).isEqualTo("1||path|x\ny\n");
    }

    @Test
    void aMissingProgramIsOneLine() {
        assertThatThrownBy(() -> processes.run(Command.of("no-such-program")))
                .isInstanceOf(CommandNotFoundException.class)
                .hasMessage("no-such-program was not found on PATH. Install it or correct PATH.");
        assertThatThrownBy(() -> processes.run(Command.of("/no/such")))
                .isInstanceOf(CommandNotFoundException.class)
                .hasMessage("there is no program /no/such. Correct its path or install it.");
        assertThatThrownBy(() -> processes.run(sh("true").in(directory.resolve("none"))))
                .hasMessageContaining("there is no such directory");
        assertThatThrownBy(() -> Command.of("a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void standardInputIsEmptyUnlessGiven() throws Exception {
        assertThat(processes.query(Command.of("cat")).output()).isEmpty();
        assertThat(processes
                        .query(Command.of("cat").feeding("é✓".getBytes("UTF-8")))
                        .output())
                .isEqualTo("é✓");
    }

    @Test
    void aProgramThatDoesNotReadItsInputEndsAsItLikes() throws Exception {
        assertThat(processes
                        .query(Command.of("true").feeding(new byte[1 << 20]))
                        .ok())
                .isTrue();
    }

    @Test
    void anInputThatBreaksOffIsAFailure() {
        Command command = Command.of("cat").feeding(out -> {
            out.write("half".getBytes());
            throw new IOException("no more");
        });

        assertThatThrownBy(() -> processes.query(command))
                .hasMessage("cat was ended, since its input broke off: no more");
    }

    @Test
    void outputIsBounded() throws Exception {
        ProcessResult finished = processes.query(sh("head -c 40000000 /dev/zero | tr '\\0' 'x'"));

        assertThat(finished.output()).hasSize(Processes.OUTPUT_LIMIT);
        assertThat(finished.cut()).isTrue();
        assertThatThrownBy(() -> finished.orThrow("reading"))
                .hasMessage("reading failed: sh wrote more than can be read");
    }

    @Test
    void outputThatIsNotUtf8IsTolerated() throws Exception {
        assertThat(processes.query(sh("printf 'a\\377\\376b'")).output()).isEqualTo("a\ufffd\ufffdb");
    }

    @Test
    void aTimeoutEndsTheWholeTree() {
        String script = "sleep 1000 & echo $! > child; (sleep 1000 & echo $! > orphan);"
                + " bash -c 'set -m; sleep 1000 & echo $! > job; wait'";

        Duration limit = Duration.ofMillis(700);
        // A busy machine needs longer to start all of them.
        for (boolean all = false; !all; limit = limit.multipliedBy(4)) {
            Duration within = limit;
            assertThatThrownBy(() -> processes.run(sh(script).in(directory).within(within)))
                    .isInstanceOf(ProcessTimeoutException.class)
                    .hasMessageContaining("and was ended");
            all = written("child") && written("orphan") && written("job");
        }
        await(() -> gone("child") && gone("orphan") && gone("job"));
    }

    @Test
    void aProcessThatIgnoresTermIsKilled() throws Exception {
        RunningProcess running = processes.start(
                sh("trap '' TERM; echo $$ > pid; while :; do sleep 0.05; done").in(directory));
        await(() -> written("pid"));

        running.stop(Duration.ofMillis(200));

        await(() -> gone("pid") && !running.isAlive());
    }

    @Test
    void nothingIsLeftBehindAfterAGoodEnd() throws Exception {
        processes.run(sh("sleep 1000 >/dev/null 2>&1 & echo $! > left").in(directory));

        await(() -> gone("left"));
    }

    @Test
    void onlyWhatGotAwayKeepsThePipeAndDoesNotHangUs() throws Exception {
        Optional<Path> setsid = Programs.find("setsid");
        org.junit.jupiter.api.Assumptions.assumeTrue(setsid.isPresent());
        long start = System.nanoTime();

        ProcessResult finished = processes.run(
                sh("setsid sleep 600 & echo $! > away; sleep 0.2; echo done").in(directory));

        assertThat(finished.output()).isEqualTo("done\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(5));
        ProcessHandle.of(Long.parseLong(
                        Files.readString(directory.resolve("away")).strip()))
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void anInterruptEndsTheCommand() throws Exception {
        Thread[] caller = {null};
        boolean[] interrupted = {false};
        caller[0] = new Thread(() -> {
            try {
                processes.run(sh("echo $$ > pid; sleep 1000").in(directory));
            } catch (InterruptedException e) {
                interrupted[0] = true;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        caller[0].start();
        await(() -> written("pid"));

        caller[0].interrupt();
        caller[0].join();

        assertThat(interrupted[0]).isTrue();
        await(() -> gone("pid"));
    }

    @Test
    void aSignalIsNamed() throws Exception {
        assertThat(processes.query(sh("kill -9 $$")).reason()).isEqualTo("sh was ended by signal 9");
    }

    @Test
    void ourOwnWordsAreMaskedToo() {
        processes.say("using s3cr=t pass\u001b[0m");

        assertThat(lines).containsExactly("using ****");
    }
}
