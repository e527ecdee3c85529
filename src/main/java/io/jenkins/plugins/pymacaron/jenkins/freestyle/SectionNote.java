package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.MarkupText;
import hudson.console.ConsoleAnnotationDescriptor;
import hudson.console.ConsoleAnnotator;
import hudson.console.ConsoleNote;

/** Makes a line of the console the heading of the following lines, so that the stages of a long log are found. */
public final class SectionNote extends ConsoleNote<Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public ConsoleAnnotator<Object> annotate(Object context, MarkupText text, int charPos) {
        int end = text.length();
        while (end > charPos && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        text.addMarkup(charPos, end, "<b>", "</b>");
        return null;
    }

    @Extension
    public static final class DescriptorImpl extends ConsoleAnnotationDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SectionNote_displayName();
        }
    }
}
