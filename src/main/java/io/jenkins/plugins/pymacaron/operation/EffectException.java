package io.jenkins.plugins.pymacaron.operation;

import java.util.Objects;

/** Thrown when an effect was not applied, or perhaps was; the message is for the user, without secrets. */
public final class EffectException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The knowledge about the world after the failure. */
    public enum Kind {
        /** Certainly not applied, and trying again would not help. */
        REJECTED,
        /** Certainly not applied, but it may work later: throttled, busy. */
        RETRY,
        /** May have been applied: the answer was lost. It is looked up, as after a crash. */
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
