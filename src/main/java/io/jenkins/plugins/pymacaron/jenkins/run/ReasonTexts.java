package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/** Reads the reasons that people give for a pause or a rollback. */
public final class ReasonTexts {
    /** In characters. */
    public static final int LONGEST = 300;

    private ReasonTexts() {}

    /**
     * Returns one line of plain text, cut off where it is too long. Control characters, and those that change the
     * direction of the following text, count as spaces: the line is shown in consoles too.
     *
     * @return empty if no reason was given
     */
    @NonNull
    public static String line(@CheckForNull String given) {
        if (given == null) {
            return "";
        }
        String line =
                given.replaceAll("[\\s\\p{Cntrl}\\p{Cf}\u2028\u2029]+", " ").strip();
        if (line.length() <= LONGEST) {
            return line;
        }
        // A surrogate pair is left out whole.
        int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return line.substring(0, end).strip();
    }
}
