package io.jenkins.plugins.pymacaron.accept;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Any bytes as the answer of a service: an answer, or one line. */
public final class AnswerFuzz {
    private AnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            new HttpAnswerReader(new ByteArrayInputStream(input)).read();
        } catch (IOException e) {
            if (e.getMessage() == null || e.getMessage().indexOf('\n') >= 0) {
                throw new IllegalStateException("not one line: " + e.getMessage(), e);
            }
        }
    }
}
