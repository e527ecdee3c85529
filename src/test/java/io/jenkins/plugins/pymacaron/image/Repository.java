package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real git repository for tests. */
record Repository(Path path) {
    private static final Processes PROCESSES = new Processes(SecretMask.NONE, line -> {});
    private static final Map<String, String> SOMEBODY = Map.of(
            "GIT_AUTHOR_NAME", "a",
            "GIT_AUTHOR_EMAIL", "a@example.org",
            "GIT_COMMITTER_NAME", "a",
            "GIT_COMMITTER_EMAIL", "a@example.org",
            "GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z",
            "GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z",
            "GIT_CONFIG_NOSYSTEM", "1");

    static final String SERVER = """
            from flask import Flask, jsonify
            app = Flask(__name__)

            @app.route('/ping')
            def ping():
                return jsonify({})

            @app.route('/version')
            def version():
                return jsonify({'version': open('/pym/VERSION').read()})
            """;

    static Repository init(Path path) throws Exception {
        Files.createDirectories(path);
        Repository repository = new Repository(path);
        repository.git("init", "--quiet", "--initial-branch=main");
        return repository;
    }

    /** Returns a small service, committed. */
    static Repository service(Path path) throws Exception {
        return init(path)
                .write("server.py", SERVER)
                .write("requirements.txt", "flask\n")
                .write("test/test_a.py", "")
                .write("testaccept/test_b.py", "")
                .commit("first");
    }

    String git(String... arguments) throws IOException, InterruptedException {
        return PROCESSES
                .query(Command.of("git", "-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false")
                        .and(List.of(arguments))
                        .in(path)
                        .with(SOMEBODY))
                .orThrow("git " + String.join(" ", arguments))
                .output()
                .strip();
    }

    Repository write(String name, String content) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    Repository link(String name, String target) throws IOException {
        Files.createSymbolicLink(path.resolve(name), Path.of(target));
        return this;
    }

    Repository commit(String message) throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "-m", message);
        return this;
    }

    String head() throws Exception {
        return git("rev-parse", "HEAD");
    }
}
