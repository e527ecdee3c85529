package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The script for a container without Java, in the shell and the Python of this machine. */
@EnabledIfEnvironmentVariable(named = "PYM_TEST_PYTHON", matches = ".+")
class ContainerTestRunnerTest {
    private static final String TEST = """
            import os, unittest
            class Names(unittest.TestCase):
                def test_names(self):
                    with open("names", "w") as out:
                        out.write("\\n".join(os.environ))
            """;

    @TempDir
    Path temporary;

    /** Returns the names of the variables that the tests see. */
    private List<String> seen(Map<String, String> variables, List<String> bound) throws Exception {
        Path service = Files.createDirectories(temporary.resolve("service"));
        Files.writeString(Files.createDirectories(service.resolve("test")).resolve("test_names.py"), TEST);
        String script = ContainerTestRunner.prepare(
                StageOrder.of("unit").with(Parameter.PYTHON, System.getenv("PYM_TEST_PYTHON")),
                new FilePath(Files.createDirectories(temporary.resolve("stage")).toFile()),
                service.toString(),
                bound);
        Path log = temporary.resolve("log");
        ProcessBuilder shell =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).redirectOutput(log.toFile());
        shell.environment().putAll(variables);
        Process process = shell.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(service.resolve("names")).as(Files.readString(log)).exists();
        return Files.readAllLines(service.resolve("names"));
    }

    @Test
    void noTestSeesAVariableOfThePipelineThatTheBuildHasBound() throws Exception {
        Map<String, String> variables = new TreeMap<>();
        PipelineCredentials.WITHHELD.forEach(name -> variables.put(name, "line one\nPYM_ENV=line two"));
        variables.put("PYM_GCP_OF_A_LATER_VERSION", "value");
        List<String> own = new ArrayList<>(variables.keySet());
        variables.putAll(Map.of("PYM_ENV", "qa", "SERVICE_SETTING", "value", "BOUND_BY_THE_STAGE", "value"));

        assertThat(seen(variables, List.of("BOUND_BY_THE_STAGE")))
                .doesNotContainAnyElementsOf(own)
                .doesNotContain("BOUND_BY_THE_STAGE")
                .contains("PYM_ENV", "SERVICE_SETTING");
    }
}
