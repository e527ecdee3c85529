package io.jenkins.plugins.pymacaron.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.SilentProgress;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the parts between a run and its terminal: masks, a log file, collected warnings; and work that no interrupt
 * breaks.
 */
class ProgressDecoratorsTest {
    private static final String SECRET = "s3cretvalue";

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();
    private final RunProgress terminal = new SilentProgress() {
        @Override
        public void line(String text) {
            told.add(text);
        }

        @Override
        public void say(String text) {
            told.add(text);
        }

        @Override
        public void warning(String text) {
            told.add(text);
        }

        @Override
        public void passed(Stage stage, Duration took, String note) {
            told.add(note);
        }

        @Override
        public void skipped(Stage stage, String why) {
            told.add(why);
        }

        @Override
        public void failed(Stage stage, Duration took, String why) {
            told.add(why);
        }
    };

    private static void tellEverything(RunProgress progress) {
        progress.line("line " + SECRET);
        progress.say("say " + SECRET);
        progress.warning("warning " + SECRET);
        progress.started(Stage.BUILD);
        progress.passed(Stage.BUILD, Duration.ZERO, "passed " + SECRET);
        progress.skipped(Stage.PUSH, "skipped " + SECRET);
        progress.failed(Stage.PROMOTE, Duration.ZERO, "failed " + SECRET);
    }

    @Test
    void aSecretIsHiddenInEveryTextFromTheMomentItIsKnown() {
        MaskingProgress masking = new MaskingProgress(terminal, Map.of());
        masking.say("before: " + SECRET);

        masking.hide(List.of(SECRET));
        tellEverything(masking);

        assertThat(told).hasSize(7).startsWith("before: " + SECRET);
        assertThat(told.subList(1, 7)).noneMatch(text -> text.contains(SECRET));
        assertThat(masking.masked("a " + SECRET)).doesNotContain(SECRET);
        assertThat(masking.masked(null)).isNull();
    }

    @Test
    void theCredentialsOfThePipelineAreHiddenFromTheBeginning() {
        MaskingProgress masking =
                new MaskingProgress(terminal, Map.of("PYM_REGISTRY_PASSWORD", "letmein99", "HOME", "/home/somebody"));

        masking.say("letmein99 in /home/somebody");

        assertThat(told).singleElement().asString().doesNotContain("letmein99").contains("/home/somebody");
    }

    @Test
    void theLogFileHasEveryLineWithWhatItIs() throws Exception {
        Path log = directory.resolve("last.log");
        try (LogFileProgress file = new LogFileProgress(terminal)) {
            file.say("before there is a file");
            file.into(log);
            tellEverything(file);
        }

        assertThat(log).hasContent("""
                            line s3cretvalue
                        say s3cretvalue
                        warning: warning s3cretvalue
                        == Build image
                        ok Build image: passed s3cretvalue
                        -- Push image: skipped s3cretvalue
                        FAILED Promote to live: failed s3cretvalue
                        """);
        assertThat(told).hasSize(7);
    }

    @Test
    void aLogFileThatIsClosedDoesNotStopTheRun() throws Exception {
        LogFileProgress file = new LogFileProgress(terminal);
        file.into(directory.resolve("last.log"));
        file.close();

        file.say("later");

        assertThat(told).containsExactly("later");
        assertThat(directory.resolve("last.log")).isEmptyFile();
    }

    @Test
    void warningsAreKeptAndShownButNotMoreThanAHundred() {
        WarningCollector warnings = new WarningCollector(terminal);
        tellEverything(warnings);
        for (int i = 0; i < 200; i++) {
            warnings.warning("w" + i);
        }

        assertThat(warnings.seen()).hasSize(100).startsWith("warning " + SECRET, "w0");
        assertThat(told).hasSize(206);
    }

    @Test
    void aFileThatAnInterruptClosesIsWrittenAgainAndTheInterruptStays() throws Exception {
        AtomicInteger times = new AtomicInteger();

        Uninterruptibles.write(() -> {
            if (times.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });

        assertThat(times).hasValue(2);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptDoesNotEndTheRollback() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicBoolean way = new AtomicBoolean();
        Thread me = Thread.currentThread();
        Thread other = new Thread(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            me.interrupt();
            interrupted.countDown();
        });
        other.start();

        String done = Uninterruptibles.finish(() -> {
            way.set(Uninterruptibles.isRollback());
            begun.countDown();
            interrupted.await();
            return "everything is as it was";
        });

        // Its work may end before the interrupt is seen.
        Thread.interrupted();
        other.join();
        assertThat(done).isEqualTo("everything is as it was");
        assertThat(way).isTrue();
        assertThat(Uninterruptibles.isRollback()).isFalse();
    }

    @Test
    void aFailureOfTheRollbackIsThrownAsItIs() {
        IOException disk = new IOException("No space left on device");
        StageFailedException failure = new StageFailedException(RunOutcome.SUPERSEDED, "overtaken");

        assertThatThrownBy(() -> Uninterruptibles.finish(() -> {
                    throw disk;
                }))
                .isSameAs(disk);
        assertThatThrownBy(() -> Uninterruptibles.finish(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatThrownBy(() -> Uninterruptibles.finish(() -> {
                    throw new IllegalStateException("a fault of ours");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Uninterruptibles.finish(() -> {
                    throw new InterruptedException();
                }))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.outcome()).isEqualTo(RunOutcome.ROLLBACK_FAILED))
                .hasMessage("the rollback was interrupted");
    }

    @Test
    void aFaultOfAFileIsReportedInWords() {
        assertThat(IoMessages.of(new IOException("connection refused"))).isEqualTo("connection refused");
        assertThat(IoMessages.of(new IOException("write: No space left on device")))
                .isEqualTo("the disk is full (write: No space left on device). Free some space");
        assertThat(IoMessages.of(new AccessDeniedException("/x"))).isEqualTo("/x cannot be used: no permission");
        assertThat(IoMessages.of(new NotDirectoryException("/x")))
                .isEqualTo("/x cannot be used: it is not a directory");
        assertThat(IoMessages.of(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("/x cannot be used: Read-only file system");
        assertThat(IoMessages.of(new FileSystemException("/x"))).isEqualTo("/x cannot be used: FileSystemException");
        assertThat(IoMessages.ofAny(new IllegalStateException("odd"))).isEqualTo("odd");
    }

    @Test
    void ofManyProblemsTheFirstErrorIsTheOneLine() {
        assertThat(IoMessages.firstOf("only one")).isEqualTo("only one");
        assertThat(IoMessages.firstOf("a: warning: first\nb: error: second\nc: error: third"))
                .isEqualTo("b: error: second (and 2 more)");
    }

    @Test
    void filesOfADirectoryThatIsGoneAreNamed() {
        assertThatThrownBy(() -> new LogFileProgress(terminal).into(directory.resolve("gone/last.log")))
                .isInstanceOfSatisfying(
                        IOException.class, e -> assertThat(IoMessages.of(e)).contains("gone/last.log cannot be used"));
        assertThat(Files.exists(directory.resolve("gone"))).isFalse();
    }
}
