package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import java.util.List;

/** Ends the console of every build with the results of its services: the reader of a log looks at its end. */
@Extension
public final class SummaryListener extends RunListener<Run<?, ?>> {
    @Override
    public void onCompleted(@NonNull Run<?, ?> run, @NonNull TaskListener listener) {
        List<ServiceSummary> summaries =
                PymacaronRun.find(run).map(PymacaronRun::getSummaries).orElse(List.of());
        summaries.forEach(summary -> summary.getConsole().forEach(listener.getLogger()::println));
    }
}
