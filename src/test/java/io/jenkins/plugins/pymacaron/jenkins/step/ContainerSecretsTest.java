package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Stages in a container that docker-workflow made, while another process of the machine reads all arguments. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class ContainerSecretsTest {
    private static final String VALUE = "in no argument: $HOME \"w\u00f6rd\" it's";

    private static JenkinsRule j;
    private static DumbSlave agent;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        Secrets.add(j, "in-container", VALUE);
    }

    @Test
    void areInNoArgument() throws Exception {
        Service service = Service.in(temporary);
        Watcher watcher = new Watcher();
        watcher.start();
        WorkflowRun run;
        try {
            run = j.buildAndAssertSuccess(Scripts.job(
                    j,
                    "in-container",
                    agent.getNodeName(),
                    service,
                    java.util.List.of(),
                    "docker.image('" + RealDocker.base()
                            + "').inside { pymTest(secrets: [E2E_SECRET: 'in-container']) }"));
        } finally {
            watcher.over = true;
            watcher.join();
        }
        assertThat(watcher.looked).as("processes of the container's client").isPositive();
        assertThat(watcher.found).isEmpty();
        j.assertLogNotContains("in no argument", run);
        Secrets.assertNowhere(j, temporary, "in no argument");
    }

    /** Reads the arguments of all processes again and again, as every user of the machine may. */
    private static final class Watcher extends Thread {
        final Set<String> found = ConcurrentHashMap.newKeySet();
        volatile int looked;
        volatile boolean over;

        @Override
        public void run() {
            while (!over) {
                ProcessHandle.allProcesses().forEach(process -> {
                    String argv = read(Path.of("/proc/" + process.pid() + "/cmdline"));
                    if (argv.contains("docker\0exec")) {
                        looked++;
                    }
                    if (argv.contains("in no argument") || argv.contains("PYM_DEPLOYMENT_KEY=")) {
                        found.add(argv.replace('\0', ' '));
                    }
                });
            }
        }

        private static String read(Path file) {
            try {
                return Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                // It has gone just now.
                return "";
            }
        }
    }
}
