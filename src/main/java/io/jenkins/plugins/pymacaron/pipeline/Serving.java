package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known to serve, against what does after a stage that failed: it may have been taken back, or not. */
final class Serving {
    private final Map<Lane, Optional<Deployed>> known;

    private Serving(Map<Lane, Optional<Deployed>> known) {
        this.known = known;
    }

    /** What the stages before have made serve, or what served before them. */
    static Serving knownOf(List<Lane> lanes) throws StageFailedException, IOException, InterruptedException {
        Map<Lane, Optional<Deployed>> known = new LinkedHashMap<>();
        for (Lane lane : lanes) {
            Optional<Deployed> made = lane.active();
            known.put(lane, made.isPresent() ? made : lane.standing().serving());
        }
        return new Serving(known);
    }

    /** Tells what serves instead. Never fails, and no interrupt spoils it: the stage has failed already. */
    void differences(StageFindings found, Progress progress) {
        known.forEach((lane, before) -> {
            try {
                Optional<Deployed> now = Undisturbed.back(() -> current(lane));
                if (!now.map(Deployed::revision).equals(before.map(Deployed::revision))) {
                    found.changed(lane.place(), before, now);
                }
            } catch (StageFailedException | IOException e) {
                progress.warning("what serves in " + lane.environment() + " now is not known: " + e.getMessage());
            }
        });
    }

    private static Optional<Deployed> current(Lane lane) throws IOException, InterruptedException {
        try {
            return lane.place().target().current();
        } catch (TargetException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
