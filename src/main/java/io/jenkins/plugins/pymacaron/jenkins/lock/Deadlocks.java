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
 * Builds of which each has what the next one waits for, so that none would ever go on: hand-written Pipelines that deploy
 * two services, each in another order.
 */
final class Deadlocks {
    private static final Logger LOGGER = Logger.getLogger(Deadlocks.class.getName());

    private Deadlocks() {}

    /** One build waits for an environment that another one holds. */
    record Wait(String owner, String environment, String holder) {}

    /** The waits of such a circle, the first of them being of the given build; empty if it is in none. */
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

    /**
     * Whether a build does nothing but wait for environments. In one with parallel branches, another branch may go on, end
     * and give back what it has.
     */
    static boolean isStuck(String owner) throws InterruptedException {
        Optional<Run<?, ?>> run = EnvironmentOwners.find(owner);
        if (run.isEmpty() || !(run.get() instanceof FlowExecutionOwner.Executable pipeline)) {
            // The one thread of its executor waits.
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
