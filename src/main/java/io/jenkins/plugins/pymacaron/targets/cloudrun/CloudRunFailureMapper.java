package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.UnknownException;
import com.google.auth.Retryable;
import com.google.rpc.Status;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure.Kind;
import java.io.IOException;

/** Reads the exceptions of Google's client library. */
final class CloudRunFailureMapper {
    private static final int LONGEST = 500;

    private CloudRunFailureMapper() {}

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
            // Status 409 has two meanings: the etag was not the latest, so that a new read helps; or the name exists.
            case ABORTED -> isTaken(e) ? Kind.REFUSED : Kind.THROTTLED;
            case NOT_FOUND -> Kind.MISSING;
            case INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED, UNKNOWN, CANCELLED -> Kind.UNCLEAR;
            default -> Kind.REFUSED;
        };
    }

    /** Returns whether a name is taken: of a service that exists, or of a revision that must not change. */
    static boolean isTaken(RuntimeException e) {
        return e instanceof ApiException api && said(api).contains("ALREADY_EXISTS");
    }

    /** Returns whether the request cannot be done in the current state. */
    static boolean isTooEarly(RuntimeException e) {
        return e instanceof ApiException api && said(api).contains("FAILED_PRECONDITION");
    }

    /** Returns the first line of the error of an operation; the lines after it are links. */
    static String line(Status error) {
        return cut(error.getMessage());
    }

    /**
     * Returns the whole text of the answer. The library makes one message of it, with a status that is not always the
     * service's.
     */
    private static String said(ApiException e) {
        return e.getCause() instanceof HttpResponseException answer ? String.valueOf(answer.getContent()) : "";
    }

    private static String line(Exception e) {
        // For a call that got no answer, the library's own name stands in front of the cause.
        boolean lost = e instanceof UnknownException && e.getCause() instanceof IOException;
        return cut(String.valueOf((lost ? e.getCause() : e).getMessage()));
    }

    private static String cut(String text) {
        String message = text.lines().findFirst().orElse("");
        return message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    }
}
