package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.EffectException;
import java.util.Objects;

/**
 * The reason why a call to a cloud failed, independent of the client library.
 *
 * @param message for the user, one line without secrets
 */
public record Failure(Kind kind, String message) {
    /** The consequence of a failure. */
    public enum Kind {
        /** Not done; may work later. */
        THROTTLED,
        /** The service fails (5xx), or its answer got lost: a change may have been made. */
        UNCLEAR,
        /** Nothing has that name. */
        MISSING,
        /** Not done, and trying again would not help. */
        REFUSED
    }

    public Failure {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(message);
    }

    /** Returns whether another read may help. */
    public boolean passes() {
        return kind == Kind.THROTTLED || kind == Kind.UNCLEAR;
    }

    /** Returns the failure for the driver, which tries again with growing pauses, or looks first. */
    public EffectException toEffect(Exception cause) {
        return new EffectException(
                switch (kind) {
                    case THROTTLED -> EffectException.Kind.RETRY;
                    case UNCLEAR -> EffectException.Kind.UNCERTAIN;
                    case MISSING, REFUSED -> EffectException.Kind.REJECTED;
                },
                message,
                cause);
    }

    /** Reads the status of an HTTP answer, for clients that give no better information. */
    public static Failure ofStatus(int status, String message) {
        if (status == 429) {
            return new Failure(Kind.THROTTLED, message);
        }
        if (status == 404) {
            return new Failure(Kind.MISSING, message);
        }
        return new Failure(status >= 500 || status == 408 ? Kind.UNCLEAR : Kind.REFUSED, message);
    }
}
