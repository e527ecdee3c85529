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
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Two builds of one Pipeline job: the later one, of a newer commit, is promoted while the other one waits. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
class OlderBuildTest {
    private static final String PREPARED = "pymBuild(); pymPush(); ";

    private static JenkinsRule j;
    private static DumbSlave agent;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        agent.setNumExecutors(2);
        Scripts.secret(j);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOlderCommitGoesLiveOnlyWhereThatIsAllowed(boolean allowed) throws Exception {
        Service service = Service.in(temporary);
        // The checkout of the older build knows the newer commit only by its origin.
        Path checkout = service.directory().resolveSibling("checkout");
        service.git("clone", "--quiet", service.directory().toString(), checkout.toString());
        String promote = allowed ? "pymPromote(, allowOlder: true)" : "pymPromote()";
        WorkflowJob job = Scripts.job(
                j,
                "older-" + allowed,
                agent.getNodeName(),
                service,
                List.of(),
                PREPARED + "input 'promote?'; " + promote + "; pymAccept()");
        CpsFlowDefinition newer = definition(service, PREPARED + "pymPromote(); pymAccept()");
        String inCheckout = ((CpsFlowDefinition) job.getDefinition())
                .getScript()
                .replace("dir('" + service.directory() + "')", "dir('" + checkout + "')");
        job.setDefinition(new CpsFlowDefinition(inCheckout, true));
        WorkflowRun older = job.scheduleBuild2(0).waitForStart();
        Inputs.await(older);

        service.content("two").commit("second");
        job.setDefinition(newer);
        WorkflowRun first = j.buildAndAssertSuccess(job);
        assertThat(Service.live()).isEqualTo("two");
        Inputs.proceed(older);
        j.waitForCompletion(older);

        assertThat(Service.live()).isEqualTo(allowed ? "one" : "two");
        assertThat(older.getResult())
                .as(older.getLog(200).toString())
                .isEqualTo(allowed ? Result.SUCCESS : Result.FAILURE);
        StageRecord last = last(older);
        assertThat(last.getOutcome()).isEqualTo(allowed ? "SUCCEEDED" : "SUPERSEDED");
        assertThat(last(first).getOutcome()).isEqualTo("SUCCEEDED");
        if (!allowed) {
            j.assertLogContains("which contains this commit ", older);
            j.assertLogContains("and so is newer; it stays. ", older);
            j.assertLogContains("allowOlder", older);
            j.assertLogNotContains("\tat ", older);
        }
        assertThat(UnfinishedStages.get().all()).isEmpty();
    }

    private static CpsFlowDefinition definition(Service service, String steps) throws Exception {
        return new CpsFlowDefinition(Scripts.script(agent.getNodeName(), service, List.of(), steps), true);
    }

    private static StageRecord last(WorkflowRun run) {
        ServiceRun service = PymacaronRun.of(run).getServices().get(0);
        return service.getStages().get(service.getStages().size() - 1);
    }
}
