package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Cause;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.Objects;

/** Shows on the page and in the console of a build which rollback was asked for, and why. */
public final class RollbackCause extends Cause {
    private final String environment;
    private final String version;
    private final boolean again;
    private final String reason;

    RollbackCause(@NonNull RollbackRequest request) {
        environment = request.getEnvironment();
        version = request.getVersion();
        again = request.isAgain();
        reason = request.getReason();
    }

    /** Returns plain text: pages escape it. */
    @Override
    public String getShortDescription() {
        String where = EnvironmentNames.shown(Util.fixNull(environment));
        String what;
        if (again) {
            what = Messages.RollbackCause_again(version, where);
        } else if (Util.fixNull(version).isEmpty()) {
            what = Messages.RollbackCause_before(where);
        } else {
            what = Messages.RollbackCause_back(where, version);
        }
        String why = ReasonTexts.line(reason);
        return why.isEmpty() ? what : Messages.RollbackCause_since(what, why);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RollbackCause cause
                && Objects.equals(environment, cause.environment)
                && Objects.equals(version, cause.version)
                && again == cause.again
                && Objects.equals(reason, cause.reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(environment, version, again, reason);
    }
}
