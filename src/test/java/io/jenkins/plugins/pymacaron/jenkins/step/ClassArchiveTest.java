package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The class archive that the first large stage in a workspace makes, and the next ones load. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class ClassArchiveTest {
    @TempDir
    Path temporary;

    @Test
    void theNextStageLoadsIt_unlessItWasChanged(JenkinsRule j) throws Exception {
        DumbSlave agent = j.createOnlineSlave();
        Scripts.secret(j);
        Gate first = new Gate(temporary.toRealPath(), "first");
        Gate second = new Gate(temporary.toRealPath(), "second");
        Service service = Service.in(temporary);
        String steps = "pymBuild()\n" + held(first) + "pymBuild()\n" + held(second);
        WorkflowJob job = Scripts.job(j, "archive", agent.getNodeName(), service, List.of(), steps);
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();

        first.awaitUnlessEnded(run);
        Path archive = archives(service).get(0);
        assertThat(memory(service)).contains(archive.toString());
        // Another file of that name: the JVM that runs has the old one in its memory.
        Files.delete(archive);
        Files.write(archive, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        first.open();

        second.awaitUnlessEnded(run);
        assertThat(archives(service)).hasSize(1).doesNotContain(archive);
        assertThat(memory(service)).contains(archives(service).get(0).toString());
        second.open();
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
    }

    private static String held(Gate gate) {
        List<String> variables = gate.variables("unit");
        return "withEnv(['" + String.join("', '", variables) + "']) { pymTest() }\n";
    }

    private static List<Path> archives(Service service) throws Exception {
        try (Stream<Path> files = Files.walk(service.directory().resolveSibling("service@tmp"))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jsa"))
                    .toList();
        }
    }

    /** Returns the names of the files in the memory of the core that runs now. */
    private static String memory(Service service) throws Exception {
        try (Stream<Path> files = Files.walk(service.directory().resolveSibling("service@tmp"))) {
            Path pid = files.filter(file -> file.getFileName().toString().equals("pid")
                            && file.getParent().getFileName().toString().startsWith("unit-"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(Path.of("/proc", Files.readString(pid).strip(), "maps"));
        }
    }
}
