package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.process.CheckoutPaths;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hides secrets in all output of a run, from any source: a program, a cloud, a registry, the service, an exception. It
 * knows the credentials of the pipeline from the beginning, and learns of more as they become known. Texts that are
 * kept in files go through {@link #masked}. Files of the private checkout are named by their path in the repository.
 */
public final class MaskingProgress implements RunProgress {
    private final RunProgress shown;
    private final Set<String> secrets = new TreeSet<>();
    private volatile SecretMask mask;

    /** Makes the mask. @param inherited the environment variables of this process, or those that Jenkins bound */
    public MaskingProgress(RunProgress shown, Map<String, String> inherited) {
        this.shown = shown;
        mask = SecretMask.NONE;
        hide(PipelineCredentials.secretsIn(inherited).toList());
    }

    @Override
    public synchronized void hide(Collection<String> more) {
        if (secrets.addAll(more)) {
            mask = new SecretMask(secrets);
        }
    }

    @Override
    public String masked(String text) {
        return text == null ? null : CheckoutPaths.shown(mask.mask(text));
    }

    @Override
    public void line(String text) {
        shown.line(masked(text));
    }

    @Override
    public void say(String text) {
        shown.say(masked(text));
    }

    @Override
    public void warning(String text) {
        shown.warning(masked(text));
    }

    @Override
    public void started(Stage stage) {
        shown.started(stage);
    }

    @Override
    public void passed(Stage stage, Duration took, String note) {
        shown.passed(stage, took, masked(note));
    }

    @Override
    public void skipped(Stage stage, String why) {
        shown.skipped(stage, masked(why));
    }

    @Override
    public void failed(Stage stage, Duration took, String why) {
        shown.failed(stage, took, masked(why));
    }
}
