import io.jenkins.plugins.pymacaron.accept.PythonInterpreter;
import io.jenkins.plugins.pymacaron.accept.PythonTestRunner;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Prints, a line each, how many seconds acceptance tests take with what runs them. Arguments: Python, project, processes. */
public final class AcceptanceTime {
    private AcceptanceTime() {}

    public static void main(String[] args) throws Exception {
        Path project = Path.of(args[1]);
        int parallel = Integer.parseInt(args[2]);
        Processes processes = new Processes(SecretMask.NONE, line -> {});
        PythonInterpreter python = PythonInterpreter.find(processes, Optional.of(Path.of(args[0])), project, project);
        PythonTestRunner.Task task = new PythonTestRunner.Task(
                project, List.of(project.resolve("testaccept")), Map.of(), Set.of(), Duration.ofMinutes(5), parallel);
        long begun = System.nanoTime();
        int passed = new PythonTestRunner(processes, python).run(task).counts().passed();
        if (passed != 8) {
            throw new IllegalStateException(passed + " tests passed");
        }
        System.out.println((System.nanoTime() - begun) / 1e9 + " " + python.sharing(parallel).contains("xdist"));
    }
}
