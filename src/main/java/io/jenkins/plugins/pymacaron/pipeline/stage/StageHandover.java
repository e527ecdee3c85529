package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.change.RollbackRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Merges the state that the caller passes in with the state that the last stage of the same deployment has kept here,
 * in case that stage's result never reached the controller, for instance because the agent lost its connection.
 */
public final class StageHandover {
    /** The length of the time at the beginning of an id. */
    private static final int TIME = PymDirectory.TIME_LENGTH + 1;

    private StageHandover() {}

    /** Returns the id of a stage's directory, after its time. */
    public static String name(StageSpec spec, Stage stage) {
        return StageSpec.acceptance(spec.run(), stage.key());
    }

    /** Returns {@link #name} in the id of a directory; empty for another id. */
    public static String nameIn(String id) {
        return id.length() > TIME ? id.substring(TIME) : "";
    }

    /**
     * Returns whether this is the newest of the processes of one stage, and none of them has done it: a stage may be
     * tried again, and the directory of each try stays.
     */
    public static boolean isLastAttempt(RunState state) {
        String id = state.id();
        try (Stream<Path> all = Files.list(state.directory().resolveSibling(""))) {
            return all.filter(other -> nameIn(other.getFileName().toString()).equals(nameIn(id)))
                    .flatMap(other -> RunState.ifReadable(other).stream())
                    .noneMatch(other -> other.id().compareTo(id) > 0 || other.hasDone());
        } catch (IOException | UncheckedIOException e) {
            // Without an answer, nothing that serves is taken away.
            return false;
        }
    }

    public static Map<String, Map<String, String>> of(PymDirectory pym, StageSpec spec) throws IOException {
        Map<String, Map<String, String>> known = new HashMap<>(spec.state());
        for (String id : pym.runs()) {
            if (isOf(spec, id) && RunState.isThere(pym.run(id))) {
                // The passed state has priority; it also contains the entries that were removed elsewhere.
                RollbackRun.over(RunState.open(pym.run(id)).handedOn()).forEach(known::putIfAbsent);
                return known;
            }
        }
        return known;
    }

    private static boolean isOf(StageSpec spec, String id) {
        return Arrays.stream(Stage.values()).anyMatch(stage -> nameIn(id).equals(name(spec, stage)));
    }
}
