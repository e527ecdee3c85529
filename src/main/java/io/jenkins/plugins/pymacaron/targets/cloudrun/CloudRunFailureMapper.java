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
            // Status 409 is both: the etag was not the latest, so that it is right after reading again; or it is there.
            case ABORTED -> isTaken(e) ? Kind.REFUSED : Kind.THROTTLED;
            case NOT_FOUND -> Kind.MISSING;
            case INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED, UNKNOWN, CANCELLED -> Kind.UNCLEAR;
            default -> Kind.REFUSED;
        };
    }

    /** Whether a name is taken: of a service that is there, or of a revision that is not to be changed. */
    static boolean isTaken(RuntimeException e) {
        return e instanceof ApiException api && said(api).contains("ALREADY_EXISTS");
    }

    /** Whether what was asked for cannot be done as things stand now. */
    static boolean isTooEarly(RuntimeException e) {
        return e instanceof ApiException api && said(api).contains("FAILED_PRECONDITION");
    }

    /** The first line of what an operation has failed by; the lines after it are links. */
    static String line(Status error) {
        return cut(error.getMessage());
    }

    /** The whole of the answer, of which the library makes one message and a status that is not always the service's. */
    private static String said(ApiException e) {
        return e.getCause() instanceof HttpResponseException answer ? String.valueOf(answer.getContent()) : "";
    }

    private static String line(Exception e) {
        // A call that got no answer has the library's own name in front of what went wrong.
        boolean lost = e instanceof UnknownException && e.getCause() instanceof IOException;
        return cut(String.valueOf((lost ? e.getCause() : e).getMessage()));
    }

    private static String cut(String text) {
        String message = text.lines().findFirst().orElse("");
        return message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    }
}
