package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A directory that a build has closed to its own user, in every possible way, is removed all the same. Root may do
 * everything, so this runs as another user where the tests run as root.
 */
@Timeout(20 * 60)
class ClosedDirectoryTest {
    private static final int NOBODY = 65534;
    private static final List<String> MODES = List.of("r-xr-xr-x", "---------", "r--------", "--x------", "-wx------");

    /** Makes the trees in the named directory, and removes them, in a process of its own. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        for (String mode : MODES) {
            Path tree = Files.createDirectories(root.resolve("tree"));
            Path closed = Files.createDirectories(tree.resolve("closed"));
            Files.createDirectories(closed.resolve("empty"));
            Files.writeString(Files.createDirectories(closed.resolve("a/b")).resolve("file"), "x");
            Files.writeString(closed.resolve("file"), "x");
            for (Path directory : List.of(closed.resolve("a/b"), closed.resolve("a"), closed)) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
            }
            PrivateDirectory.delete(tree);
            if (Files.exists(tree)) {
                throw new AssertionError(mode + " is still there");
            }
        }
        System.out.println("all are gone");
    }

    @Test
    void isRemovedByAnOrdinaryUser() throws Exception {
        // Not in a directory of ours, into which no other user comes.
        Path common = Files.createTempDirectory(Path.of("/tmp"), "pymacaron-closed");
        try {
            Files.setPosixFilePermissions(common, PosixFilePermissions.fromString("rwxrwxrwx"));
            copyClasses(common);
            List<String> argv = new ArrayList<>();
            if (System.getProperty("user.name").equals("root")) {
                assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv");
                argv.addAll(List.of("setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY, "--clear-groups"));
            }
            argv.addAll(List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    common.toString(),
                    ClosedDirectoryTest.class.getName(),
                    common.toString()));

            Process child = new ProcessBuilder(argv)
                    .directory(common.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(child.waitFor(600, TimeUnit.SECONDS)).isTrue();
            assertThat(said).contains("all are gone");
        } finally {
            PrivateDirectory.delete(common);
        }
    }

    /** Copies the classes of this room: those of the build may be where another user cannot read. */
    private static void copyClasses(Path to) throws Exception {
        String room = PrivateDirectory.class.getPackageName().replace('.', '/');
        Path target = Files.createDirectories(to.resolve(room));
        for (Class<?> type : List.of(PrivateDirectory.class, ClosedDirectoryTest.class)) {
            Path classes = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.list(classes.resolve(room))) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(file.getFileName().toString()));
                }
            }
        }
    }
}
