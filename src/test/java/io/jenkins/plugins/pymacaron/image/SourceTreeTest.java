package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.image.SourceTree.Pushed;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class SourceTreeTest {
    private static final Pushed CURRENT = new Pushed(Optional.empty(), Optional.empty(), Optional.empty());

    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private Path directory;

    @BeforeEach
    void realPath(@TempDir Path temporary) throws Exception {
        directory = temporary.toRealPath();
    }

    private static Pushed branch(String name) {
        return new Pushed(Optional.of(name), Optional.empty(), Optional.empty());
    }

    private static Pushed commit(String name) {
        return new Pushed(Optional.empty(), Optional.of(name), Optional.empty());
    }

    @Test
    void theCommitOfTheWorkingCopyAndNothingElse() throws Exception {
        Repository repository = Repository.service(directory.resolve("w"))
                .write("link-target", "t")
                .link("link", "link-target")
                .commit("second")
                .write("server.py", "dirty")
                .write("new é file", "untracked");
        Path checkout;
        try (SourceTree source = SourceTree.ofWorkingCopy(processes, repository.path())) {
            checkout = source.directory();
            assertThat(source.commit()).isEqualTo(repository.head());
            assertThat(source.count()).isEqualTo(2);
            assertThat(source.shallow()).isFalse();
            assertThat(source.branch()).contains("main");
            assertThat(source.url()).isEmpty();
            assertThat(source.dirty()).hasSize(2).contains("server.py");
            assertThat(checkout.resolve("server.py")).hasContent(Repository.SERVER);
            assertThat(checkout.resolve("new é file")).doesNotExist();
            assertThat(Files.readSymbolicLink(checkout.resolve("link"))).hasToString("link-target");
            assertThat(source.workingDirectory()).isEqualTo(repository.path());
            Clock clock = Clock.fixed(Instant.parse("2022-01-20T21:19:59Z"), ZoneId.of("Europe/Stockholm"));
            assertThat(source.version(clock))
                    .isEqualTo("220120-2219-2-" + repository.head().substring(0, 6));
        }
        assertThat(checkout).doesNotExist();
        assertThat(repository.git("status", "--porcelain")).contains("server.py");
    }

    @Test
    void aServiceInADirectoryOfTheRepository() throws Exception {
        Repository repository = Repository.init(directory)
                .write("services/hello/server.py", "")
                .write("other/file", "")
                .commit("first")
                .write("other/file", "dirty elsewhere");

        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory.resolve("services/hello"))) {
            assertThat(source.directory()).endsWith(Path.of("services/hello"));
            assertThat(source.directory().resolve("server.py")).exists();
            assertThat(source.dirty()).isEmpty();
        }
        repository.write("services/new/server.py", "");
        assertThatThrownBy(() -> SourceTree.ofWorkingCopy(processes, directory.resolve("services/new")))
                .hasMessageStartingWith("the directory services/new is not in the commit ");
    }

    @Test
    void noRepositoryOrNoCommitIsOneLine() throws Exception {
        Path none = Files.createDirectories(directory.resolve("none"));
        assertThatThrownBy(() -> SourceTree.ofWorkingCopy(processes, none))
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        none + " is not in a git repository. Only committed files are deployed: run git init, add and"
                                + " commit.");
        Repository empty = Repository.init(directory.resolve("empty"));
        assertThatThrownBy(() -> SourceTree.ofWorkingCopy(processes, empty.path()))
                .hasMessage("the repository of " + empty.path() + " has no commit yet. Commit what to deploy.");
        assertThatThrownBy(() -> SourceTree.ofWorkingCopy(processes, directory.resolve("nowhere")))
                .hasMessageStartingWith("there is no directory ");
    }

    @Test
    void aPushedCommitInEveryStateOfTheWorkingCopy() throws Exception {
        Repository origin = Repository.service(directory.resolve("origin"));
        String first = origin.head();
        origin.git(
                "clone",
                "--quiet",
                origin.path().toString(),
                directory.resolve("w").toString());
        Repository working = new Repository(directory.resolve("w"));
        working.write("server.py", "unpushed").commit("unpushed");
        origin.write("more", "").commit("pushed by another");
        origin.git("branch", "topic", first);

        try (SourceTree source = SourceTree.ofPushed(processes, working.path(), CURRENT)) {
            assertThat(source.commit()).isEqualTo(origin.head());
            assertThat(source.directory().resolve("server.py")).hasContent(Repository.SERVER);
            assertThat(source.branch()).contains("main");
            assertThat(source.url()).contains(origin.path().toString());
        }
        try (SourceTree source = SourceTree.ofPushed(processes, working.path(), branch("topic"))) {
            assertThat(source.commit()).isEqualTo(first);
        }
        try (SourceTree source = SourceTree.ofPushed(processes, working.path(), commit(first.substring(0, 9)))) {
            assertThat(source.commit()).isEqualTo(first);
            assertThat(source.count()).isEqualTo(1);
        }
        assertThatThrownBy(() -> SourceTree.ofPushed(processes, working.path(), branch("none")))
                .hasMessageContaining("there is no such branch");
        String unpushed = "0".repeat(40);
        assertThatThrownBy(() -> SourceTree.ofPushed(processes, working.path(), commit(unpushed)))
                .hasMessageContaining("there is no commit " + unpushed);
    }

    @Test
    void namesThatAreOptionsAreRefused() throws Exception {
        Repository origin = Repository.service(directory.resolve("origin"));
        origin.git(
                "clone",
                "--quiet",
                origin.path().toString(),
                directory.resolve("w").toString());
        for (String name : new String[] {"--upload-pack=touch x", "-b", "", "a b", "a..b", "a:b", "HEAD@{1}", "a\nb"}) {
            assertThatThrownBy(() -> SourceTree.ofPushed(processes, directory.resolve("w"), branch(name)))
                    .as(name)
                    .hasMessage("'" + name + "' is no name of a branch. Correct it.");
        }
        assertThatThrownBy(() -> SourceTree.ofPushed(processes, directory.resolve("w"), commit("--help")))
                .hasMessageContaining("is no name of a commit");
    }

    @Test
    void noOriginAndNoBranch() throws Exception {
        Repository repository = Repository.service(directory.resolve("w"));
        assertThatThrownBy(() -> SourceTree.ofPushed(processes, repository.path(), CURRENT))
                .hasMessageContaining("has no remote named origin");
        repository.git("remote", "add", "origin", repository.path().toString());
        repository.git("checkout", "--quiet", "--detach");
        assertThatThrownBy(() -> SourceTree.ofPushed(processes, repository.path(), CURRENT))
                .hasMessageContaining("is on no branch");
        repository.git("remote", "set-url", "origin", "ext::sh -c 'touch " + directory + "/owned'");
        assertThatThrownBy(() -> SourceTree.ofPushed(processes, repository.path(), branch("main")))
                .hasMessageContaining("transport 'ext' not allowed");
        assertThat(directory.resolve("owned")).doesNotExist();
    }

    @Test
    void aShallowCloneIsNoticed() throws Exception {
        Repository origin =
                Repository.service(directory.resolve("origin")).write("x", "").commit("second");
        origin.git(
                "clone",
                "--quiet",
                "--depth=1",
                "file://" + origin.path(),
                directory.resolve("w").toString());

        try (SourceTree source = SourceTree.ofWorkingCopy(processes, directory.resolve("w"))) {
            assertThat(source.shallow()).isTrue();
            assertThat(source.count()).isEqualTo(1);
            assertThat(source.commit()).isEqualTo(origin.head());
        }
    }

    @Test
    void submodulesAreTakenFromTheWorkingCopyOrFromTheirOrigin() throws Exception {
        Repository inner =
                Repository.init(directory.resolve("inner")).write("i", "inner").commit("inner");
        Repository library = Repository.init(directory.resolve("library"))
                .write("l", "pushed")
                .commit("library");
        library.git("submodule", "--quiet", "add", inner.path().toString(), "deep");
        library.commit("with submodule");
        Repository origin = Repository.service(directory.resolve("origin"));
        origin.git("submodule", "--quiet", "add", "../library", "lib");
        origin.git("submodule", "--quiet", "update", "--init", "--recursive");
        origin.commit("with submodule");
        origin.git("clone", "--quiet", "--recurse-submodules", origin.path().toString(), directory + "/w");

        Repository working = new Repository(directory.resolve("w"));
        new Repository(directory.resolve("w/lib")).write("l", "only here").commit("unpushed");
        working.commit("uses what is only here");

        try (SourceTree source = SourceTree.ofWorkingCopy(processes, working.path())) {
            assertThat(source.directory().resolve("lib/l")).hasContent("only here");
            assertThat(source.directory().resolve("lib/deep/i")).hasContent("inner");
        }
        try (SourceTree source = SourceTree.ofPushed(processes, working.path(), CURRENT)) {
            assertThat(source.directory().resolve("lib/l")).hasContent("pushed");
            assertThat(source.directory().resolve("lib/deep/i")).hasContent("inner");
        }
        working.git("submodule", "--quiet", "deinit", "--force", "--all");
        assertThatThrownBy(() -> SourceTree.ofWorkingCopy(processes, working.path()))
                .hasMessageContaining("fetching the submodules failed");
    }

    @Test
    void hooksAndHelpersOfTheRepositoryDoNotRun() throws Exception {
        Repository repository = Repository.service(directory.resolve("w"));
        Path owned = directory.resolve("owned");
        repository.git("config", "core.fsmonitor", "touch " + owned);
        repository.git("config", "core.hooksPath", directory.resolve("hooks").toString());
        repository.write("../hooks/post-checkout", "#!/bin/sh\ntouch " + owned + "\n");
        assertThat(directory.resolve("hooks/post-checkout").toFile().setExecutable(true))
                .isTrue();

        SourceTree.ofWorkingCopy(processes, repository.path()).close();

        assertThat(owned).doesNotExist();
    }
}
