package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A service that uses code of another repository by {@code include_links}, through a whole run. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class LinkedCodeTest {
    private static final String GREETING = "def greeting():\n    return '%s'\n";

    @TempDir
    Path temporary;

    private Path shared;

    private void git(String... arguments) throws Exception {
        List<String> argv = new java.util.ArrayList<>(List.of("git", "-c", "user.name=e2e", "-c", "user.email=e@e2e"));
        argv.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(argv).directory(shared.toFile()).start().waitFor())
                .isZero();
    }

    private void commit(String greeting) throws Exception {
        Files.writeString(shared.resolve("greetings/words.py"), GREETING.formatted(greeting));
        git("add", "--all");
        git("commit", "--quiet", "-m", greeting);
    }

    /** Unit tests, image, both kinds of acceptance tests and pre_promote see one and the same commit. */
    @Test
    void allStagesSeeTheCommitBehindTheLink() throws Exception {
        shared = Files.createDirectories(temporary.toRealPath().resolve("shared"));
        Files.createDirectories(shared.resolve("greetings"));
        Files.createDirectories(shared.resolve("testaccept"));
        Files.writeString(shared.resolve("greetings/__init__.py"), "");
        Files.writeString(shared.resolve("testaccept/test_shared.py"), """
                from greetings.words import greeting

                def test_shared():
                    assert greeting() == 'linked'
                """);
        git("init", "--quiet");
        commit("linked");
        Service service = Service.in(temporary);
        Files.createSymbolicLink(service.directory().resolve("greetings"), Path.of("../shared/greetings"));
        service.write(
                        "server.py",
                        "from greetings.words import greeting\n"
                                + Service.server("CONTENT").replace("'CONTENT'", "greeting()"))
                .write(
                        "test/test_linked.py",
                        "from greetings.words import greeting\n\ndef test_linked():\n    assert greeting() == 'linked'\n")
                .write(
                        "pym-config.yaml",
                        Service.config() + "include_links: [greetings]\npre_promote: [python3, before.py]\n")
                .write("before.py", "from greetings.words import greeting\nprint('before promotion: ' + greeting())\n")
                .commit("links");
        Files.writeString(shared.resolve("greetings/words.py"), GREETING.formatted("not committed"));

        Service.Ended ended = service.run("--no-push");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("not committed, so not deployed", shared + ", commit ")
                .contains("before promotion: linked", "test_shared", "ok Before promotion");
        assertThat(Service.live()).isEqualTo("linked");

        commit("linked again");
        ended = service.run("--no-push", "--no-test");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("before promotion: linked again");
        assertThat(Service.live()).isEqualTo("linked again");
    }
}
