package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.FilePath;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the things that a process may put in the place of its result. */
class ResultFileTest {
    private static final StageOrder ORDER = StageOrder.of("unit");

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("result");
    }

    private FilePath there() {
        return new FilePath(directory.toFile());
    }

    @Test
    void comesAsItIs() throws Exception {
        assertThat(ResultFile.read(ORDER, there())).isEmpty();
        Files.writeString(file(), "a warning\n{\"w\u00f6rd\": 1}\n");
        assertThat(ResultFile.read(ORDER, there())).contains("a warning\n{\"w\u00f6rd\": 1}\n");
        byte[] most = new byte[ResultFile.LONGEST];
        Arrays.fill(most, (byte) 'x');
        Files.write(file(), most);
        assertThat(ResultFile.read(ORDER, there()).orElseThrow()).hasSize(ResultFile.LONGEST);
    }

    /** The file is larger than the memory of this JVM. */
    @Test
    void ofWhatIsTooLongOnlyTheBeginningIsRead() throws Exception {
        try (RandomAccessFile huge = new RandomAccessFile(file().toFile(), "rw")) {
            huge.setLength(1L << 40);
        }
        assertThatThrownBy(() -> ResultFile.read(ORDER, there()))
                .isInstanceOf(AbortException.class)
                .hasMessage("Unit tests ended with a result of more than 16 MiB.");
    }

    @Test
    @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
    void anythingButAFileIsNone() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "of another");
        Files.createSymbolicLink(file(), elsewhere);
        assertThat(ResultFile.read(ORDER, there())).isEmpty();
        Files.delete(file());
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor())
                .isZero();
        assertThat(ResultFile.read(ORDER, there())).as("nobody writes to it").isEmpty();
        Files.delete(file());
        Files.createDirectory(file());
        assertThat(ResultFile.read(ORDER, there())).isEmpty();
    }
}
