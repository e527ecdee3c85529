package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the version that is known to serve with the one that serves after a failed stage: the stage may have been
 * rolled back, or not.
 */
public final class ServingComparison {
    private final Map<EnvironmentDeployment, Optional<Deployed>> known;

    private ServingComparison(Map<EnvironmentDeployment, Optional<Deployed>> known) {
        this.known = known;
    }

    /** Returns the versions that the earlier stages have made serve, or those that served before them. */
    public static ServingComparison knownOf(List<EnvironmentDeployment> lanes)
            throws StageFailedException, IOException, InterruptedException {
        Map<EnvironmentDeployment, Optional<Deployed>> known = new LinkedHashMap<>();
        for (EnvironmentDeployment lane : lanes) {
            Optional<Deployed> made = lane.active();
            known.put(lane, made.isPresent() ? made : lane.standing().serving());
        }
        return new ServingComparison(known);
    }

    /**
     * Reports the versions that serve instead. Never fails, and no interrupt breaks it: the stage has failed already.
     */
    public void differences(StageFindings found, RunProgress progress) {
        known.forEach((lane, before) -> {
            try {
                Optional<Deployed> now = Uninterruptibles.finish(() -> current(lane));
                if (!now.map(Deployed::revision).equals(before.map(Deployed::revision))) {
                    found.changed(lane.place(), before, now);
                }
            } catch (StageFailedException | IOException e) {
                progress.warning("what serves in " + lane.environment() + " now is not known: " + e.getMessage());
            }
        });
    }

    private static Optional<Deployed> current(EnvironmentDeployment lane) throws IOException, InterruptedException {
        try {
            return lane.place().target().current();
        } catch (TargetException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
