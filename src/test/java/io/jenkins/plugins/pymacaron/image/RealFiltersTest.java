package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Git LFS and git-crypt themselves, where they are installed. */
@Timeout(20 * 60)
class RealFiltersTest {
    private static final String POINTER = "version https://git-lfs.github.com/spec/v1";

    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private Path directory;
    private Repository repository;

    @BeforeEach
    void makeService(@TempDir Path temporary) throws Exception {
        directory = temporary.toRealPath();
        repository = Repository.service(directory.resolve("w"));
    }

    private static void needs(String program) {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
        assumeTrue(there, program + " is not installed");
    }

    private String tag(Repository of) throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, of.path())) {
            Dockerfile dockerfile = new Dockerfile(
                    ImageSpec.of("hello", "team/hello", Optional.empty()),
                    new BaseImage("b", "b", "d"),
                    Requirements.of(source.directory()),
                    false,
                    Optional.empty(),
                    Optional.empty());
            BuildContext context = new BuildContext(source, new IncludeLinks(source, List.of()));
            return ContentTag.of(source, context, context.archive(), dockerfile, Optional.of("key"));
        }
    }

    private Optional<String> missing(Repository of) throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, of.path())) {
            return GitConversions.missing(new Git(source.processes(), source.directory()))
                    .map(Throwable::getMessage);
        }
    }

    private String content(Repository of, String file) throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, of.path())) {
            return Files.readString(source.directory().resolve(file));
        }
    }

    @Test
    void gitLfs() throws Exception {
        needs("git-lfs");
        repository.git("lfs", "install", "--local");
        repository.git("lfs", "track", "*.model");
        repository.write("a.model", "weights ".repeat(1000)).commit("a model");
        assertThat(repository.git("show", "HEAD:a.model")).startsWith(POINTER);

        assertThat(missing(repository)).isEmpty();
        assertThat(content(repository, "a.model")).startsWith("weights weights");

        Repository clone = new Repository(directory.resolve("clone"));
        repository.git(
                "-c",
                "filter.lfs.smudge=",
                "-c",
                "filter.lfs.process=",
                "-c",
                "filter.lfs.required=false",
                "clone",
                "--quiet",
                repository.path().toString(),
                clone.path().toString());
        assertThat(clone.path().resolve("a.model")).content().startsWith(POINTER);
        clone.git("config", "filter.lfs.smudge", "cat");
        clone.git("config", "filter.lfs.process", "");
        clone.git("config", "filter.lfs.required", "false");
        assertThat(missing(clone)).get().asString().contains("a.model", "git lfs install && git lfs pull");

        clone.git("config", "--remove-section", "filter.lfs");
        clone.git("lfs", "install", "--local");
        clone.git("lfs", "pull");
        assertThat(missing(clone)).isEmpty();
        assertThat(tag(clone)).as("the image is that of the first working copy").isEqualTo(tag(repository));
    }

    @Test
    void gitCrypt() throws Exception {
        needs("git-crypt");
        repository.git("crypt", "init");
        repository
                .write(".gitattributes", "*.key filter=git-crypt diff=git-crypt\n")
                .write("a.key", "open sesame")
                .commit("a key");
        repository.git("crypt", "export-key", directory.resolve("key").toString());
        assertThat(repository.git("show", "HEAD:a.key")).startsWith("\0GITCRYPT\0");

        assertThat(missing(repository)).isEmpty();
        assertThat(content(repository, "a.key")).isEqualTo("open sesame");

        Repository clone = new Repository(directory.resolve("clone"));
        repository.git(
                "clone", "--quiet", repository.path().toString(), clone.path().toString());
        assertThat(missing(clone)).get().asString().contains("a.key", "git-crypt unlock");

        clone.git("crypt", "unlock", directory.resolve("key").toString());
        assertThat(missing(clone)).isEmpty();
        assertThat(tag(clone)).as("the image is that of the first working copy").isEqualTo(tag(repository));
    }
}
