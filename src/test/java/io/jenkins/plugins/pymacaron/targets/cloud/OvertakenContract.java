package io.jenkins.plugins.pymacaron.targets.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process dies in a promotion; when it is back, its target leaves alone what another one has done since. */
public abstract class OvertakenContract {
    @TempDir
    private Path journals;

    /** Returns the live environment of the service. */
    protected abstract Target live() throws Exception;

    /** Returns an image of the version "v" and that number. */
    protected abstract Candidate candidate(String number);

    /** Makes the version of that number live, as a promotion does, and returns it. */
    protected abstract Deployed promote(String number) throws Exception;

    /** Runs a change that has to succeed. */
    protected abstract Deployed done(Target target, Change change) throws Exception;

    /** Returns the beginning of the key of the effect that changes what serves. */
    protected abstract String decisive();

    /** Returns when the cloud has done what it had accepted before the process died. */
    protected abstract void settled() throws Exception;

    /** Ends the second version as far as another promotion needs it. */
    protected void giveUp(Deployed second) throws Exception {}

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void aVersionThatAnotherDeploymentMadeLiveSinceStays(boolean applied, boolean undone) throws Exception {
        promote("1");
        Target target = live();
        Optional<Deployed> before = target.current();
        Deployed second = done(target, target.prepare(candidate("2")));
        try (CutOff dead =
                new CutOff(journals, target, target.activate(candidate("2"), second, before), decisive(), applied)) {
            settled();
            giveUp(second);
            promote("3");

            Outcome outcome = undone ? dead.undo() : dead.resume();

            assertThat(live().current().orElseThrow().version()).isEqualTo("v3");
            assertThat(outcome.left()).isEmpty();
            assertThat(outcome).isNotInstanceOf(Outcome.Done.class);
        }
    }

    /**
     * The state is as it was when the process died: by the same deployment once more, or by a rollback to the version
     * before.
     */
    @ParameterizedTest
    @CsvSource({"true,true", "false,false"})
    void aStateThatAnotherOwnerHasConfirmedStays(boolean same, boolean undone) throws Exception {
        Deployed first = promote("1");
        Target target = live();
        Deployed second = done(target, target.prepare(candidate("2")));
        try (CutOff dead = new CutOff(
                journals, target, target.activate(candidate("2"), second, Optional.of(first)), decisive(), same)) {
            giveUp(second);
            if (same) {
                promote("2");
            } else {
                done(target, target.rollBack(promote("3"), first));
            }

            Outcome outcome = undone ? dead.undo() : dead.resume();

            assertThat(target.current().orElseThrow().version()).isEqualTo(same ? "v2" : "v1");
            assertThat(outcome.left()).isEmpty();
            assertThat(outcome).isNotInstanceOf(Outcome.Done.class);
            assertThat(outcome.toString().contains("superseded by")).isNotEqualTo(undone);
        }
    }
}
