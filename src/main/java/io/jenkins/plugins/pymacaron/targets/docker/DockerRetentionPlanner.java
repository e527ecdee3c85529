package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settles which of an environment's own containers are stopped and removed. */
final class DockerRetentionPlanner {
    private final ContainerOwnership ownership;
    private final DockerStateReader reader;
    private final List<String> stopped = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> idle = new ArrayList<>();
    private final List<String> rehearsals = new ArrayList<>();
    private Optional<String> beside = Optional.empty();

    DockerRetentionPlanner(ContainerOwnership ownership, DockerStateReader reader) {
        this.ownership = ownership;
        this.reader = reader;
    }

    /** Ends all containers beside one that serves, except the {@code keep} that served last. */
    DockerRetentionPlanner beside(Deployed serving, int keep) throws IOException, InterruptedException {
        List<ContainerFacts> all = reader.everything();
        List<ContainerFacts> others = besides(all, serving);
        beside = Optional.of(serving.revision());
        long served = others.stream().filter(DockerRetentionPlanner::hasServed).count();
        // The order of serving matters only where some stay and some go, or where another one may serve by now.
        boolean ordered = keep > 0 && served > keep || others.stream().anyMatch(DockerStateReader::runs);
        end(ordered ? withoutLater(reader.serving(), serving) : others, keep);
        // A container that never started has never served, so no rollback can use it.
        others.stream().filter(c -> !hasServed(c)).forEach(this::remove);
        all.stream()
                .filter(c -> c.label(DockerMetadata.ROLE).equals(DockerMetadata.REHEARSAL))
                .map(ContainerFacts::name)
                .forEach(rehearsals::add);
        return this;
    }

    /**
     * Returns the others without those that run and were started after {@code serving}: another user of the engine
     * deploys at this moment, and no lock is between the two. A plan names a container that does not run yet.
     */
    private static List<ContainerFacts> withoutLater(List<ContainerFacts> ordered, Deployed serving) {
        List<String> running = ordered.stream()
                .filter(DockerStateReader::runs)
                .map(ContainerFacts::name)
                .toList();
        List<String> later = running.subList(0, Math.max(0, running.indexOf(serving.revision())));
        return besides(ordered, serving).stream()
                .filter(c -> !later.contains(c.name()))
                .toList();
    }

    private static List<ContainerFacts> besides(List<ContainerFacts> all, Deployed serving) {
        return all.stream()
                .filter(c -> c.label(DockerMetadata.ROLE).equals(DockerMetadata.SERVING)
                        && !c.name().equals(serving.revision()))
                .toList();
    }

    /**
     * Returns whether it has served. "created" is the state of a container that was never started (Docker Engine API,
     * GET /containers/json, State).
     */
    private static boolean hasServed(ContainerFacts c) {
        return !c.state().status().equals("created");
    }

    /**
     * Ends the containers at addresses that the configuration no longer names, except the {@code keep} that served
     * last.
     */
    DockerRetentionPlanner removed(int keep) throws IOException, InterruptedException {
        if (ownership.isFirst()) {
            List<ContainerFacts> gone = reader.serving(ownership::isRemoved);
            end(gone, keep);
            gone.stream().filter(c -> !hasServed(c)).forEach(this::remove);
        }
        return this;
    }

    /** Ends containers that have served, given with the newest first; those that are kept are stopped. */
    private void end(List<ContainerFacts> others, int keep) {
        List<ContainerFacts> served =
                others.stream().filter(DockerRetentionPlanner::hasServed).toList();
        served.stream()
                .limit(keep)
                .filter(DockerStateReader::runs)
                .map(ContainerFacts::name)
                .forEach(stopped::add);
        served.stream().skip(keep).forEach(this::remove);
    }

    private void remove(ContainerFacts c) {
        (DockerStateReader.runs(c) ? removed : idle).add(c.name());
    }

    boolean isEmpty() {
        return stopped.isEmpty() && removed.isEmpty() && idle.isEmpty() && rehearsals.isEmpty();
    }

    Change change() {
        return new Change(
                new DockerDeleteOperation(),
                DockerDeleteOperation.params(stopped, removed, idle, rehearsals, beside),
                Map.of());
    }
}
