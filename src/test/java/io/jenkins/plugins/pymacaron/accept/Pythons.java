package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;

/** A project with tests, and the Python of this machine to run them. */
final class Pythons {
    static final String SECRET = "hunter2 & <co>";

    private static final Optional<Path> NAMED =
            Optional.ofNullable(System.getenv("PYM_TEST_PYTHON")).map(Path::of);
    /** Guarded by the class. */
    private static PythonInterpreter named;

    final List<String> log = new CopyOnWriteArrayList<>();
    final Processes processes = new Processes(new SecretMask(List.of(SECRET)), log::add);
    final Path project;

    Pythons(Path project) {
        this.project = project;
    }

    /** Returns the interpreter with pytest that the build names, or the one on PATH. */
    PythonInterpreter pytest() throws IOException, InterruptedException {
        PythonInterpreter found = find();
        Assumptions.assumeTrue(NAMED.isPresent() || found.pytest().isPresent(), "no Python with pytest");
        return found;
    }

    /** Returns the same Python taken as one without pytest. */
    PythonInterpreter unittest() throws IOException, InterruptedException {
        PythonInterpreter found = find();
        return new PythonInterpreter(found.program(), found.version(), Optional.empty());
    }

    /** Returns the interpreter that the build names. It is asked once, since it is the same for all projects. */
    private PythonInterpreter find() throws IOException, InterruptedException {
        if (NAMED.isEmpty()) {
            return PythonInterpreter.find(processes, NAMED, project, project);
        }
        synchronized (Pythons.class) {
            if (named == null) {
                named = PythonInterpreter.find(processes, NAMED, project, project);
            }
            return named;
        }
    }

    /** The interpreter with pytest taken as one without pytest-xdist. */
    PythonInterpreter withoutXdist() throws IOException, InterruptedException {
        PythonInterpreter found = pytest();
        return new PythonInterpreter(found.program(), found.version(), found.pytest());
    }

    /** The interpreter with pytest, where it has pytest-xdist. */
    PythonInterpreter withXdist() throws IOException, InterruptedException {
        PythonInterpreter found = pytest();
        Assumptions.assumeTrue(found.usesXdist(), "no Python with pytest-xdist");
        return found;
    }

    Path file(String name, String content) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    PythonTestRunner.Task task(Map<String, String> environment) {
        return task(environment, 1);
    }

    PythonTestRunner.Task task(Map<String, String> given, int parallel) {
        Map<String, String> environment = new HashMap<>(given);
        Optional.ofNullable(System.getenv("PYTHONPATH")).ifPresent(path -> environment.putIfAbsent("PYTHONPATH", path));
        return new PythonTestRunner.Task(
                project,
                List.of(project.resolve("testaccept")),
                environment,
                Set.of(),
                Duration.ofMinutes(10),
                parallel);
    }
}
