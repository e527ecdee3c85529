package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class BuildContextTest {
    private static final ImageSpec SPEC = ImageSpec.of("hello", "team/hello", Optional.of("base:1"));

    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private Path directory;

    @BeforeEach
    void realPath(@TempDir Path temporary) throws Exception {
        directory = temporary.toRealPath();
    }

    private static Dockerfile dockerfile(SourceTree source, ImageSpec spec) throws Exception {
        Path extra = source.directory().resolve("Dockerfile.extra");
        return new Dockerfile(
                spec,
                new BaseImage(spec.base(), spec.base(), "sha256:1"),
                Requirements.of(source.directory()),
                false,
                Files.isRegularFile(extra) ? Optional.of(Files.readString(extra)) : Optional.empty(),
                Optional.empty());
    }

    private static byte[] tar(SourceTree source, String... links) throws Exception {
        BuildContext context = new BuildContext(source, new IncludeLinks(source, List.of(links)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        context.archive()
                .write(out, dockerfile(source, SPEC), new Dockerfile.Stamp("v1", source.commit(), "now", "src-1"));
        return out.toByteArray();
    }

    private static String tag(SourceTree source, ImageSpec spec) throws Exception {
        return tag(source, spec, "a key");
    }

    private static String tag(SourceTree source, ImageSpec spec, String key) throws Exception {
        BuildContext context = new BuildContext(source, new IncludeLinks(source, List.of()));
        return ContentTag.of(source, context, context.archive(), dockerfile(source, spec), Optional.ofNullable(key));
    }

    /** A stranger's build never leaves an image here that a build with the key looks for, and the other way round. */
    @Test
    void aTagIsForeseenOnlyByWhoHasTheKey() throws Exception {
        Repository repository = Repository.service(directory);
        String open;
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            open = tag(source, SPEC, null);
            assertThat(open).matches("open-[0-9a-f]{32}");
            assertThat(tag(source, SPEC, "a key")).startsWith("src-").doesNotContain(open.substring(5));
            assertThat(tag(source, SPEC, "another")).startsWith("src-").isNotEqualTo(tag(source, SPEC, "a key"));
        }
        repository.write("testaccept/test_b.py", "changed").commit("only a test");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            assertThat(tag(source, SPEC, null))
                    .as("tests decide what is accepted")
                    .isNotEqualTo(open);
        }
    }

    @Test
    void theSourceKeepsAVersionOfItsOwnWhereInstructionsMayReadIt() throws Exception {
        Repository.service(directory)
                .write("VERSION", "theirs")
                .write("Dockerfile.extra", "RUN cat VERSION")
                .commit("more");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            assertThat(entries(tar(source)))
                    .containsEntry("app/VERSION", "644 theirs")
                    .containsEntry("VERSION", "644 v1");
        }
    }

    private static Map<String, String> entries(byte[] tar) throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(entry.getModTime().getTime()).isZero();
                assertThat(entry.getLongUserId()).isZero();
                all.put(
                        entry.getName(),
                        Integer.toOctalString(entry.getMode() & 0777) + " "
                                + (entry.isSymbolicLink() ? "-> " + entry.getLinkName() : content));
            }
        }
        return all;
    }

    @Test
    void theCommitWithoutItsTestsInsideAndOutsideItsOwnDirectory() throws Exception {
        String longName = "d/".repeat(70) + "é✓.txt";
        Repository repository = Repository.service(directory)
                .write("Dockerfile", "theirs")
                .write("pym-start", "theirs")
                .write("pkg/test/kept.py", "kept")
                .write(longName, "long")
                .write("run.sh", "#!/bin/sh")
                .write("VERSION", "theirs")
                .write(".gitattributes", "notes.txt export-ignore\n")
                .write("notes.txt", "n")
                .link("link", "pkg");
        assertThat(directory.resolve("run.sh").toFile().setExecutable(true)).isTrue();
        repository.commit("more");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            Map<String, String> entries = entries(tar(source));

            assertThat(entries)
                    .containsEntry("app/VERSION", "644 v1")
                    .doesNotContainKey("VERSION")
                    .containsEntry("requirements/requirements.txt", "644 flask\n")
                    .containsEntry("app/server.py", "644 " + Repository.SERVER)
                    .containsEntry("app/Dockerfile", "644 theirs")
                    .containsEntry("app/run.sh", "755 #!/bin/sh")
                    .containsEntry("app/link", "777 -> pkg")
                    .containsEntry("app/pkg/test/kept.py", "644 kept")
                    .containsEntry("app/" + longName, "644 long");
            assertThat(entries.get("Dockerfile")).startsWith("644 FROM base:1\n");
            assertThat(entries.get("pym-start")).startsWith("755 #!/bin/sh\n");
            assertThat(entries.keySet())
                    .noneMatch(name -> name.startsWith("app/test") || name.contains(".git/") || name.contains("notes"));
            assertThat(tar(source)).isEqualTo(tar(source));
        }
    }

    @Test
    void aServiceInADirectoryTakesNothingOfTheOthersButItsSubmodules() throws Exception {
        Repository library = Repository.init(directory.resolve("library"))
                .write("l.py", "lib")
                .commit("library");
        Repository repository = Repository.init(directory.resolve("w"))
                .write("other/x", "")
                .write("svc/server.py", "")
                .write("svc/requirements.txt", "");
        repository.git("submodule", "--quiet", "add", library.path().toString(), "svc/lib");
        repository.git("submodule", "--quiet", "add", library.path().toString(), "elsewhere");
        repository.commit("first");
        try (SourceTree source =
                SourceTree.ofWorkingCopy(processes, repository.path().resolve("svc"))) {
            assertThat(entries(tar(source)).keySet())
                    .contains("app/server.py", "app/lib/l.py")
                    .noneMatch(name -> name.contains("other") || name.contains("elsewhere"));
        }
    }

    @Test
    void anIncludedLinkTakesThePlaceOfTheLink() throws Exception {
        Repository.init(directory.resolve("shared")).write("pkg/a.py", "a").commit("shared");
        Repository service = Repository.service(directory.resolve("w"))
                .link("pkg", "../shared/pkg")
                .commit("link");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            assertThat(entries(tar(source, "pkg")))
                    .containsEntry("app/pkg/a.py", "644 a")
                    .doesNotContainKey("app/pkg");
            assertThat(entries(tar(source))).containsEntry("app/pkg", "777 -> ../shared/pkg");
        }
    }

    /** "Caf\u00e9" in Latin-1, twice, would be one file. */
    @Test
    void aNameThatIsNoTextIsRefusedAndNotMergedWithAnother() throws Exception {
        Repository repository = Repository.service(directory);
        String blob = repository.git("hash-object", "-w", "server.py");
        processes
                .query(Command.of(
                                "sh",
                                "-c",
                                "printf '100644 " + blob + "\\tcaf\\351.py\\0100644 " + blob
                                        + "\\tcaf\\350.py\\0' | git update-index -z --index-info")
                        .in(directory))
                .orThrow("update-index");
        repository.git("commit", "--quiet", "-m", "latin");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            assertThatThrownBy(() -> tar(source))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("is not UTF-8 text");
            assertThat(ImageBuilder.problems(source))
                    .as("known before any work")
                    .anySatisfy(problem -> assertThat(problem.toString()).contains("is not UTF-8 text"));
        }
    }

    @Test
    void theTagIsOfWhatIsBuiltAndOfNothingElse() throws Exception {
        Repository repository = Repository.service(directory);
        String tag;
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            tag = tag(source, SPEC);
            assertThat(tag).matches("src-[0-9a-f]{32}").isEqualTo(tag(source, SPEC));
            assertThat(tag(source, SPEC.on("linux/arm64"))).isNotEqualTo(tag);
            assertThat(tag(source, SPEC.async(true))).isNotEqualTo(tag);
            assertThat(tag(source, SPEC.as("0:0"))).isNotEqualTo(tag);
        }
        repository.write("test/test_a.py", "changed").commit("only a test");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            assertThat(tag(source, SPEC)).isEqualTo(tag);
        }
        repository.write("server.py", "changed").commit("source");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory)) {
            assertThat(tag(source, SPEC)).isNotEqualTo(tag);
        }
    }
}
