package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.ArrayList;
import java.util.List;

/** The facts that a preflight found, for a user who checks whether they are as intended. */
public final class PreflightFindings {
    private PreflightFindings() {}

    /** Returns a line each. */
    public static List<String> lines(PreparedRun prepared) {
        List<String> lines = new ArrayList<>();
        RunRequest request = prepared.request();
        String file =
                request.environment().map(env -> "pym-config." + env + ".yaml").orElse("pym-config.yaml");
        lines.add("Service " + prepared.base().name() + " of " + file
                + (prepared.live().isEmpty()
                        ? ""
                        : ", to "
                                + prepared.live()
                                        .get(0)
                                        .environment()
                                        .config()
                                        .target()
                                        .id()));
        lines.add("Image: " + ImageName.of(prepared.base()).repository()
                + (request.push() ? "" : ", kept on this machine"));
        prepared.python()
                .ifPresent(python -> lines.add("Tests: " + python
                        + python.sharing(prepared.base().accept().parallel())));
        return lines;
    }

    /** Returns the versions that serve in staging and live, a line each. */
    public static List<String> serving(PreparedRun prepared) throws StageFailedException, InterruptedException {
        List<String> lines = new ArrayList<>();
        List<Place> places = new ArrayList<>(prepared.live());
        prepared.staging().ifPresent(staging -> places.add(0, staging));
        try {
            for (Place place : places) {
                lines.add(serving(place));
            }
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
        }
        return lines;
    }

    /** Returns the version that serves in a place, in one line. */
    public static String serving(Place place) throws TargetException, InterruptedException {
        return place.environment().name() + ", where "
                + ServingState.of(place.target()).sentence();
    }
}
