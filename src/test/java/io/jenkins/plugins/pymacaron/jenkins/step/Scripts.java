package io.jenkins.plugins.pymacaron.jenkins.step;

import io.jenkins.plugins.pymacaron.cli.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** Pipelines around steps: on an agent, in the checkout of a service, with its secret and its Python. */
final class Scripts {
    static final String SECRET = "s3cr$t = \"value\"";
    /** Everything up to live, which is "one" then. */
    static final String ALL = "pymBuild(); pymPush(); pymDeploy(); pymPromote(); pymAccept()";

    private Scripts() {}

    static void secret(JenkinsRule j) throws Exception {
        Secrets.add(j, "e2e-secret", SECRET);
    }

    /** @param steps with {@code ()} where the usual parameters belong, and {@code (, …)} before others */
    static WorkflowJob job(JenkinsRule j, String name, String node, Service service, List<String> env, String steps)
            throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script(node, service, env, steps), true));
        return job;
    }

    static String script(String node, Service service, List<String> env, String steps) {
        List<String> all = new ArrayList<>(env);
        all.add("XDG_STATE_HOME=" + service.directory().resolveSibling("state"));
        return "node('" + node + "') {\n dir('" + service.directory() + "') {\n  withEnv(["
                + all.stream().map(v -> "'" + v + "'").collect(Collectors.joining(", ")) + "]) {\n"
                + usual(steps) + "\n  }\n }\n}\n";
    }

    static String usual(String steps) {
        String parameters = "secrets: [E2E_SECRET: 'e2e-secret'], python: '" + System.getenv("PYM_TEST_PYTHON") + "'";
        return steps.replaceAll("(pym\\w+)\\(\\)", "$1(" + parameters + ")")
                .replaceAll("(pym\\w+)\\(, ", "$1(" + parameters + ", ");
    }
}
