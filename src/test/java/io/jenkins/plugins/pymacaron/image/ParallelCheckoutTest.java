package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkout by several processes has the same files as one by git alone, and is refused for the same reasons. */
@Timeout(20 * 60)
class ParallelCheckoutTest {
    /** More than git writes alone (git-config(1), checkout.thresholdForParallelism). */
    private static final int FILES = 160;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itHasTheSameFiles(long seed) throws Exception {
        Repository repository = tree(seed);
        assertThat(checkedOut(repository, "several", FilterFailure.WORKERS))
                .hasSizeGreaterThan(FILES)
                .containsEntry("result", "checked out")
                .isEqualTo(checkedOut(repository, "one", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void itIsRefusedForTheSameReason(String required) throws Exception {
        Repository repository = tree(4);
        repository.git("config", "filter.broken.clean", "cat");
        repository.git("config", "filter.broken.smudge", "false");
        repository.git("config", "filter.broken.required", required);
        repository
                .write("d1/.gitattributes", "*.secret filter=broken\n")
                .write("d1/a.secret", "text")
                .commit("a filter that fails");
        String refused =
                checkedOut(repository, "several", FilterFailure.WORKERS).get("result");
        assertThat(refused).contains("the filter 'broken', which does not work here");
        assertThat(checkedOut(repository, "one", 1)).containsEntry("result", refused);
    }

    /** Makes files of all kinds: plain, programs, links, with line ends of Windows, filtered, with an id. */
    private Repository tree(long seed) throws Exception {
        Random random = new Random(seed);
        Repository repository = Repository.init(temporary.resolve("w" + seed))
                .write(".gitattributes", "*.crlf text eol=crlf\n*.rot filter=rot\n*.ident ident\n");
        repository.git("config", "filter.rot.clean", "tr a-z n-za-m");
        repository.git("config", "filter.rot.smudge", "tr a-z n-za-m");
        for (int number = 0; number < FILES; number++) {
            String name = "d" + random.nextInt(9) + "/" + (random.nextBoolean() ? "é " : "e/") + number;
            switch (random.nextInt(8)) {
                case 0 -> repository.write(name + ".crlf", "one\ntwo\n");
                case 1 -> repository.write(name + ".rot", "hello " + number);
                case 2 -> repository.write(name + ".ident", "$Id$ " + number);
                case 3 -> {
                    Path program =
                            repository.write(name + ".sh", "#!/bin/sh\n").path().resolve(name + ".sh");
                    assertThat(program.toFile().setExecutable(true)).isTrue();
                }
                case 4 -> {
                    repository.write(name + "/file", "beside a link");
                    repository.link(name + "/link", random.nextBoolean() ? "file" : "/nowhere");
                }
                default -> repository.write(name, "x".repeat(random.nextInt(5000)));
            }
        }
        return repository.commit("all kinds");
    }

    private Map<String, String> checkedOut(Repository repository, String name, int workers) throws Exception {
        Path root = temporary.resolve(name);
        repository.git("clone", "--quiet", "--no-checkout", repository.path().toString(), root.toString());
        Git ours = new Git(new Processes(SecretMask.NONE, line -> {}), root);
        Git theirs = ours.in(repository.path());
        GitConversions.of(theirs).adopt(repository.path().resolve(".git"), ours);
        Map<String, String> all = new TreeMap<>();
        try {
            FilterFailure.checkOut(ours, "checking out", repository.head(), workers);
        } catch (SourceException e) {
            return Map.of("result", e.getMessage());
        }
        all.put("result", "checked out");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(f -> !root.relativize(f).startsWith(".git")).toList()) {
                all.put(root.relativize(file).toString(), of(file));
            }
        }
        return all;
    }

    private static String of(Path file) throws Exception {
        if (Files.isSymbolicLink(file)) {
            return "link to " + Files.readSymbolicLink(file);
        }
        return Files.getPosixFilePermissions(file)
                + (Files.isDirectory(file) ? " directory" : " file " + Files.readString(file));
    }
}
