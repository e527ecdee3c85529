package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.pymacaron.jenkins.run.CommitLink;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.scm.RunWithSCM;

/**
 * The commits that one version has and another has not: those of the builds after the one that first deployed the older
 * version, up to the one that first deployed the newer. A version that a rollback brought back was not made then, so
 * builds that rolled back to it do not count.
 */
public final class CommitDifferences {
    private static final int MOST_COMMITS = 500;
    /** Each build that is read may have to come from the disk, for every user who may see the job. */
    private static final int MOST_BUILDS = 200;

    private final DeploymentEntry from;
    /** Empty for a version that is only planned. */
    private final String toVersion;

    private final boolean back;
    private final List<ChangeLogSet.Entry> commits = new ArrayList<>();
    private boolean incomplete;

    /** Reads the commits. @param toBuild the number of the build that made the other version */
    private CommitDifferences(Job<?, ?> job, DeploymentEntry from, int toBuild, String toVersion, String toCommit) {
        this.from = from;
        this.toVersion = toVersion;
        back = from.build() > toBuild;
        int newer = Math.max(from.build(), toBuild);
        int older = Math.min(from.build(), toBuild);
        Run<?, ?> run = job.getNearestOldBuild(newer);
        int next = newer;
        for (int looked = 0; run != null && run.getNumber() > older && !incomplete; looked++) {
            incomplete = run.getNumber() != next || looked == MOST_BUILDS || !add(run, back ? toCommit : from.commit());
            next = run.getNumber() - 1;
            run = run.getPreviousBuild();
        }
        incomplete |= next != older;
    }

    /** Compares two versions. @return empty if the job never deployed one of them */
    static Optional<CommitDifferences> between(
            Job<?, ?> job, List<DeploymentEntry> newestFirst, @NonNull String from, @NonNull String to) {
        return first(newestFirst, from).flatMap(f -> first(newestFirst, to)
                .map(t -> new CommitDifferences(job, f, t.build(), t.version(), t.commit())));
    }

    /** Returns the commits of a version that are not live yet; empty where they are not known. */
    @NonNull
    public static Optional<CommitDifferences> sinceLive(
            @NonNull Job<?, ?> job, @NonNull String environment, @NonNull String version) throws IOException {
        Optional<String> live = ServingEnvironments.get().find(environment, job).map(s -> s.entry()
                .version());
        return live.isEmpty() || version.isEmpty()
                ? Optional.empty()
                : between(job, DeploymentHistory.of(job).entries(), live.get(), version);
    }

    /**
     * Returns the commits of a build since the version that its job had deployed before it; empty where there is none.
     *
     * @param environment its identity
     */
    static Optional<CommitDifferences> upTo(@NonNull Run<?, ?> run, @NonNull String environment) throws IOException {
        DeploymentHistory history = DeploymentHistory.of(run.getParent());
        List<DeploymentEntry> newestFirst = history.entries();
        Map<String, List<DeploymentEntry>> known = history.byEnvironment();
        return EnvironmentNames.find(environment, known.keySet())
                .flatMap(id -> known.get(id).stream()
                        .filter(entry -> entry.build() < run.getNumber())
                        .findFirst())
                .flatMap(before -> first(newestFirst, before.version()))
                .map(from -> new CommitDifferences(run.getParent(), from, run.getNumber(), "", ""));
    }

    private static Optional<DeploymentEntry> first(List<DeploymentEntry> newestFirst, String version) {
        return newestFirst.stream().filter(e -> e.version().equals(version)).reduce((newer, older) -> older);
    }

    private boolean add(Run<?, ?> run, String known) {
        if (run instanceof RunWithSCM<?, ?> withScm) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : withScm.getChangeSets()) {
                for (ChangeLogSet.Entry commit : set) {
                    if (commits.size() == MOST_COMMITS) {
                        return false;
                    }
                    if (known.isEmpty() || !known.equals(commit.getCommitId())) {
                        commits.add(commit);
                    }
                }
            }
        }
        return true;
    }

    public DeploymentEntry getFrom() {
        return from;
    }

    @NonNull
    public String getToVersion() {
        return toVersion;
    }

    /** Returns whether the change is a rollback from the newer version, which loses these commits. */
    public boolean isBack() {
        return back;
    }

    /** Returns whether builds in between are gone, and their commits with them, or there are too many. */
    public boolean isIncomplete() {
        return incomplete;
    }

    /** Returns the commit with its page. */
    @NonNull
    public CommitLink link(@NonNull ChangeLogSet.Entry commit) {
        return CommitLink.of(commit);
    }

    /** Returns the commits, those of the newest build first. */
    @NonNull
    public List<ChangeLogSet.Entry> getCommits() {
        return Collections.unmodifiableList(commits);
    }
}
