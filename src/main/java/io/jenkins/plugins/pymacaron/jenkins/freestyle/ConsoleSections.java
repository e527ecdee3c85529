package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.LineTransformationOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Filters the log of a stage for a console, in which the lines that begin a stage, {@code == Build image}, are
 * highlighted.
 */
final class ConsoleSections extends LineTransformationOutputStream.Delegating {
    private static final byte[] BEGINNING = "== ".getBytes(StandardCharsets.US_ASCII);

    ConsoleSections(@NonNull OutputStream console) {
        super(console);
    }

    @Override
    protected void eol(byte[] bytes, int length) throws IOException {
        if (isHeading(bytes, length)) {
            new SectionNote().encodeTo(out);
        }
        out.write(bytes, 0, length);
        // A reader of a running build's console wants to see its progress.
        out.flush();
    }

    private static boolean isHeading(byte[] bytes, int length) {
        if (length <= BEGINNING.length) {
            return false;
        }
        for (int i = 0; i < BEGINNING.length; i++) {
            if (bytes[i] != BEGINNING[i]) {
                return false;
            }
        }
        return true;
    }
}
