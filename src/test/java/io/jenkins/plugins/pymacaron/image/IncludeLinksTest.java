package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
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
    void contentOfALinkIsTakenButNotWhatItLeadsOutTo() throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            IncludeLinks links = new IncludeLinks(source, List.of("common"));

            assertThat(links.problems()).isEmpty();
            assertThat(links.files().keySet()).containsExactly("common/a.py", "common/inside/b.py", "common/sub/b.py");
            assertThat(links.acceptanceTests()).containsExactly(directory.resolve("shared/testaccept"));
        }
    }

    @Test
    void aLinkThatWasNotCommittedIsTakenFromTheWorkingCopy() throws Exception {
        service.link("late", "../shared/common/sub");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            assertThat(new IncludeLinks(source, List.of("late")).files().keySet())
                    .containsExactly("late/b.py");
        }
    }

    @Test
    void whatCannotBeTakenIsSaid() throws Exception {
        service.link("broken", "../nothing");
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            assertThat(new IncludeLinks(source, List.of("/etc", "../shared", "none", "broken")).problems())
                    .extracting(Problem::message)
                    .containsExactly(
                            "'../shared' is not a path within the service's directory",
                            "'/etc' is not a path within the service's directory",
                            "'broken' leads to nothing in " + service.path(),
                            "'none' leads to nothing in " + service.path());
        }
    }

    @Test
    void theContentTagFollowsTheContent() throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, service.path())) {
            String before = tag(source);
            Files.writeString(directory.resolve("shared/common/sub/b.py"), "changed");
            assertThat(tag(source)).isNotEqualTo(before);
        }
    }

    private static String tag(SourceTree source) throws Exception {
        ImageSpec spec = ImageSpec.of("hello", "team/hello", java.util.Optional.empty());
        BuildContext context = new BuildContext(source, new IncludeLinks(source, List.of("common")));
        Dockerfile dockerfile = new Dockerfile(
                spec,
                new Base("b", "b", "d"),
                Requirements.of(source.directory()),
                false,
                java.util.Optional.empty(),
                java.util.Optional.empty());
        return ContentTag.of(source, context, dockerfile, java.util.Optional.of("key"));
    }
}
