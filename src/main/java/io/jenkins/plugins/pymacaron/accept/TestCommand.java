package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The command that starts a test runner.
 *
 * @param scratch the directory for the script of the plugin and for the report
 * @param processes the number of processes of pytest-xdist; 1 for none
 */
record TestCommand(PythonInterpreter interpreter, PythonTestRunner.Task task, Path scratch, int processes) {
    private static final String TOKEN = "PYM_JWT_TOKEN";
    private static final String PATH = "PYTHONPATH";

    private static final String RUNNER = "unittest_xml.py";
    /** The plugin for pytest, by its name as a module. */
    private static final String PLUGIN = "pymacaron_plugin";
    /** Tells our runner that the tests that it leaves out are no failure. */
    private static final String ASKED = "--asked";

    /** Returns the path of the report. */
    Path report() {
        return scratch.resolve("report.xml");
    }

    /** Returns the command. @param paths directories and files with tests */
    Command of(List<Path> paths) throws IOException {
        List<String> argv = new ArrayList<>(List.of(interpreter.program()));
        Map<String, String> environment = new LinkedHashMap<>(task.environment());
        if (interpreter.usesPytest()) {
            PythonScript.copy(PLUGIN + ".py", scratch);
            environment.merge(PATH, scratch.toString(), (given, own) -> own + File.pathSeparator + given);
            argv.addAll(List.of(
                    "-m",
                    "pytest",
                    "-p",
                    PLUGIN,
                    "-p",
                    "no:cacheprovider",
                    "-o",
                    "junit_family=xunit2",
                    "--rootdir=" + task.directory().toAbsolutePath(),
                    "--junitxml=" + report()));
            if (processes > 1) {
                // Tests of one file may need each other, so a file stays in one process.
                // A process that crashes ends the run: its successor would get the same test
                // (xdist/scheduler/loadscope.py).
                argv.addAll(List.of("--numprocesses=" + processes, "--dist=loadfile", "--max-worker-restart=0"));
            }
        } else {
            argv.addAll(List.of(PythonScript.copy(RUNNER, scratch).toString(), report().toString()));
            if (interpreter.unittest()) {
                argv.add(ASKED);
            }
        }
        paths.forEach(path -> argv.add(path.toAbsolutePath().toString()));
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("PYTHONUNBUFFERED", "1");
        environment.merge(PATH, task.directory().toString(), (given, own) -> own + File.pathSeparator + given);
        Set<String> withheld = environment.containsKey(TOKEN) ? Set.of() : Set.of(TOKEN);
        return Command.of(argv)
                .in(task.directory())
                .without(withheld)
                .with(environment)
                .asking(task.direct())
                .within(task.timeout());
    }
}
