package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.LineTransformationOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The log of a stage on its way to a console, where the lines that begin a stage, {@code == Build image}, stand out. */
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
        // Who looks at the console of a running build wants to see how far it is.
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
