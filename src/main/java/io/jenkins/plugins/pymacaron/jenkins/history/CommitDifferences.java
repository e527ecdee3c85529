package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    private final DeploymentEntry to;
    private final List<ChangeLogSet.Entry> commits = new ArrayList<>();
    private boolean incomplete;

    private CommitDifferences(Job<?, ?> job, DeploymentEntry from, DeploymentEntry to) {
        this.from = from;
        this.to = to;
        DeploymentEntry older = isBack() ? to : from;
        DeploymentEntry newer = isBack() ? from : to;
        Run<?, ?> run = job.getNearestOldBuild(newer.build());
        int next = newer.build();
        for (int looked = 0; run != null && run.getNumber() > older.build() && !incomplete; looked++) {
            incomplete = run.getNumber() != next || looked == MOST_BUILDS || !add(run, older.commit());
            next = run.getNumber() - 1;
            run = run.getPreviousBuild();
        }
        incomplete |= next != older.build();
    }

    /** Compares two versions. @return empty if the job never deployed one of them */
    static Optional<CommitDifferences> between(
            Job<?, ?> job, List<DeploymentEntry> newestFirst, @NonNull String from, @NonNull String to) {
        return first(newestFirst, from).flatMap(f -> first(newestFirst, to).map(t -> new CommitDifferences(job, f, t)));
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

    public DeploymentEntry getTo() {
        return to;
    }

    /** Returns whether the change is a rollback from the newer version, which loses these commits. */
    public boolean isBack() {
        return from.build() > to.build();
    }

    /** Returns whether builds in between are gone, and their commits with them, or there are too many. */
    public boolean isIncomplete() {
        return incomplete;
    }

    /** Returns the page of the SCM's browser; empty where there is none. */
    @NonNull
    public String link(@NonNull ChangeLogSet.Entry commit) {
        return CommitLinks.of(commit);
    }

    /** Returns the commits, those of the newest build first. */
    @NonNull
    public List<ChangeLogSet.Entry> getCommits() {
        return Collections.unmodifiableList(commits);
    }
}
