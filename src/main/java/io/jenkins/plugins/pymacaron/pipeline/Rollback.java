package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.pipeline.Prepared.Place;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings back a version that was live before, in every region, without a build. */
final class Rollback {
    private final Prepared prepared;
    private final Operations operations;
    private final Optional<String> version;

    /** @param version empty for the one that was live before */
    Rollback(Prepared prepared, Operations operations, Optional<String> version) {
        this.prepared = prepared;
        this.operations = operations;
        this.version = version;
    }

    String run() throws StageFailedException, IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        for (Place place : prepared.live()) {
            Deployed good = choose(place, version);
            Deployed now = current(place).orElseThrow();
            operations.run(
                    "rollback-" + place.environment().index(),
                    place.target(),
                    prepared.timeout(Stage.ROLLBACK),
                    () -> place.target().revert(now, good));
            notes.add(good.version() + " serves again at " + good.url() + ", instead of " + now.version());
        }
        return String.join("; ", notes);
    }

    /** @throws StageFailedException when there is nothing to go back to, or not that version */
    static Deployed choose(Place place, Optional<String> version) throws StageFailedException, InterruptedException {
        String environment = place.environment().name();
        Optional<Deployed> now = current(place);
        if (now.isEmpty()) {
            throw refused("nothing is live in " + environment + ", so there is nothing to roll back");
        }
        if (version.isPresent() && version.get().equals(now.get().version())) {
            throw refused(version.get() + " is live in " + environment + " already");
        }
        List<Deployed> kept = earlier(place);
        return kept.stream()
                .filter(d -> version.isEmpty() || version.get().equals(d.version()))
                .findFirst()
                .orElseThrow(() -> refused((version.isEmpty()
                                ? "no earlier version"
                                : "version " + version.get() + " is not")
                        + " kept in " + environment + "; "
                        + (kept.isEmpty()
                                ? ""
                                : "there are "
                                        + kept.stream().map(Deployed::version).collect(Collectors.joining(", ")) + "; ")
                        + "--deploy VERSION deploys any image that exists"));
    }

    private static Optional<Deployed> current(Place place) throws StageFailedException, InterruptedException {
        try {
            return place.target().current();
        } catch (TargetException e) {
            throw refused(e.getMessage());
        }
    }

    private static List<Deployed> earlier(Place place) throws StageFailedException, InterruptedException {
        try {
            return place.target().earlier();
        } catch (TargetException e) {
            throw refused(e.getMessage());
        }
    }

    private static StageFailedException refused(String message) {
        return new StageFailedException(RunOutcome.CONFIG_INVALID, message);
    }
}
