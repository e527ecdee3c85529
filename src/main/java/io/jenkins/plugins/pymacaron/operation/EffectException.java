package io.jenkins.plugins.pymacaron.operation;

import java.util.Objects;

/** An effect could not be applied, or perhaps was; the message is for the user, without secrets. */
public final class EffectException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is known of the world after the failure. */
    public enum Kind {
        /** Certainly not applied, and trying again would not help. */
        REJECTED,
        /** Certainly not applied, but it may work later: throttled, busy. */
        RETRY,
        /** May have been applied: the answer was lost. Looked up, as after a crash. */
        UNCERTAIN
    }

    private final Kind kind;

    public EffectException(Kind kind, String message) {
        this(kind, message, null);
    }

    public EffectException(Kind kind, String message, Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.kind = Objects.requireNonNull(kind);
    }

    public static EffectException rejected(String message) {
        return new EffectException(Kind.REJECTED, message);
    }

    public static EffectException retry(String message) {
        return new EffectException(Kind.RETRY, message);
    }

    public static EffectException uncertain(String message, Throwable cause) {
        return new EffectException(Kind.UNCERTAIN, message, cause);
    }

    public Kind kind() {
        return kind;
    }
}
