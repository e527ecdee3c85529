package io.jenkins.plugins.pymacaron.pipeline.contract;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Lists by hand the stages that run for a caller. A test each holds the command, the Pipeline and the form to this list, so
 * that none of them differs.
 */
public final class StageTable {
    private static final List<Stage> ORDER = List.of(
            Stage.PREFLIGHT,
            Stage.UNIT,
            Stage.BUILD,
            Stage.CONTAINER,
            Stage.PUSH,
            Stage.STAGING,
            Stage.ACCEPT_STAGING,
            Stage.PRE_PROMOTE,
            Stage.PROMOTE,
            Stage.ACCEPT_LIVE);

    private static final List<Stage> TESTS =
            List.of(Stage.UNIT, Stage.CONTAINER, Stage.ACCEPT_STAGING, Stage.ACCEPT_LIVE);

    private StageTable() {}

    /** Returns the stages that run, in their order, of a deployment that ends with {@code last} and leaves others out. */
    public static List<Stage> expected(Stage last, Set<Stage> leftOut) {
        return ORDER.subList(0, ORDER.indexOf(last) + 1).stream()
                .filter(stage -> !leftOut.contains(stage))
                .toList();
    }

    /** Returns every choice of tests that are left out. */
    public static List<Set<Stage>> choicesOfTests() {
        List<Set<Stage>> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << TESTS.size(); bits++) {
            Set<Stage> chosen = EnumSet.noneOf(Stage.class);
            for (int i = 0; i < TESTS.size(); i++) {
                if ((bits & 1 << i) != 0) {
                    chosen.add(TESTS.get(i));
                }
            }
            all.add(chosen);
        }
        return all;
    }
}
