package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;

/** The source cannot be taken, or no image can be made of it, for a reason that its owner can mend. One line. */
public class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    public SourceException(String message) {
        super(message);
    }
}
