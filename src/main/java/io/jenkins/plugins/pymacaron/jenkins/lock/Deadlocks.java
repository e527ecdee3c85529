package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.model.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Finds builds in a deadlock, each of which holds what the next one waits for: hand-written Pipelines that deploy two
 * services in different orders.
 */
final class Deadlocks {
    private static final Logger LOGGER = Logger.getLogger(Deadlocks.class.getName());

    private Deadlocks() {}

    /** One build waits for an environment that another one holds. */
    record Wait(String owner, String environment, String holder) {}

    /** Returns the waits of such a circle, the first of them being of the given build; empty if it is in none. */
    static List<Wait> circle(List<EnvironmentLine> lines, String from) {
        return search(waits(lines), from, from, new LinkedHashMap<>());
    }

    private static List<Wait> search(List<Wait> waits, String at, String goal, Map<String, Wait> way) {
        for (Wait wait : waits) {
            if (!wait.owner().equals(at) || way.containsKey(at)) {
                continue;
            }
            way.put(at, wait);
            List<Wait> found = wait.holder().equals(goal)
                    ? new ArrayList<>(way.values())
                    : search(waits, wait.holder(), goal, way);
            if (!found.isEmpty()) {
                return found;
            }
            way.remove(at);
        }
        return List.of();
    }

    private static List<Wait> waits(List<EnvironmentLine> lines) {
        List<Wait> waits = new ArrayList<>();
        for (EnvironmentLine line : lines) {
            String holder = line.holder();
            if (holder != null) {
                line.waiting().forEach(owner -> waits.add(new Wait(owner, line.environment(), holder)));
            }
        }
        return waits;
    }

    /** Returns whether all builds of a circle are stuck. It asks the builds, so the caller holds no monitor. */
    static boolean areStuck(List<Wait> circle) throws InterruptedException {
        for (Wait wait : circle) {
            if (!isStuck(wait.owner())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether a build does nothing but wait for environments. In a build with parallel branches, another branch
     * may go on, end and give its environments back.
     */
    private static boolean isStuck(String owner) throws InterruptedException {
        Optional<Run<?, ?>> run = EnvironmentOwners.find(owner);
        if (run.isEmpty() || !(run.get() instanceof FlowExecutionOwner.Executable pipeline)) {
            // The only thread of its executor waits.
            return run.isPresent();
        }
        FlowExecutionOwner of = pipeline.asFlowExecutionOwner();
        FlowExecution execution = of == null ? null : of.getOrNull();
        if (execution == null) {
            return false;
        }
        try {
            List<StepExecution> steps = execution.getCurrentExecutions(true).get(30, TimeUnit.SECONDS);
            return !steps.isEmpty()
                    && steps.stream().allMatch(s -> s instanceof WaitsForEnvironment w && w.isWaitingForEnvironment());
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.log(Level.FINE, e, () -> "Not known what " + owner + " does");
            return false;
        }
    }
}
