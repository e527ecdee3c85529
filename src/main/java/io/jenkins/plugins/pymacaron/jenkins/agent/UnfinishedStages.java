package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The stages that may have left something half-made, something for a next stage that never came, or a version whose
 * acceptance was cut off. A stage is recorded
 * before its process begins, and removed when its result, or that of a later stage of the same deployment, says that
 * nothing is left; so the list also has a stage whose build was killed, deleted, or lost its agent.
 */
@Extension
public final class UnfinishedStages {
    /** The outcomes after which a change may be neither made nor undone. */
    private static final Set<RunOutcome> LEAVING =
            Set.of(RunOutcome.RUNNING, RunOutcome.DEPLOY_FAILED, RunOutcome.ROLLBACK_FAILED);

    private final StoredList<UnfinishedStage> file =
            new StoredList<>("unfinished", UnfinishedStage.class, "what cut-off stages have left stays");
    /** Guarded by this. There is at most one for each service of a build. */
    private final List<UnfinishedStage> stages = file.read();

    public static UnfinishedStages get() {
        return ExtensionList.lookupSingleton(UnfinishedStages.class);
    }

    @NonNull
    public synchronized List<UnfinishedStage> all() {
        return List.copyOf(stages);
    }

    synchronized void begun(UnfinishedStage stage) {
        int at = stages.indexOf(stage);
        UnfinishedStage begun = at < 0 ? stage : stage.after(stages.remove(at));
        stages.add(begun);
        write();
    }

    synchronized Optional<UnfinishedStage> find(Run<?, ?> run, StageOrder order) {
        return stages.stream()
                .filter(stage -> stage.isOf(run, order.getDirectory()))
                .findFirst();
    }

    /**
     * Returns the acceptances that were cut off there and whose builds have ended, as {@link StageSpec#unaccepted}: no
     * later stage accepts these versions.
     */
    Set<String> unaccepted(String node, FilePath workspace, StageOrder order) {
        return all().stream()
                .filter(stage -> stage.getNode().equals(node)
                        && stage.getWorkspace().equals(workspace.getRemote())
                        && stage.getOrder().getDirectory().equals(order.getDirectory())
                        && stage.findBuild().filter(Run::isBuilding).isEmpty())
                .flatMap(stage -> stage.acceptance().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    synchronized void ended(Run<?, ?> run, StageOrder order, StageResult result) {
        // An acceptance changes nothing, except by its rollback.
        boolean changed = !order.isJudging() || result.outcome() == RunOutcome.ROLLBACK_FAILED;
        boolean leaving = LEAVING.contains(result.outcome());
        if (!order.mayLeave() || leaving && changed) {
            return;
        }
        // A refused stage has changed nothing, and earlier leftovers stay.
        boolean refused = leaving || result.outcome() == RunOutcome.CONFIG_INVALID;
        stages.replaceAll(stage ->
                !stage.isOf(run, order.getDirectory()) ? stage : refused ? stage.ended() : stage.leaving(result));
        stages.removeIf(stage ->
                stage.isOf(run, order.getDirectory()) && stage.getLeaves().isEmpty());
        write();
    }

    /** Notes that its build does not want it any more, for its process to learn now or later. */
    public synchronized void abandon(@NonNull Run<?, ?> run, @NonNull StageOrder order) {
        if (stages.stream().anyMatch(stage -> stage.isOf(run, order.getDirectory()))) {
            stages.replaceAll(stage -> stage.isOf(run, order.getDirectory()) ? stage.unwanted() : stage);
            write();
        }
    }

    /** Removes a stage of which nothing is left, or nothing that could be undone. */
    public synchronized void forget(@NonNull UnfinishedStage stage) {
        if (stages.remove(stage)) {
            write();
        }
    }

    /** Keeps a stage. @param problem why it could not be undone this time, one line */
    public synchronized void keep(@NonNull UnfinishedStage stage, @NonNull String problem) {
        int at = stages.indexOf(stage);
        if (at >= 0 && !stages.get(at).getProblem().equals(problem)) {
            stages.set(at, stages.get(at).withProblem(problem));
            write();
        }
    }

    private synchronized void rename(String oldJob, String newJob) {
        List<UnfinishedStage> before = List.copyOf(stages);
        stages.replaceAll(stage -> stage.renamed(oldJob, newJob));
        if (!before.stream()
                .map(UnfinishedStage::getBuild)
                .toList()
                .equals(stages.stream().map(UnfinishedStage::getBuild).toList())) {
            write();
        }
    }

    private void write() {
        file.write(stages);
    }

    /** Follows the names of jobs, by which builds are known. */
    @Extension
    public static final class Names extends ItemListener {
        /** Jenkins also calls this for every item in a folder. */
        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            get().rename(oldFullName, newFullName);
        }
    }
}
