package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Listener;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.process.ExternalWaitTime;
import java.time.Instant;

/** Reports the effects of an operation and what it waits for, and counts the time that others take. */
final class EffectProgress implements Listener {
    private final RunProgress progress;
    private ExternalWaitTime.Wait wait;

    EffectProgress(RunProgress progress) {
        this.progress = progress;
    }

    @Override
    public void intent(Effect effect) {
        end();
        progress.line(effect.sentence());
    }

    @Override
    public void waiting(String what, Instant deadline) {
        end();
        wait = ExternalWaitTime.begin();
        progress.line("waiting for " + what);
    }

    @Override
    public void note(String line) {
        progress.line(line);
    }

    @Override
    public void done(Outcome outcome) {
        end();
    }

    private void end() {
        if (wait != null) {
            wait.close();
            wait = null;
        }
    }
}
