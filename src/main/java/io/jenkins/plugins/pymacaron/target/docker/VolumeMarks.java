package io.jenkins.plugins.pymacaron.target.docker;

import io.jenkins.plugins.pymacaron.docker.Volumes;
import io.jenkins.plugins.pymacaron.target.Environment;
import java.io.IOException;
import java.util.Map;

/**
 * The mark as the label of a volume, which holds nothing. Labels of containers cannot be changed, and a deployment that is
 * made again keeps its container. Each mark is a volume with the next number in its name. Of two who write at once only the
 * first makes it: "docker volume create" of a name that exists leaves what is there (Docker CLI reference, volume create).
 */
final class VolumeMarks implements LiveMarks {
    private final Volumes volumes;
    private final String environment;
    private final String name;

    VolumeMarks(Volumes volumes, Environment environment) {
        this.volumes = volumes;
        this.environment = environment.name();
        this.name = "pym-live-mark-" + environment.id().anywhere().hash() + "-" + environment.index() + "-";
    }

    /** The latest one. */
    private record Found(long number, String mark) {}

    @Override
    public String read() throws IOException, InterruptedException {
        return latest(all()).mark();
    }

    @Override
    public boolean replace(String before, String mark) throws IOException, InterruptedException {
        Map<String, Map<String, String>> all = all();
        Found found = latest(all);
        if (!found.mark().equals(before)) {
            return false;
        }
        long next = found.number() + 1;
        volumes.create(name + next, Map.of(Labels.LIVE_MARK_OF, environment, Labels.LIVE_MARK, mark));
        boolean mine = read().equals(mark);
        if (mine) {
            for (String old : all.keySet()) {
                volumes.remove(old);
            }
        }
        return mine;
    }

    private Map<String, Map<String, String>> all() throws IOException, InterruptedException {
        Map<String, Map<String, String>> all = volumes.labelled(Map.of(Labels.LIVE_MARK_OF, environment));
        all.keySet().removeIf(other -> !other.matches(name + "[0-9]{1,15}"));
        return all;
    }

    private Found latest(Map<String, Map<String, String>> all) {
        Found latest = new Found(0, "");
        for (Map.Entry<String, Map<String, String>> one : all.entrySet()) {
            long number = Long.parseLong(one.getKey().substring(name.length()));
            if (number > latest.number()) {
                latest = new Found(number, one.getValue().getOrDefault(Labels.LIVE_MARK, ""));
            }
        }
        return latest;
    }
}
