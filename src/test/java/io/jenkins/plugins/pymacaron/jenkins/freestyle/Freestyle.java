package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import hudson.EnvVars;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.slaves.DumbSlave;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.slaves.RetentionStrategy;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.util.List;
import org.jvnet.hudson.test.JenkinsRule;

/** Freestyle jobs that deploy a service from its own directory, on an agent. */
final class Freestyle {
    /** Every character that a launcher or a shell could misread. */
    static final String SECRET = "s3cr$t $HOME ${PATH} $$ \"'`\\ =\n second line";

    private final JenkinsRule j;
    private final DumbSlave agent;

    Freestyle(JenkinsRule j) throws Exception {
        this.j = j;
        // Created with its executors: a node that is updated later keeps those that it has.
        agent = new DumbSlave("agent", j.createTmpDir().getPath(), j.createComputerLauncher(null));
        agent.setNumExecutors(2);
        agent.setRetentionStrategy(RetentionStrategy.NOOP);
        j.jenkins.addNode(agent);
        j.waitOnline(agent);
        Stores.add(Stores.text("e2e-secret", SECRET));
    }

    /** Returns a builder with the usual settings of a user. */
    static PymacaronBuilder builder() {
        PymacaronBuilder builder = new PymacaronBuilder();
        builder.setPython(System.getenv("PYM_TEST_PYTHON"));
        builder.setSecrets(List.of(new SecretBinding("E2E_SECRET", "e2e-secret")));
        return builder;
    }

    FreeStyleProject job(String name, Service service, PymacaronBuilder... builders) throws IOException {
        FreeStyleProject project = j.createFreeStyleProject(name);
        project.setAssignedNode(agent);
        project.setCustomWorkspace(service.directory().toString());
        project.getBuildersList().addAll(List.of(builders));
        return project;
    }

    /** Sets variables for later processes on the agent. @param variables {@code NAME=value} each */
    void environment(Service service, List<String> variables) throws IOException {
        EnvVars all = new EnvVars(
                "XDG_STATE_HOME", service.directory().resolveSibling("state").toString());
        variables.forEach(all::addLine);
        agent.getNodeProperties().clear();
        agent.getNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(all.entrySet().stream()
                        .map(e -> new EnvironmentVariablesNodeProperty.Entry(e.getKey(), e.getValue()))
                        .toList()));
        j.jenkins.updateNode(agent);
    }

    static List<String> stages(FreeStyleBuild build) {
        return PymacaronRun.of(build).getServices().get(0).getStages().stream()
                .map(StageRecord::getStage)
                .toList();
    }
}
