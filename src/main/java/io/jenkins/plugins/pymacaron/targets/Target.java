package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One environment of one service in one cloud (or on the Docker Engine of this machine): the version that serves there,
 * and the operations that change it.
 *
 * <p>A target decides nothing about stages. It reads ({@link #preflight}, {@link #current}) and it describes changes as
 * {@link Change}s, which a driver takes through the journal. So plan, deployment, undo and recovery after a crash all
 * use the same operations.
 */
public interface Target {
    /** Returns the key of locks and history, for instance {@code docker/hello/live}. */
    String environment();

    /**
     * Reads all that can tell early that a deployment cannot succeed. Changes nothing.
     *
     * @return every problem found, empty when there is none
     */
    List<Problem> preflight() throws InterruptedException;

    /** Returns the inputs of a deployment here other than image, configuration and variables; "" for none. */
    default String ingredients() {
        return "";
    }

    /**
     * Returns the scope within which each name in its effects stands for one thing; several environments may share it.
     */
    default String scope() throws TargetException, InterruptedException {
        return environment();
    }

    /** Returns the deployment that serves in this environment now; empty before a first deployment. */
    Optional<Deployed> current() throws TargetException, InterruptedException;

    /** Returns the same as {@link #current} at a lower cost; its {@code since} may be wrong. */
    default Optional<Deployed> glance() throws TargetException, InterruptedException {
        return current();
    }

    /**
     * Returns the deployments that were live before {@link #current} and can be brought back without a build, the one
     * that served last first. If nothing serves now, the first one is the one that was ended from outside.
     */
    List<Deployed> earlier() throws TargetException, InterruptedException;

    /**
     * Returns the operation that runs the candidate here, beside what serves, and proves it. Its result reads as
     * {@link Deployed}.
     */
    Change prepare(Candidate candidate) throws TargetException, InterruptedException;

    /**
     * Returns the operation that makes the prepared candidate serve here.
     *
     * @param previous the deployment that serves now, which is compared again just before the change; empty on a first
     *     deployment
     */
    Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException;

    /** Returns the operation that makes {@code good} serve again in place of {@code bad}, and ends {@code bad}. */
    Change rollBack(Deployed bad, Deployed good) throws TargetException, InterruptedException;

    /** Returns the operation that ends {@code failed} without a replacement: the rollback of a first deployment. */
    Change withdraw(Deployed failed) throws TargetException, InterruptedException;

    /**
     * Returns the operation that ends deployments that are no longer needed beside {@code serving}, except the
     * {@code keep} newest, which are kept for a rollback.
     */
    Change retire(Deployed serving, int keep) throws TargetException, InterruptedException;

    /**
     * Returns the operation that ends kept versions whose time is over, and the resources that only they needed. It is
     * like {@link #retire}, without a serving deployment as its argument; empty where there is nothing to end.
     */
    default Optional<Change> tidy() throws TargetException, InterruptedException {
        return Optional.empty();
    }

    /** Returns the time when {@link #tidy} may end the next kept version; empty where nothing is kept for a time. */
    default Optional<Instant> keptUntil() throws TargetException, InterruptedException {
        return Optional.empty();
    }

    /**
     * Returns facts that are worth knowing before a change and do not stop it, a sentence each: above all deployments
     * that run there and were made by this configuration, which no longer names them.
     */
    default List<String> remarks() throws TargetException, InterruptedException {
        return List.of();
    }

    /**
     * Returns the operation that ends what {@link #remarks} reports, except the {@code keep} newest, which are only
     * stopped; empty where there is nothing to end.
     */
    default Optional<Change> endRemoved(int keep) throws TargetException, InterruptedException {
        return Optional.empty();
    }

    /** Returns the last lines that the deployment has logged, masked; empty where they are not available. */
    String log(Deployed deployment, int lines) throws InterruptedException;

    /**
     * Returns the last lines, masked, of the log of a candidate that failed during its deployment and that this process
     * therefore removed; empty where there was none.
     */
    default List<String> failedLog() {
        return List.of();
    }

    /** Returns the operation that a journal names, for recovery. */
    Optional<Operation> operation(String kind);

    Effector effector();

    /**
     * Reads the facts about a subject that the operations wait for, or the reason why it cannot be seen now under
     * {@code error}. An observer calls it, and settles when and how often.
     */
    Map<String, String> read(Subject subject) throws InterruptedException;

    /**
     * Returns the URL at which this machine can ask the deployment: its own URL, or a proxy where not everybody may ask
     * that.
     */
    default URI reach(Deployed deployment) throws TargetException, IOException, InterruptedException {
        return URI.create(deployment.url());
    }

    /**
     * Returns the URL at which tests ask the deployment. Some services take 127.0.0.1 to mean "the server is a process
     * of this machine", so a container has another address for tests where possible.
     *
     * @param reached the result of {@link #reach}
     */
    default URI forTests(Deployed deployment, URI reached) throws IOException, InterruptedException {
        return reached;
    }

    /**
     * Returns whether the candidate that {@link #prepare} makes for live can be asked before it serves, so that it is
     * accepted first.
     */
    default boolean standsApart() {
        return false;
    }

    /**
     * Returns whether {@link #prepare} for live makes resources that staging has no part in and no user reaches, so that
     * it may run while staging is accepted.
     */
    default boolean preparesAlone() {
        return false;
    }

    /**
     * Returns the URL at which this machine can ask the candidate for live while something else serves.
     *
     * @return empty where that is not possible, as with the first revision of a service of Cloud Run, which serves at
     *     once
     */
    default Optional<URI> apart(Deployed prepared) throws TargetException, IOException, InterruptedException {
        return Optional.empty();
    }

    /**
     * Returns the URL at which this machine can ask {@code live}, the URL that users know; otherwise as {@link #reach}.
     */
    default URI reachLive(URI live) throws TargetException, IOException, InterruptedException {
        return live;
    }

    /**
     * Returns whether the subject is a candidate that has a part of live's traffic, so that its tests run now:
     * {@link CanaryVerdict}.
     */
    default boolean isTried(Subject subject) {
        return false;
    }

    /**
     * Returns how often to read. The Docker Engine of this machine can be asked often; a cloud limits the number of
     * requests.
     */
    default Backoff pace() {
        return new Backoff(Duration.ofMillis(100), 1.2, Duration.ofSeconds(2), 0.1);
    }

    /** Returns how often to ask live for its version while it changes, to count the requests that failed. */
    default Duration measureEvery() {
        return Duration.ofMillis(20);
    }

    /**
     * Returns whether the deployment that {@code staging} makes becomes live here itself. Then {@link #prepare} makes
     * nothing, but finds and proves that deployment.
     */
    default boolean adopts(Target staging) {
        return false;
    }

    /**
     * Returns commands by which a person sees the state here, and makes {@code good} serve again where the program
     * could not.
     *
     * @param good empty where nothing is to serve, or the deployment is not known
     */
    default List<String> byHand(Optional<Deployed> good) {
        return List.of();
    }

    /**
     * Returns the mark of the operation that was the last to change what serves here, see {@link LiveMark}; "" where
     * there is none.
     */
    default String liveMark() throws TargetException, InterruptedException {
        return "";
    }

    /**
     * Returns the store of the lease, where runs on other machines that deploy to this environment leave their note;
     * empty where there can be no such runs.
     */
    default Optional<LeaseStore> leases() {
        return Optional.empty();
    }
}
