package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The place in which a run has begun to change something. Another credential, or another engine, may lead to a place
 * with the same names: there, nothing is undone or continued that was begun elsewhere.
 */
public final class RunOrigin {
    static final String KEY = "places";

    private RunOrigin() {}

    /** Remembers the place. @throws StageFailedException in one line, when the run was begun elsewhere */
    public static void remember(PreparedRun prepared, RunState state) throws StageFailedException, IOException {
        Optional<String> elsewhere = elsewhere(prepared, state);
        if (elsewhere.isPresent()) {
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, elsewhere.get());
        }
        Map<String, String> places = new TreeMap<>();
        environments(prepared).forEach(e -> places.put(e.name(), e.id().text()));
        if (!places.isEmpty()) {
            state.put(KEY, places);
        }
    }

    /** Returns one line, where the run was begun elsewhere. */
    public static Optional<String> elsewhere(PreparedRun prepared, RunState state) {
        Map<String, String> places = state.get(KEY);
        return environments(prepared)
                .filter(e -> EnvironmentNames.isElsewhere(places.getOrDefault(e.name(), ""), e.id().text()))
                .findFirst()
                .map(e -> "that run has begun in " + EnvironmentNames.full(places.get(e.name()))
                        + ", and this is " + EnvironmentNames.full(e.id().text())
                        + "; use the credential, or the engine, of then");
    }

    private static Stream<Environment> environments(PreparedRun prepared) {
        return Stream.concat(prepared.staging().stream(), prepared.live().stream())
                .map(Place::environment);
    }
}
