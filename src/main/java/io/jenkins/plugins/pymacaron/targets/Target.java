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
 * One environment of one service in one cloud (or on the engine of this machine): what serves there, and the
 * operations that change it.
 *
 * <p>A target decides nothing about stages. It reads ({@link #preflight}, {@link #current}) and it describes changes as
 * {@link Change}s, which a driver takes through the journal. So a plan, a deployment, its undo and its recovery after a
 * crash all come from the same operations.
 */
public interface Target {
    /** What locks and history are kept by, for instance {@code docker/hello/live}. */
    String environment();

    /**
     * Reads whatever can be read to tell early that a deployment cannot succeed. Changes nothing.
     *
     * @return every problem found, empty when there is none
     */
    List<Problem> preflight() throws InterruptedException;

    /** What beside image, configuration and variables makes a deployment here what it is; "" for nothing. */
    default String ingredients() {
        return "";
    }

    /** Within what the names in its effects stand for one thing each; several environments may share it. */
    default String scope() throws TargetException, InterruptedException {
        return environment();
    }

    /** What serves in this environment now; empty before a first deployment. */
    Optional<Deployed> current() throws TargetException, InterruptedException;

    /** As {@link #current}, where it does not matter since when it serves: that may be wrong, and the look costs less. */
    default Optional<Deployed> glance() throws TargetException, InterruptedException {
        return current();
    }

    /**
     * What was live before {@link #current}, the one that served last first, and can be brought back without a build.
     * Where nothing serves now, the first one is what was ended by somebody else.
     */
    List<Deployed> earlier() throws TargetException, InterruptedException;

    /** Makes the candidate run here, beside what serves, and proves it. Its result reads as {@link Deployed}. */
    Change prepare(Candidate candidate) throws TargetException, InterruptedException;

    /**
     * Makes the prepared candidate what serves here.
     *
     * @param previous what serves now, to be compared again just before the change; empty on a first deployment
     */
    Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException;

    /** Makes {@code good} serve again in place of {@code bad}, which ends. */
    Change revert(Deployed bad, Deployed good) throws TargetException, InterruptedException;

    /** Ends {@code failed}, which nothing is to replace: the way back from a first deployment. */
    Change withdraw(Deployed failed) throws TargetException, InterruptedException;

    /** Ends what is no longer needed beside {@code serving}, but for the {@code keep} newest to go back to. */
    Change retire(Deployed serving, int keep) throws TargetException, InterruptedException;

    /**
     * Ends what was kept to go back to for a time that is over, and what only that needed. As {@link #retire}, but with no
     * deployment at hand; empty where there is nothing to end.
     */
    default Optional<Change> tidy() throws TargetException, InterruptedException {
        return Optional.empty();
    }

    /** When the next of what is kept for a time may be ended by {@link #tidy}; empty where nothing is kept so. */
    default Optional<Instant> keptUntil() throws TargetException, InterruptedException {
        return Optional.empty();
    }

    /**
     * What is worth knowing before a change and does not stop it, a sentence each: above all what runs there, and was made
     * by this configuration, but is not named by it any more.
     */
    default List<String> remarks() throws TargetException, InterruptedException {
        return List.of();
    }

    /**
     * Ends what {@link #remarks} tells of, but for the {@code keep} newest, which are stopped only; empty where there is
     * nothing to end.
     */
    default Optional<Change> endRemoved(int keep) throws TargetException, InterruptedException {
        return Optional.empty();
    }

    /** The last lines that the deployment has logged, masked; empty where they cannot be had. */
    String log(Deployed deployment, int lines) throws InterruptedException;

    /**
     * The last lines, masked, of what failed while it was being deployed and was removed for that in this process; empty
     * where nothing was.
     */
    default List<String> failedLog() {
        return List.of();
    }

    /** The operation that a journal names, for recovery. */
    Optional<Operation> operation(String kind);

    Effector effector();

    /**
     * What is to be known of a subject that its operations wait for, or under {@code error} why it cannot be seen now.
     * Asked by an observer, which settles when and how often.
     */
    Map<String, String> read(Subject subject) throws InterruptedException;

    /** Where to ask the deployment from this machine: its URL, or a way round where not everybody may ask that. */
    default URI reach(Deployed deployment) throws TargetException, IOException, InterruptedException {
        return URI.create(deployment.url());
    }

    /**
     * Where tests ask the deployment. Some take 127.0.0.1 for "the server is a process of this machine", so a container
     * has another address for them where it can.
     *
     * @param reached by {@link #reach}
     */
    default URI forTests(Deployed deployment, URI reached) throws IOException, InterruptedException {
        return reached;
    }

    /** Whether what {@link #prepare} makes for live can be asked before it serves, so that it is accepted first. */
    default boolean standsApart() {
        return false;
    }

    /**
     * Where to ask from this machine what was prepared for live, while something else serves.
     *
     * @return empty where that cannot be, as with the first revision of a service of Cloud Run, which serves at once
     */
    default Optional<URI> apart(Deployed prepared) throws TargetException, IOException, InterruptedException {
        return Optional.empty();
    }

    /** Where to ask {@code live}, the URL that users know, from this machine; as {@link #reach}. */
    default URI reachLive(URI live) throws TargetException, IOException, InterruptedException {
        return live;
    }

    /** Whether this is how a candidate does that has a part of live's traffic, so that its tests are run then: {@link CanaryVerdict}. */
    default boolean isTried(Subject subject) {
        return false;
    }

    /** How often to read. An engine of this machine can be asked often; a cloud counts its callers' requests. */
    default Backoff pace() {
        return new Backoff(Duration.ofMillis(100), 1.2, Duration.ofSeconds(2), 0.1);
    }

    /** How often to ask live for its version while it changes, to tell how many requests failed. */
    default Duration measureEvery() {
        return Duration.ofMillis(20);
    }

    /**
     * Whether what {@code staging} makes of the same deployment becomes live here itself. Then {@link #prepare} makes
     * nothing, but finds and proves that.
     */
    default boolean adopts(Target staging) {
        return false;
    }

    /**
     * Commands by which a person sees what is here, and has {@code good} serve again, where the program could not.
     *
     * @param good empty where nothing is to serve, or it is not known what
     */
    default List<String> byHand(Optional<Deployed> good) {
        return List.of();
    }

    /** The mark of the operation that was the last to change what serves here, see {@link LiveMark}; "" where there is none. */
    default String liveMark() throws TargetException, InterruptedException {
        return "";
    }

    /** Where those who deploy to this environment from other machines leave a note; empty where nobody can. */
    default Optional<LeaseStore> leases() {
        return Optional.empty();
    }
}
