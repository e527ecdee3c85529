package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Optional;

/**
 * The version that serves in an environment, deployed by any job.
 *
 * @param entry as in the history of that job
 * @param job its full name
 * @param kept the versions that a rollback can use without a build; null where they are not known
 * @param refused the version that was rolled back last, since live did not accept it; empty if it was accepted since
 */
record Serving(
        DeploymentEntry entry, String job, @CheckForNull List<String> kept, String refused) {
    Serving {
        job = job == null ? "" : job;
        kept = kept == null ? null : List.copyOf(kept);
        refused = refused == null ? "" : refused;
    }

    Optional<List<String>> known() {
        return Optional.ofNullable(kept);
    }

    Serving in(String otherJob) {
        return new Serving(entry, otherJob, kept, refused);
    }

    Serving keeping(List<String> versions) {
        return new Serving(entry, job, versions, refused);
    }
}
