package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** Jobs for the service of a test, whose one secret is in the environment of every agent. */
public final class Jobs {
    private Jobs() {}

    /** Returns the interpreter to add to every call: the tests' Python is none that is found by itself. */
    public static String python() {
        return "python: '" + RealDocker.variable("PYM_TEST_PYTHON") + "'";
    }

    public static void prepare(JenkinsRule j) throws Exception {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        set(j, Map.of("E2E_SECRET", "not so secret"));
    }

    static void set(JenkinsRule j, Map<String, String> variables) throws Exception {
        EnvironmentVariablesNodeProperty property = new EnvironmentVariablesNodeProperty(variables.entrySet().stream()
                .map(e -> new EnvironmentVariablesNodeProperty.Entry(e.getKey(), e.getValue()))
                .toList());
        j.jenkins.getGlobalNodeProperties().add(property);
    }

    public static Service withJenkinsfile(Service service, String script) throws Exception {
        return service.write("Jenkinsfile", script + "\n").commit("Jenkinsfile");
    }

    public static WorkflowJob fromScm(JenkinsRule j, String name, Service service) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class, name);
        CpsScmFlowDefinition definition = new CpsScmFlowDefinition(
                new GitSCM(
                        GitSCM.createRepoList(service.directory().toString(), null),
                        List.of(new BranchSpec("*/main")),
                        null,
                        null,
                        List.of()),
                "Jenkinsfile");
        definition.setLightweight(true);
        job.setDefinition(definition);
        return job;
    }

    static WorkflowJob inline(JenkinsRule j, String name, String script) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }
}
