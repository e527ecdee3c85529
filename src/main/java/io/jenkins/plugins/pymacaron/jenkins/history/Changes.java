package io.jenkins.plugins.pymacaron.jenkins.history;

import hudson.model.Job;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import java.util.ArrayList;
import java.util.List;
import jenkins.scm.RunWithSCM;

/** The commits of the builds after one, up to another: what the version of the one lacks. */
public final class Changes {
    private static final int MOST = 500;

    private final Job<?, ?> job;
    private final int from;
    private final int to;

    Changes(Job<?, ?> job, int one, int other) {
        this.job = job;
        from = Math.min(one, other);
        to = Math.max(one, other);
    }

    public int getFrom() {
        return from;
    }

    public int getTo() {
        return to;
    }

    /** Whether builds in between are gone, and their commits with them. */
    public boolean isIncomplete() {
        for (int number = from + 1; number <= to; number++) {
            if (job.getBuildByNumber(number) == null) {
                return true;
            }
        }
        return false;
    }

    /** The newest first. */
    public List<ChangeLogSet.Entry> getCommits() {
        List<ChangeLogSet.Entry> commits = new ArrayList<>();
        Run<?, ?> run = job.getBuildByNumber(to);
        while (run != null && run.getNumber() > from && commits.size() < MOST) {
            if (run instanceof RunWithSCM<?, ?> withScm) {
                withScm.getChangeSets().forEach(set -> set.forEach(commits::add));
            }
            run = run.getPreviousBuild();
        }
        return commits;
    }
}
