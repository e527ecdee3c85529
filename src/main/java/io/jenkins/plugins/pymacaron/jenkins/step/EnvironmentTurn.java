package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.lock.DeploymentPause;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.WaitingListener;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.OrderedBuild;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The environments that a stage changes, and this build's turn in them. The build keeps them until its deployment is
 * over.
 */
final class EnvironmentTurn {
    private final boolean unknown;
    private final boolean mutating;
    private final boolean back;
    private final TreeSet<String> environments;

    private EnvironmentTurn(boolean unknown, StageOrder order, TreeSet<String> environments) {
        this.unknown = unknown;
        mutating = order.isMutating();
        back = order.isBack();
        this.environments = environments;
    }

    static EnvironmentTurn of(StageOrder order, Run<?, ?> run) {
        TreeSet<String> environments = new TreeSet<>();
        if (order.isMutating()) {
            Optional<ServiceRun> service = PymacaronRun.find(run).flatMap(r -> r.find(order.getDirectory()));
            service.ifPresent(s -> environments.addAll(
                    order.getStage().equals("staging") ? List.of(s.getStagingEnvironment()) : s.getLiveEnvironments()));
            environments.remove("");
        }
        // For the first step of a build, only the configuration tells which secrets to look up.
        boolean unknown = !order.getStage().equals("config")
                && PymacaronRun.find(run)
                        .flatMap(r -> r.find(order.getDirectory()))
                        .isEmpty();
        return new EnvironmentTurn(unknown, order, environments);
    }

    /** Returns whether neither the environments nor any other fact of the service are known yet. */
    boolean needsConfiguration() {
        return unknown || (mutating && environments.isEmpty());
    }

    /**
     * Returns whether not all properties that distinguish an environment are known, which this stage's credential may
     * tell.
     */
    boolean isVague() {
        return mutating && environments.stream().anyMatch(EnvironmentNames::isVague);
    }

    /**
     * Refuses a rollback in another environment than the requested one, which the job's parameters or its commit may
     * name by now.
     *
     * @throws AbortException with one line
     */
    void refuseAnotherThanAsked(StageOrder order, Run<?, ?> run) throws AbortException {
        Optional<RollbackRequest> asked = RollbackRequest.of(run)
                .filter(request -> mutating && request.getDirectory().equals(order.getDirectory()));
        List<String> live = PymacaronRun.find(run)
                .flatMap(all -> all.find(order.getDirectory()))
                .map(ServiceRun::getLiveEnvironments)
                .orElse(List.of());
        if (asked.isPresent()
                && live.stream()
                        .noneMatch(id -> EnvironmentNames.isSame(id, asked.get().getEnvironment()))) {
            throw new AbortException(Messages.StageExecution_otherEnvironment(
                    order.getTitle(),
                    EnvironmentNames.shown(asked.get().getEnvironment()),
                    live.stream().map(EnvironmentNames::shown).collect(Collectors.joining(", "))));
        }
    }

    /**
     * Refuses a stage if deployments are paused. A Pipeline of single steps does not name its environments; the earlier
     * deployments of its job do. A paused build ends before it tests or builds anything, rather than at its promotion.
     *
     * @throws AbortException with one line
     */
    void refuseIfPaused(StageOrder order, Run<?, ?> run, TaskListener listener)
            throws IOException, InterruptedException {
        Optional<ServiceRun> service = PymacaronRun.find(run).flatMap(all -> all.find(order.getDirectory()));
        boolean first = order.isBeforeDeployment()
                && service.isPresent()
                && run.getAction(OrderedBuild.class) == null
                && BuildOrigin.of(run, listener).mayShip();
        if (first) {
            List<String> all = new ArrayList<>(service.get().getLiveEnvironments());
            all.add(service.get().getStagingEnvironment());
            all.removeIf(String::isEmpty);
            DeploymentPause.refuseJob(all, run);
        }
    }

    /** Takes the environments in the order of their names, so that two builds never wait for each other. */
    CompletableFuture<Void> take(Run<?, ?> run, WaitingListener listener) {
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (String environment : environments) {
            all = all.thenCompose(before -> EnvironmentQueue.get().acquire(environment, run, listener, back));
        }
        return all;
    }

    /**
     * Gives the environments of a service to the next build when its deployment is over: live was accepted, or rolled
     * back. The build may have other services to deploy, or other work, and for one of these it may have to wait for
     * the very build that waits for this one.
     */
    static void passOn(StageOrder order, Run<?, ?> run) {
        PymacaronRun.find(run)
                .flatMap(r -> r.find(order.getDirectory()))
                .filter(service -> isOver(order.getStage(), service))
                .ifPresent(service -> Stream.concat(
                                Stream.of(service.getStagingEnvironment()), service.getLiveEnvironments().stream())
                        .forEach(environment -> EnvironmentQueue.get().release(environment, run)));
    }

    private static boolean isOver(String stage, ServiceRun service) {
        return stage.equals("rollback")
                || (stage.equals("live") && service.last("promote").isPresent());
    }

    void cancel(Run<?, ?> run) {
        environments.forEach(environment -> EnvironmentQueue.get().cancel(environment, run));
    }

    @Override
    public String toString() {
        return environments.stream().map(EnvironmentNames::shown).collect(Collectors.joining(", "));
    }
}
