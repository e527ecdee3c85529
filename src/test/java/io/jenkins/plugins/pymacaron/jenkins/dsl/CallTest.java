package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.GroovySourceFileAllowlist;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DurabilityHintJobProperty;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests the ways to call {@code pymacaronDeploy}, and its answer where no deployment is possible. */
@WithJenkins
class CallTest {
    private static JenkinsRule j;

    @BeforeAll
    static void begin(JenkinsRule rule) {
        j = rule;
    }

    @Test
    void mistakesAreOneLine() throws Exception {
        WorkflowJob job = Jobs.inline(j, "mistakes", "");
        fails(job, "pymacaronDeploy()", "There is no source to deploy: this Pipeline does not come from an SCM.");
        fails(job, "pymacaronDeploy tagret: 'docker'", "there is no \"tagret\". Did you mean \"target\"?");
        fails(job, "steps.pymacaronDeploy env: 'production'", "ERROR: steps.pymacaronDeploy(…) opens no stages. Write");
        fails(job, "steps.pymacaronDeploy skip: ['unit']", "ERROR: steps.pymacaronDeploy(…) opens no stages. Write");
        fails(job, "pymacaronDeploy('production')", "pymacaronDeploy takes its parameters by name");
        fails(job, "pymacaronDeploy onFailure: 'mail'", "onFailure must be a closure");
        fails(job, "pymacaronDeploy canary: [5, true]", "canary must be a list of percentages");
        fails(job, "node { pymacaronDeploy() }", "ERROR: Read configuration: ");
        fails(job, "node { pymacaronDeploy skip: ['uint'] }", "skip: there is no \"uint\". Did you mean \"unit\"?");
        fails(
                job,
                "node { pymacaronDeploy timeouts: [build: 'soon'] }",
                "ERROR: pymacaronDeploy: The timeout of build, soon, is not a duration");
        fails(
                job,
                "pymacaronDeploy timeouts: [accept_stagin: '5m']",
                "timeouts: there is no \"accept-stagin\". Did you mean \"accept-staging\"?");
        fails(job, "node { pymacaronDeploy target: 'moon' }", "there is no target moon");
        fails(job, "pymacaronDeploy dir: \"${'..'}/x\"", "is outside the workspace");
    }

    /** Names, values and numbers are checked together, in each kind of job, before any work. */
    @Test
    void allMistakesAreNamedAtOnce() throws Exception {
        WorkflowJob job = Jobs.inline(j, "many-mistakes", "");
        WorkflowRun run = fails(
                job,
                "node { pymacaronDeploy target: 'dokcer', canary: [50, 5], skip: 'uint', colour: 'red',"
                        + " timeouts: [stagin: 'soon', build: 'later'] }",
                "pymacaronDeploy: there is no \"colour\"");
        assertAllMistakes(run);
        j.assertLogContains("pymacaronDeploy: skip: there is no \"uint\". Did you mean \"unit\"?", run);

        run = fails(
                job,
                "node { pymAccept target: 'dokcer', canary: '50, 5', dir: '..', onFailure: 'ignore', on: 'mars',"
                        + " timeouts: [stagin: 'soon', build: 'later'] }",
                "on must be container, staging or live, not mars.");
        assertAllMistakes(run);
        j.assertLogContains("onFailure must be failure or unstable, not ignore.", run);
        j.assertLogContains("The service directory .. is outside the workspace.", run);

        FreeStyleProject freestyle = j.createFreeStyleProject("many-mistakes-freestyle");
        PymacaronBuilder builder = new PymacaronBuilder();
        builder.setDir("..");
        builder.setTarget("dokcer");
        builder.setCanary("50, 5");
        builder.setTimeouts("stagin=soon\nbuild=later");
        freestyle.getBuildersList().add(builder);
        FreeStyleBuild build = j.buildAndAssertStatus(Result.FAILURE, freestyle);
        assertAllMistakes(build);
        j.assertLogContains("The service directory .. is outside the workspace.", build);
    }

    private static void assertAllMistakes(Run<?, ?> run) throws Exception {
        j.assertLogContains("there is no target dokcer. Did you mean docker?", run);
        j.assertLogContains("canary must be a list of growing percentages from 1 to 99", run);
        j.assertLogContains("timeouts: there is no \"stagin\". Did you mean \"staging\"?", run);
        j.assertLogContains("The timeout of stagin, soon, is not a duration", run);
        j.assertLogContains("The timeout of build, later, is not a duration", run);
        j.assertLogNotContains("\tat ", run);
    }

