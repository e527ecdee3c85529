package io.jenkins.plugins.pymacaron.pipeline.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits of a real repository against the one that live says it is of. */
class NewerCommitCheckTest {
    @TempDir
    static Path directory;

    private static FakeService service;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
        service.checkOutAgain();
    }

    private void check(FakeRun run) throws Exception {
        try (OperationRunner operations = run.operations()) {
            new NewerCommitCheck(run.prepared, service.progress())
                    .check(List.of(run.live(operations)), NextStepAdvice.SHELL);
        }
    }

    @Test
    void aCommitThatContainsOursIsNotReplaced() throws Exception {
        FakeRun run = service.run();
        String ours = run.prepared.source().commit();
        String newer = service.commit("Newer");
        service.live().serving("newer", newer);

        assertThatThrownBy(() -> check(run))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.outcome()).isEqualTo(RunOutcome.SUPERSEDED))
                .hasMessage("newer serves in docker/hello/live, of commit " + newer.substring(0, 6)
                        + ", which contains this commit " + ours.substring(0, 6)
                        + " and so is newer; it stays. --allow-older deploys the older one all the same");
    }

    @Test
    void theSameCommitAndOlderOnesAreReplaced() throws Exception {
        String older = service.commit("Older");
        service.commit("Ours");
        FakeRun run = service.run(Map.of(), "# newest\n");
        service.live().serving("older", older);
        check(run);
        service.live().serving("same", run.prepared.source().commit());

        check(run);

        assertThat(service.said()).isEmpty();
    }

    /** A clone that cannot fetch the newer commit, in a Jenkins that knows the order of its builds. */
    @Test
    void aVersionOfALaterBuildIsNewerWhereGitDoesNotKnow() throws Exception {
        service.live().serving("later", "0123456789012345678901234567890123456789");
        FakeRun run = service.run(Map.of("laterVersions", "other,later"), "");

        assertThatThrownBy(() -> check(run))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.outcome()).isEqualTo(RunOutcome.SUPERSEDED))
                .hasMessage("later serves in docker/hello/live, which a later build of this job has promoted; it stays."
                        + " --allow-older deploys this commit "
                        + run.prepared.source().sha6() + " all the same");
        check(service.run(Map.of("laterVersions", "other,later", "allowOlder", "true"), ""));
        service.live().serving("older", service.commit("Older"));
        service.commit("Ours");
        check(service.run(Map.of("laterVersions", "older"), "# newest\n"));
    }

    @Test
    void anUnknownCommitIsReportedOnceAndGoesOn() throws Exception {
        service.live().serving("strange", "0123456789012345678901234567890123456789");
        FakeRun run = service.run();
        try (OperationRunner operations = run.operations()) {
            NewerCommitCheck check = new NewerCommitCheck(run.prepared, service.progress());
            check.check(List.of(run.live(operations)), NextStepAdvice.SHELL);
            check.check(List.of(run.live(operations)), NextStepAdvice.SHELL);
        }

        assertThat(service.said()).singleElement().asString().contains("strange", "is not known", "commit 012345");
    }

    @Test
    void aDeploymentThatDoesNotSayItsCommitIsSaidToo() throws Exception {
        service.live().serving("mute", "");

        check(service.run());

        assertThat(service.said()).singleElement().asString().endsWith("it does not say of which commit it is");
    }

    @Test
    void aNamedVersionOrAnAllowanceMayBeOlder() throws Exception {
        for (Map<String, String> options : List.of(Map.of("version", "two"), Map.of("allowOlder", "true"))) {
            FakeRun run = service.run(options, "");
            service.live().serving("newer", service.commit("Newer"));

            check(run);
        }
        assertThat(service.said()).isEmpty();
    }

    @Test
    void aRunMayEndTheChangeThatItHasBegun() throws Exception {
        FakeRun run = service.run();
        run.deploy();
        service.live().serving("newer", service.commit("Newer"));
        service.said().clear();

        check(run);

        assertThat(service.said()).isEmpty();
    }
}
