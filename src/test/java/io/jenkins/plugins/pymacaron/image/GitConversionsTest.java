package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses filters of git's own kind, in place of git-lfs and git-crypt: both work by the same interface. */
@Timeout(20 * 60)
class GitConversionsTest {
    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private Repository repository;

    @BeforeEach
    void makeService(@TempDir Path temporary) throws Exception {
        repository = Repository.service(temporary.toRealPath().resolve("w"));
    }

    private SourceTree open() throws Exception {
        return SourceTree.ofWorkingCopy(processes, repository.path());
    }

    private static Optional<String> missing(SourceTree source) throws Exception {
        return GitConversions.missing(new Git(source.processes(), source.directory()))
                .map(Throwable::getMessage);
    }

    private static String tag(SourceTree source) throws Exception {
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

    @Test
    void theWorkingCopysOwnFiltersAreUsedAndItsContentIsInTheTag() throws Exception {
        repository.git("config", "filter.rot.clean", "tr a-z n-za-m");
        repository.git("config", "filter.rot.smudge", "tr a-z n-za-m");
        repository
                .write(".gitattributes", "secret.txt filter=rot\n")
                .write("secret.txt", "hello")
                .commit("filtered");
        assertThat(repository.git("show", "HEAD:secret.txt")).isEqualTo("uryyb");
        String with;
        try (SourceTree source = open()) {
            assertThat(source.directory().resolve("secret.txt")).content().isEqualTo("hello");
            assertThat(missing(source)).isEmpty();
            with = tag(source);
        }
        repository.git("config", "filter.rot.smudge", "cat");
        try (SourceTree source = open()) {
            assertThat(tag(source)).isNotEqualTo(with);
        }
        repository.git("config", "--remove-section", "filter.rot");
        try (SourceTree source = open()) {
            assertThat(missing(source))
                    .get()
                    .asString()
                    .contains(
                            "secret.txt has the filter 'rot', which does not work here",
                            "git config filter.rot.smudge");
        }
    }

    @Test
    void pointersAndLockedFilesAreNoContent() throws Exception {
        repository
                .write(".gitattributes", "*.bin filter=lfs\n*.key filter=git-crypt\n")
                .write("a.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
                .commit("pointer");
        // Set up, but told to leave pointers, as by GIT_LFS_SKIP_SMUDGE.
        repository.git("config", "filter.lfs.smudge", "cat");
        try (SourceTree source = open()) {
            assertThat(missing(source)).get().asString().contains("a.bin", "git lfs install && git lfs pull");
        }
        repository.git("rm", "--quiet", "a.bin");
        repository.git("config", "filter.git-crypt.smudge", "cat");
        Files.write(repository.path().resolve("b.key"), "\0GITCRYPT\0secret".getBytes());
        repository.commit("locked");
        try (SourceTree source = open()) {
            assertThat(missing(source)).get().asString().contains("b.key", "git-crypt unlock");
        }
    }

    /** git goes on with what is in the repository, unless the filter is set up as required. */
    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void aFilterThatFailsEndsTheCheckout(String required) throws Exception {
        repository.git("config", "filter.rot.clean", "tr a-z n-za-m");
        repository
                .write(".gitattributes", "secret.txt filter=rot\n")
                .write("secret.txt", "hello")
                .commit("filtered");
        repository.git("config", "filter.rot.smudge", "echo 'rot: Error: no key' >&2; false");
        repository.git("config", "filter.rot.required", required);

        assertThatThrownBy(this::open)
                .isInstanceOf(SourceException.class)
                .hasMessageContainingAll(
                        "has the filter 'rot', which does not work here",
                        "rot: Error: no key",
                        "git config filter.rot.smudge");
    }

    @Test
    void filesOfSubmodulesAreLookedAtToo(@TempDir Path temporary) throws Exception {
        Repository inner = Repository.service(temporary.toRealPath().resolve("inner"));
        inner.write("a.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
                .commit("pointer");
        inner.write(".gitattributes", "*.bin filter=lfs\n");
        inner.git("add", ".gitattributes");
        inner.git("commit", "--quiet", "--message", "attributes");
        repository.git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                inner.path().toString(),
                "parts");
        repository.commit("submodule");
        repository.git("-C", "parts", "config", "filter.lfs.smudge", "cat");
        repository.git("-C", "parts", "config", "filter.lfs.process", "");
        repository.git("-C", "parts", "config", "filter.lfs.required", "false");

        try (SourceTree source = open()) {
            assertThat(missing(source)).get().asString().contains("parts/a.bin", "git lfs install && git lfs pull");
        }
    }

    @Test
    void lineEndsAreThoseOfTheWorkingCopy() throws Exception {
        String before;
        repository.write("notes.txt", "a\nb\n").commit("text");
        try (SourceTree source = open()) {
            before = tag(source);
        }
        repository.git("config", "core.autocrlf", "true");
        try (SourceTree source = open()) {
            assertThat(source.directory().resolve("notes.txt")).content().isEqualTo("a\r\nb\r\n");
            assertThat(tag(source)).isNotEqualTo(before);
        }
    }
}