    @Test
    void closuresHearHowItEnded() throws Exception {
        WorkflowJob job = Jobs.inline(j, "closures", "");
        WorkflowRun run = fails(
                job,
                "node { pymacaronDeploy onSuccess: { echo 'never' }, onFailure: { echo \"It failed: $it\"; error 'other' } }",
                "It failed: ");
        j.assertLogNotContains("never", run);
        j.assertLogNotContains("ERROR: other", run);
        j.assertLogContains("onFailure failed too: other", run);
    }

    @Test
    void theSandboxHolds() throws Exception {
        WorkflowJob job = Jobs.inline(j, "sandbox", "");
        fails(
                job,
                "node { pymacaronDeploy onFailure: { jenkins.model.Jenkins.get() } }",
                "onFailure failed too: Scripts not permitted to use staticMethod jenkins.model.Jenkins get");
        assertThat(GroovySourceFileAllowlist.all())
                .filteredOn(a -> a instanceof PymacaronDeployVariable.Source)
                .singleElement()
                .satisfies(a -> {
                    assertThat(a.isAllowed(PymacaronDeployVariable.class
                                    .getResource("PymacaronDeploy.groovy")
                                    .toString()))
                            .isTrue();
                    assertThat(a.isAllowed("file:/other/PymacaronDeploy.groovy"))
                            .isFalse();
                });
    }

    @Test
    void saysWhenARestartWouldEndIt() throws Exception {
        WorkflowJob job = Jobs.inline(j, "durability", "");
        WorkflowRun durable = fails(job, "node { pymacaronDeploy() }", "ERROR: Read configuration: ");
        j.assertLogNotContains("a restart of Jenkins", durable);
        job.addProperty(new DurabilityHintJobProperty(FlowDurabilityHint.PERFORMANCE_OPTIMIZED));
        fails(job, "node { pymacaronDeploy() }", "NOTE: a restart of Jenkins would end this build, since its job");
    }

    @Test
    void rollbacksAreScheduledOnce() throws Exception {
        WorkflowJob job = Jobs.inline(j, "rollback", "node { pymacaronDeploy dir: 'b' }");
        j.jenkins.doQuietDown();
        job.scheduleBuild2(0);
        for (String version : List.of("v1", "v1", "v2")) {
            new RollbackRequest("a", "docker/a/live", version, "bob").schedule(job);
        }
        assertThat(j.jenkins.getQueue().getItems(job)).as("and not one for all").hasSize(3);
        j.jenkins.getQueue().getItems(job).stream()
                .filter(item -> item.getAction(RollbackRequest.class) == null)
                .forEach(j.jenkins.getQueue()::cancel);
        j.jenkins.doCancelQuietDown();
        j.waitUntilNoActivity();
        assertThat(job.getBuilds()).hasSize(2);
        WorkflowRun run = j.assertBuildStatusSuccess(job.getLastBuild());
        j.assertLogContains("This build only rolls back the service in a. It does nothing with the service in b.", run);
        assertThat(RollbackRequest.of(run))
                .get()
                .extracting(RollbackRequest::getUser)
                .isEqualTo("bob");
        assertThat(Flow.stages(run)).isEmpty();
    }

    @Test
    void aRequestToRollBackNeverDeploys() throws Exception {
        for (String step : List.of("pymDeploy()", "pymPromote()", "pymPush()")) {
            WorkflowJob job = Jobs.inline(j, "by-hand-" + step.replace("()", ""), "node { " + step + " }");
            new RollbackRequest(".", "docker/a/live", "", "bob").schedule(job);
            j.waitUntilNoActivity();
            WorkflowRun run = j.assertBuildStatus(Result.FAILURE, job.getLastBuild());
            j.assertLogContains("this build was asked only to roll back docker/a/live.", run);
        }
    }

    /** They know nothing of the request, and would take the newest commit to live. */
    @Test
    void aRequestToDeployAgainIsNoneForSingleSteps() throws Exception {
        for (String step : List.of("pymDeploy()", "pymPromote()", "pymPush()")) {
            WorkflowJob job = Jobs.inline(j, "again-" + step.replace("()", ""), "node { " + step + " }");
            new RollbackRequest(".", "docker/a/live", "v1", "bob", true, "").schedule(job);
            j.waitUntilNoActivity();
            WorkflowRun run = j.assertBuildStatus(Result.FAILURE, job.getLastBuild());
            j.assertLogContains("this build was asked only to deploy v1 to docker/a/live again", run);
            j.assertLogContains("Use pymDeploy version: 'v1', allowOlder: true", run);
        }
    }

    private WorkflowRun fails(WorkflowJob job, String script, String line) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = j.buildAndAssertStatus(Result.FAILURE, job);
        j.assertLogContains(line, run);
        j.assertLogNotContains("\tat ", run);
        return run;
    }
}
