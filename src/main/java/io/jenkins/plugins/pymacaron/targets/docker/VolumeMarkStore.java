package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.docker.Volumes;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the mark as the label of an empty volume. Labels of containers cannot be changed, and a deployment that is made
 * again keeps its container. Each mark is a volume with the next number in its name. Of two writers at the same time,
 * only the first makes it: "docker volume create" of a name that exists leaves the existing volume (Docker CLI
 * reference, volume create).
 */
final class VolumeMarkStore implements LiveMarkStore {
    private final Volumes volumes;
    private final String environment;
    private final String name;
    /** The marks that the last look has found, by the names of their volumes. */
    private volatile Map<String, String> seen;

    VolumeMarkStore(Volumes volumes, Environment environment) {
        this.volumes = volumes;
        this.environment = environment.name();
        this.name = "pym-live-mark-" + environment.id().anywhere().hash() + "-" + environment.index() + "-";
    }

    /** The latest mark and its number. */
    private record Found(long number, String mark) {}

    @Override
    public String read() throws IOException, InterruptedException {
        seen = all();
        return latest(seen).mark();
    }

    @Override
    public boolean replace(String expected, String mark) throws IOException, InterruptedException {
        Map<String, String> before = Optional.ofNullable(seen).orElse(Map.of());
        Found found = latest(before);
        if (!found.mark().equals(expected)) {
            return false;
        }
        long next = found.number() + 1;
        volumes.create(name + next, Map.of(DockerMetadata.LIVE_MARK_OF, environment, DockerMetadata.LIVE_MARK, mark));
        boolean mine = read().equals(mark);
        if (mine) {
            volumes.remove(before.keySet());
        }
        return mine;
    }

    private Map<String, String> all() throws IOException, InterruptedException {
        Map<String, String> all =
                volumes.listed(Map.of(DockerMetadata.LIVE_MARK_OF, environment), DockerMetadata.LIVE_MARK);
        all.keySet().removeIf(other -> !other.matches(name + "[0-9]{1,15}"));
        return all;
    }

    private Found latest(Map<String, String> all) {
        Found latest = new Found(0, "");
        for (Map.Entry<String, String> one : all.entrySet()) {
            long number = Long.parseLong(one.getKey().substring(name.length()));
            if (number > latest.number()) {
                latest = new Found(number, one.getValue());
            }
        }
        return latest;
    }
}
