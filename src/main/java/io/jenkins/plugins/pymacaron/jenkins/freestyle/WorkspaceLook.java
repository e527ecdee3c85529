package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.util.FormValidation;
import java.io.IOException;

/** Checks whether the configuration that a form names is in the workspace of the last build, if there is one. */
final class WorkspaceLook {
    private WorkspaceLook() {}

    /** Checks only for users who may look into the workspace themselves. */
    static FormValidation at(@NonNull AbstractProject<?, ?> project, @NonNull String directory, @NonNull String env)
            throws InterruptedException {
        if (!project.hasPermission(Item.WORKSPACE)) {
            return FormValidation.ok();
        }
        try {
            FilePath workspace = project.getSomeWorkspace();
            if (workspace == null) {
                return FormValidation.ok();
            }
            String file = env.isEmpty() ? "pym-config.yaml" : "pym-config." + env + ".yaml";
            String path = directory.isEmpty() ? file : directory + "/" + file;
            return workspace.child(path).exists()
                    ? FormValidation.ok()
                    : FormValidation.warning(Messages.WorkspaceLook_missing(path));
        } catch (IOException e) {
            // The agent is away; that is no mistake of the form.
            return FormValidation.ok();
        }
    }
}
