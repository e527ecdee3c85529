package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.lock.Inputs;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Two builds of one Pipeline job: the later one, of a newer commit, is promoted while the other one waits. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@Timeout(20 * 60)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class OlderBuildTest {
    private static JenkinsRule j;

    /** One for each of the two builds. */
    private static DumbSlave agent;

    private static DumbSlave other;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        other = j.createOnlineSlave();
        Scripts.secret(j);
    }

    @ParameterizedTest
    @CsvSource({"false, true", "false, false", "true, true"})
    void theOlderCommitGoesLiveOnlyWhereThatIsAllowed(boolean allowed, boolean fetched) throws Exception {
        Service service = Service.in(temporary);
        // The checkout of the older build knows the newer commit only by its origin.
        Path checkout = service.directory().resolveSibling("checkout");
        service.git("clone", "--quiet", service.directory().toString(), checkout.toString());
        if (!fetched) {
            // As a private repository, whose credentials only the checkout step of Jenkins has.
            service.git("-C", checkout.toString(), "remote", "set-url", "origin", "http://127.0.0.1:1/private.git");
        }
        String promote = allowed ? "pymPromote(, allowOlder: true)" : "pymPromote()";
        WorkflowJob job = j.createProject(WorkflowJob.class, "older-" + allowed + fetched);
        String script = script(agent, service, "input 'promote?'; " + promote)
                .replace("dir('" + service.directory() + "')", "dir('" + checkout + "')");
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun older = job.scheduleBuild2(0).waitForStart();
        Inputs.await(older);

        service.content("two").commit("second");
        job.setDefinition(new CpsFlowDefinition(script(other, service, "pymPromote()"), true));
        WorkflowRun newer = j.buildAndAssertSuccess(job);
        assertThat(Service.live()).isEqualTo("two");
        Inputs.proceed(older);
        j.waitForCompletion(older);

        assertThat(Service.live()).isEqualTo(allowed ? "one" : "two");
        assertThat(older.getResult())
                .as(older.getLog(200).toString())
                .isEqualTo(allowed ? Result.SUCCESS : Result.FAILURE);
        StageRecord last = last(older);
        assertThat(last.getOutcome()).isEqualTo(allowed ? "SUCCEEDED" : "SUPERSEDED");
        assertThat(last(newer).getOutcome()).isEqualTo("SUCCEEDED");
        if (!allowed) {
            j.assertLogContains(
                    fetched
                            ? "and so is newer; it stays. "
                            : "which a later build of this job has promoted; it stays. ",
                    older);
            j.assertLogContains("allowOlder", older);
            j.assertLogNotContains("\tat ", older);
        }
        assertThat(UnfinishedStages.get().all()).isEmpty();
    }

    private static String script(DumbSlave on, Service service, String promotion) {
        String steps = "pymBuild(); pymPush(); " + promotion + "; pymAccept()";
        return Scripts.script(on.getNodeName(), service, List.of(), steps);
    }

    private static StageRecord last(WorkflowRun run) {
        ServiceRun service = PymacaronRun.of(run).getServices().get(0);
        return service.getStages().get(service.getStages().size() - 1);
    }
}
