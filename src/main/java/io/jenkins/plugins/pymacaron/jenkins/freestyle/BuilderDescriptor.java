package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.pymacaron.jenkins.config.FormChecks;
import io.jenkins.plugins.pymacaron.jenkins.config.KeyValueLines;
import io.jenkins.plugins.pymacaron.jenkins.config.StageTimeout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The form of the build step, with the checks of typed text. */
public abstract class BuilderDescriptor extends BuildStepDescriptor<Builder> {
    BuilderDescriptor() {
        super(PymacaronBuilder.class);
    }

    /** Reads the form, which has a table where a file has lines. */
    @Override
    public Builder newInstance(StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
        Optional<Map<String, String>> timeouts = StageTimeout.take(form);
        Builder builder = super.newInstance(request, form);
        if (builder instanceof PymacaronBuilder ours) {
            timeouts.ifPresent(given -> ours.setTimeouts(KeyValueLines.of(given)));
        }
        return builder;
    }

    @RequirePOST
    public ListBoxModel doFillTargetItems(@AncestorInPath Item item) {
        return mayConfigure(item)
                ? FormChecks.targets()
                : new ListBoxModel(FormChecks.targets().get(0));
    }

    @RequirePOST
    public ListBoxModel doFillUntilItems(@AncestorInPath Item item) {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.PymacaronBuilder_untilLive(), LastStage.LIVE.name());
        if (mayConfigure(item)) {
            items.add(Messages.PymacaronBuilder_untilStaging(), LastStage.STAGING.name());
            items.add(Messages.PymacaronBuilder_untilPush(), LastStage.PUSH.name());
            items.add(Messages.PymacaronBuilder_untilPlan(), LastStage.PLAN.name());
        }
        return items;
    }

    @RequirePOST
    public FormValidation doCheckDir(@AncestorInPath Item item, @QueryParameter String value)
            throws InterruptedException {
        return look(item, value, "");
    }

    @RequirePOST
    public FormValidation doCheckEnv(
            @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String dir)
            throws InterruptedException {
        String env = Util.fixNull(value).trim();
        if (!mayConfigure(item) || env.isEmpty()) {
            return FormValidation.ok();
        }
        return env.matches("[A-Za-z0-9._-]+")
                ? look(item, dir, env)
                : FormValidation.error(Messages.PymacaronBuilder_env(env));
    }

    @RequirePOST
    public FormValidation doCheckCanary(@AncestorInPath Item item, @QueryParameter String value) {
        return mayConfigure(item) ? FormChecks.canary(value) : FormValidation.ok();
    }

    private static FormValidation look(Item item, String directory, String env) throws InterruptedException {
        String path = Util.fixNull(directory).trim();
        if (!mayConfigure(item)) {
            return FormValidation.ok();
        }
        boolean outside = path.startsWith("/")
                || path.contains("\\")
                || path.contains(":")
                || List.of(path.split("/")).contains("..");
        if (outside) {
            return FormValidation.error(Messages.PymacaronBuilder_outside());
        }
        return item instanceof AbstractProject<?, ?> project
                ? WorkspaceLook.at(project, path, env)
                : FormValidation.ok();
    }

    /** Returns whether the user may see the form; others learn nothing from its checks. */
    private static boolean mayConfigure(Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.EXTENDED_READ);
    }
}
