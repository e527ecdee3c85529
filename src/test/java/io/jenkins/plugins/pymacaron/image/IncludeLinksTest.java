package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class IncludeLinksTest {
    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private Path directory;
    private Repository service;

    @BeforeEach
    void makeNeighbours(@TempDir Path temporary) throws Exception {
        directory = temporary.toRealPath();
        Repository.init(directory.resolve("shared"))
                .write("common/a.py", "a")
                .write("common/sub/b.py", "b")
                .write("common/a.pyc", "x")
                .write("common/__pycache__/a.cpython.pyc", "x")
                .write("testaccept/test_shared.py", "")
                .write("outside.py", "o")
                .link("common/inside", "sub")
                .link("common/escape", "../outside.py")
                .link("common/secrets", "/etc/passwd")
                .link("common/circle", ".")
                .commit("shared");
        service = Repository.service(directory.resolve("w"))
                .link("common", "../shared/common")
                .commit("link");
    }

    @Test
    void testsAndImageHaveTheCommitBehindALink() throws Exception {
        Files.writeString(directory.resolve("shared/common/a.py"), "not committed");
        Files.writeString(directory.resolve("shared/common/new.py"), "not committed");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            IncludeLinks links = new IncludeLinks(source, List.of("common"));

            assertThat(links.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.isError()).isFalse())
                    .extracting(Problem::message)
                    .asString()
                    .contains("not committed, so not deployed", "common/a.py", "common/new.py");
            assertThat(links.origins())
                    .singleElement()
                    .asString()
                    .contains(directory.resolve("shared") + ", commit ", " of branch main");
            links.open();
            assertThat(source.directory().resolve("common/a.py")).content().isEqualTo("a");
            assertThat(source.directory().resolve("common/new.py")).doesNotExist();
            assertThat(links.acceptanceTests()).singleElement().satisfies(tests -> assertThat(
                            tests.resolve("test_shared.py"))
                    .exists());
            assertThat(links.acceptanceTests().get(0)).doesNotHaveToString(directory + "/shared/testaccept");
            assertThat(names(source, "common"))
                    .contains("app/common/a.py", "app/common/sub/b.py", "app/common/inside", "app/common/secrets")
                    .doesNotContain("app/common/new.py", "app/common/a.pyc", "app/common", "app/outside.py")
                    .noneMatch(name -> name.contains("__pycache__"));
            // The same again, after the links of the checkout were laid anew.
            assertThat(links.problems()).hasSize(1);
            assertThat(links.parts()).hasSize(1);
        }
    }

    @Test
    void aLinkWithinTheRepositoryHasItsOwnCommit() throws Exception {
        Repository many = Repository.init(directory.resolve("many"))
                .write("lib/l.py", "l")
                .write("svc/server.py", "")
                .write("svc/requirements.txt", "");
        many.link("svc/lib", directory.resolve("many/lib").toString()).commit("many");
        Files.writeString(directory.resolve("many/lib/l.py"), "not committed");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, many.path().resolve("svc"))) {
            IncludeLinks links = new IncludeLinks(source, List.of("lib"));
            assertThat(links.problems()).isEmpty();
            assertThat(links.origins()).isEmpty();
            links.open();
            assertThat(source.directory().resolve("lib/l.py")).content().isEqualTo("l");
            assertThat(names(source, "lib")).contains("app/lib/l.py");
        }
    }

    private static List<String> names(SourceTree source, String link) throws Exception {
        BuildContext.Archives archives = new BuildContext(source, new IncludeLinks(source, List.of(link))).archive();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archives.write(out, dockerfile(source), Dockerfile.Stamp.NONE);
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void aLinkThatWasNotCommittedIsTakenFromTheWorkingCopy() throws Exception {
        service.link("late", "../shared/common/sub");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            assertThat(names(source, "late")).contains("app/late/b.py").doesNotContain("app/late");
        }
    }

    @Test
    void aLinkThatCannotBeIncludedIsReported() throws Exception {
        String head = new Repository(directory.resolve("shared")).head();
        service.link("broken", "../nothing");
        Files.createDirectories(directory.resolve("loose"));
        Files.createDirectories(directory.resolve("shared/untracked"));
        service.link("loose", "../loose").link("untracked", "../shared/untracked");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            assertThat(new IncludeLinks(source, List.of("/etc", "../shared", "none", "broken", "loose", "untracked"))
                            .problems())
                    .extracting(Problem::message)
                    .containsExactly(
                            "'../shared' is not a path within the service's directory",
                            "'/etc' is not a path within the service's directory",
                            "'broken' leads to nothing in " + service.path(),
                            "'loose' leads to " + directory + "/loose, which is in no git repository with a commit",
                            "'none' leads to nothing in " + service.path(),
                            "'untracked' leads to " + directory + "/shared/untracked, which is not in the commit "
                                    + head.substring(0, 6));
        }
    }

    @Test
    void theContentTagFollowsTheCommitBehindTheLink() throws Exception {
        String before = tag();
        Repository shared = new Repository(directory.resolve("shared")).write("common/sub/b.py", "changed");
        assertThat(tag()).isEqualTo(before);
        shared.commit("changed");
        assertThat(tag()).isNotEqualTo(before);
    }

    private String tag() throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            BuildContext context = new BuildContext(source, new IncludeLinks(source, List.of("common")));
            return ContentTag.of(source, context, context.archive(), dockerfile(source), Optional.of("key"));
        }
    }

    private static Dockerfile dockerfile(SourceTree source) throws Exception {
        return new Dockerfile(
                ImageSpec.of("hello", "team/hello", Optional.empty()),
                new BaseImage("b", "b", "d"),
                Requirements.of(source.directory()),
                false,
                Optional.empty(),
                Optional.empty());
    }
}
