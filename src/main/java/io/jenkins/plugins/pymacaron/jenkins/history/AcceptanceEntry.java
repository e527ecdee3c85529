package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.util.Map;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The result of the acceptance tests of a build for the version that it had deployed to a slot. It is kept with the
 * deployments, since it outlives the build as they do.
 *
 * @param accepted the slot, {@code staging} or {@code live}
 * @param at milliseconds since the epoch
 * @param outcome as a stage's result names it
 * @param failed failures and errors together
 */
@ExportedBean(defaultVisibility = 3)
public record AcceptanceEntry(
        String accepted,
        long at,
        String directory,
        int build,
        String buildId,
        String outcome,
        int passed,
        int failed,
        int skipped) {
    private static final Map<String, String> SLOTS = Map.of("accept-staging", "staging", "live", "live");

    public AcceptanceEntry {
        accepted = accepted == null ? "" : accepted;
        directory = directory == null ? "" : directory;
        buildId = buildId == null ? "" : buildId;
        outcome = outcome == null ? "" : outcome;
    }

    /** Returns the entry; empty for a stage that accepts no version that serves. */
    static Optional<AcceptanceEntry> of(Run<?, ?> run, ServiceRun service, StageRecord stage) {
        return Optional.ofNullable(SLOTS.get(stage.getStage()))
                .filter(slot -> stage.getTotal() > 0 || !stage.getOutcome().equals("SUCCEEDED"))
                .map(slot -> new AcceptanceEntry(
                        slot,
                        stage.getStarted() + stage.getDurationMillis(),
                        service.getDirectory(),
                        run.getNumber(),
                        PymacaronRun.knownIdOf(run).orElse(""),
                        stage.getOutcome(),
                        stage.getPassed(),
                        stage.getFailed() + stage.getErrors(),
                        stage.getSkipped()));
    }

    /** Returns the result that the build itself has, while it is kept: an earlier version wrote no other record. */
    static Optional<AcceptanceEntry> ofBuild(@CheckForNull Job<?, ?> job, @NonNull DeploymentEntry entry) {
        Run<?, ?> run = job == null ? null : job.getBuildByNumber(entry.build());
        if (run == null || !entry.isOf(run)) {
            return Optional.empty();
        }
        return PymacaronRun.find(run).flatMap(all -> all.find(entry.directory())).stream()
                .flatMap(service -> service.getStages().stream().flatMap(stage -> of(run, service, stage).stream()))
                .filter(accepted -> accepted.isOf(entry))
                .reduce((earlier, later) -> later);
    }

    boolean isOne() {
        return !accepted.isEmpty();
    }

    /** Returns whether it concerns that deployment. A version that a rollback brought back serves without tests. */
    boolean isOf(@NonNull DeploymentEntry entry) {
        return !entry.isRollback()
                && accepted.equals(entry.slot())
                && build == entry.build()
                && buildId.equals(entry.buildId())
                && directory.equals(entry.directory());
    }

    @Exported
    public boolean isGood() {
        return outcome.equals("SUCCEEDED");
    }

    @Exported
    public long getAt() {
        return at;
    }

    @Exported
    public int getPassed() {
        return passed;
    }

    @Exported
    public int getFailed() {
        return failed;
    }

    @Exported
    public int getSkipped() {
        return skipped;
    }

    /** Returns the text for pages. */
    @NonNull
    public String getText() {
        int total = passed + failed + skipped;
        if (total == 0) {
            return Messages.AcceptanceEntry_none();
        }
        return isGood() ? Messages.AcceptanceEntry_passed(passed) : Messages.AcceptanceEntry_failed(failed, total);
    }
}
