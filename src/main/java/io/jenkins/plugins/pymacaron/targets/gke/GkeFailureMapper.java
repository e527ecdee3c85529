package io.jenkins.plugins.pymacaron.targets.gke;

import com.google.auth.Retryable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import java.io.IOException;

/** Reads the exceptions of the Kubernetes client. */
final class GkeFailureMapper {
    private static final int LONGEST = 600;

    private GkeFailureMapper() {}

    static Failure of(Exception e) {
        if (e instanceof KubernetesClientException k && k.getCode() > 0) {
            String said = k.getStatus() != null && k.getStatus().getMessage() != null
                    ? k.getStatus().getMessage()
                    : String.valueOf(k.getMessage());
            if (k.getCode() == 409 || k.getCode() == 503) {
                // 409 without a conflict of owners: another client wrote at the same time. 503: not accepted.
                return new Failure(Failure.Kind.THROTTLED, line(said));
            }
            return Failure.ofStatus(k.getCode(), k.getCode() == 401 ? "the token is refused (401)" : line(said));
        }
        String told = String.valueOf(e.getMessage());
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            told = cause instanceof TargetException ? String.valueOf(cause.getMessage()) : told;
            if (cause instanceof Retryable token && !token.isRetryable()) {
                // Google gives no token any more: the key was deleted, for instance.
                return new Failure(Failure.Kind.REFUSED, line(told));
            }
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return new Failure(Failure.Kind.UNCLEAR, line(String.valueOf(cause)));
            }
        }
        return new Failure(Failure.Kind.UNCLEAR, line(String.valueOf(e.getMessage())));
    }

    private static String line(String text) {
        String one = text.replaceAll("\\s+", " ").strip();
        return one.length() > LONGEST ? one.substring(0, LONGEST) + "…" : one;
    }
}
