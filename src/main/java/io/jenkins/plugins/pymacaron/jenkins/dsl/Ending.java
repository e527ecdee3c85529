package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.LiveRollback;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** Does the last steps of a deployment that has ended in any way. */
public final class Ending {
    private Ending() {}

    /** Gives the environments of this service to the next build. Those of other services in the same build stay. */
    public static void of(Run<?, ?> run, Map<String, Object> order) {
        PymacaronRun.find(run)
                .flatMap(done -> done.find((String) order.get("dir")))
                .ifPresent(service -> environments(service)
                        .forEach(name -> EnvironmentQueue.get().release(name, run)));
    }

    /** Records another failure; the build still fails for its first reason. */
    public static void alsoFailed(Run<?, ?> run, Throwable failure) throws IOException {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        if (owner != null) {
            owner.getListener().getLogger().println(Messages.Ending_alsoFailed(failure.getMessage()));
        }
    }

    /**
     * Handles a live that has failed its acceptance and was rolled back.
     *
     * @param back the result of {@code pymRollback}
     * @return the failure of the build: the reason, and the version that serves. A user who aborted it reads that in
     *     the log
     */
    public static Throwable rolledBack(Throwable failure, Object back) {
        Object version = back instanceof Map<?, ?> answer ? answer.get("version") : null;
        if (!(failure instanceof AbortException) || version == null) {
            return failure;
        }
        return new AbortException(LiveRollback.done(String.valueOf(failure.getMessage()), version.toString()));
    }

    /** Handles a failed rollback as {@link #rolledBack} does: both failures are reported. */
    public static Throwable notRolledBack(Throwable failure, Throwable back) {
        return back instanceof AbortException
                ? new AbortException(LiveRollback.failed(String.valueOf(failure.getMessage()), back.getMessage()))
                : back;
    }

    /** Returns the reason of the rollback of live, for its history; empty where the build was ended from outside. */
    public static String why(Throwable failure) {
        return failure instanceof AbortException ? ReasonTexts.line(failure.getMessage()) : "";
    }

    private static Stream<String> environments(ServiceRun service) {
        return Stream.concat(Stream.of(service.getStagingEnvironment()), service.getLiveEnvironments().stream());
    }
}
