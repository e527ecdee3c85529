package io.jenkins.plugins.pymacaron.target.cloudrun;

import com.google.api.gax.rpc.ApiException;
import com.google.auth.Retryable;
import io.jenkins.plugins.pymacaron.target.cloud.Failure;
import io.jenkins.plugins.pymacaron.target.cloud.Failure.Kind;

/** Reads the exceptions of Google's client library. */
final class Failures {
    private static final int LONGEST = 500;

    private Failures() {}

    static Failure of(Exception e) {
        if (e instanceof ApiException api) {
            return new Failure(kind(api), line(api));
        }
        return new Failure(Kind.UNCLEAR, line(e));
    }

    private static Kind kind(ApiException e) {
        if (e.getCause() instanceof Retryable auth && !auth.isRetryable()) {
            return Kind.REFUSED;
        }
        return switch (e.getStatusCode().getCode()) {
            case RESOURCE_EXHAUSTED -> Kind.THROTTLED;
            // The etag was not the latest: not done, and right after reading again.
            case ABORTED -> Kind.THROTTLED;
            case NOT_FOUND -> Kind.MISSING;
            case INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED, UNKNOWN, CANCELLED -> Kind.UNCLEAR;
            default -> Kind.REFUSED;
        };
    }

    private static String line(Exception e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    }
}
