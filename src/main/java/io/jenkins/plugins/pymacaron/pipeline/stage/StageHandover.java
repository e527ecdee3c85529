package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.change.RollbackRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a stage knows of those before it. That is what it is told; besides, what the last one of the same deployment here
 * has kept and nobody got to know, since for instance the agent lost its controller just then.
 */
public final class StageHandover {
    /** Of an id, which begins with its time. */
    private static final int TIME = PymDirectory.TIME_LENGTH + 1;

    private StageHandover() {}

    /** The id of a stage's directory, after its time. */
    public static String name(StageSpec spec, Stage stage) {
        return spec.run() + "-" + stage.key();
    }

    public static Map<String, Map<String, String>> of(PymDirectory pym, StageSpec spec) throws IOException {
        Map<String, Map<String, String>> known = new HashMap<>(spec.state());
        for (String id : pym.runs()) {
            if (isOf(spec, id) && RunState.isThere(pym.run(id))) {
                // What is told comes first; what was forgotten elsewhere is told as well.
                RollbackRun.over(RunState.open(pym.run(id)).handedOn()).forEach(known::putIfAbsent);
                return known;
            }
        }
        return known;
    }

    private static boolean isOf(StageSpec spec, String id) {
        return Arrays.stream(Stage.values())
                .anyMatch(stage -> id.length() > TIME && id.substring(TIME).equals(name(spec, stage)));
    }
}
