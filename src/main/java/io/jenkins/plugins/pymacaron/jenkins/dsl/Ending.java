package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** What is left to do when a deployment has ended, however it did. */
public final class Ending {
    private Ending() {}

    /** Lets the next build have the environments of this service. Those of others in the same build it leaves alone. */
    public static void of(Run<?, ?> run, Map<String, Object> order) {
        PymacaronRun.find(run)
                .flatMap(done -> done.find((String) order.get("dir")))
                .ifPresent(service -> environments(service)
                        .forEach(name -> EnvironmentQueue.get().release(name, run)));
    }

    /** The build goes on to fail for its first reason. */
    public static void alsoFailed(Run<?, ?> run, Throwable failure) throws IOException {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        if (owner != null) {
            owner.getListener().getLogger().println(Messages.Ending_alsoFailed(failure.getMessage()));
        }
    }

    /**
     * After live has failed its acceptance and was taken back.
     *
     * @param back what {@code pymRollback} has answered
     * @return what the build fails with: why, and what serves. Somebody who aborted it is told by the log
     */
    public static Throwable takenBack(Throwable failure, Object back) {
        Object version = back instanceof Map<?, ?> answer ? answer.get("version") : null;
        if (!(failure instanceof AbortException) || version == null) {
            return failure;
        }
        String why = reason(failure);
        return new AbortException(
                version.toString().isEmpty()
                        ? Messages.Ending_withdrawn(why)
                        : Messages.Ending_takenBack(why, version));
    }

    /** As {@link #takenBack}, where that failed too: both are said. */
    public static Throwable notTakenBack(Throwable failure, Throwable back) {
        return back instanceof AbortException
                ? new AbortException(Messages.Ending_notTakenBack(reason(failure), back.getMessage()))
                : back;
    }

    /** The reason for taking live back, for its history; empty where the build was ended from outside. */
    public static String why(Throwable failure) {
        return failure instanceof AbortException ? ReasonTexts.line(failure.getMessage()) : "";
    }

    /** That it was the acceptance of live is said anyway. */
    private static String reason(Throwable failure) {
        return String.valueOf(failure.getMessage()).replaceFirst("^Accept live: ", "");
    }

    private static Stream<String> environments(ServiceRun service) {
        return Stream.concat(Stream.of(service.getStagingEnvironment()), service.getLiveEnvironments().stream());
    }
}
