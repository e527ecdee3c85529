package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.Extension;
import hudson.MarkupText;
import hudson.Util;
import hudson.console.ConsoleAnnotationDescriptor;
import hudson.console.ConsoleAnnotator;
import hudson.console.ConsoleNote;
import hudson.model.Item;
import hudson.model.Run;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;

/**
 * Names a build in the log of another job's build to readers who may read it, and shows "another build" to all others.
 */
public final class BuildNote extends ConsoleNote<Object> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(BuildNote.class.getName());

    private final String build;
    private final int length;

    private BuildNote(String build, int length) {
        this.build = build;
        this.length = length;
    }

    /** Returns the note. @param build its externalizable id */
    static String encode(String build) {
        String text = Messages.EnvironmentQueue_another();
        try {
            return new BuildNote(build, text.length()).encode() + text;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "No note for " + build);
            return text;
        }
    }

    @Override
    public ConsoleAnnotator<Object> annotate(Object context, MarkupText text, int charPos) {
        Run<?, ?> run;
        try {
            run = Run.fromExternalizableId(build);
        } catch (RuntimeException e) {
            // The build is of a job that this reader may only discover, or that is gone.
            return null;
        }
        if (run != null && run.getParent().hasPermission(Item.READ)) {
            String url = Jenkins.get().getRootUrlFromRequest() + run.getUrl();
            text.addMarkup(
                    charPos,
                    charPos + length,
                    "<a href=\"" + Util.escape(url) + "\">",
                    " (" + Util.escape(run.getFullDisplayName()) + ")</a>");
        }
        return null;
    }

    @Extension
    @Symbol("pymacaronBuild")
    public static final class DescriptorImpl extends ConsoleAnnotationDescriptor {
        @Override
        public String getDisplayName() {
            return Messages.EnvironmentQueue_another();
        }
    }
}
