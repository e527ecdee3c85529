package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Job;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import hudson.scm.RepositoryBrowser;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.scm.RunWithSCM;

/** A commit on a page, with its page in the repository browser of its SCM. */
public final class CommitLink {
    private static final Logger LOGGER = Logger.getLogger(CommitLink.class.getName());
    private static final int SHORT_ID = 8;
    /** Only a text as long as this cannot be in an address by chance. */
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40,64}");
    /** Each build that is read may have to come from the disk. */
    private static final int MOST_BUILDS = 20;

    private final String id;
    private final String url;

    private CommitLink(String id, String url) {
        this.id = id;
        this.url = url;
    }

    /** Returns a commit of a change log. */
    @NonNull
    public static CommitLink of(@NonNull ChangeLogSet.Entry commit) {
        return new CommitLink(Util.fixNull(commit.getCommitId()), url(commit));
    }

    /**
     * Returns the commit of a build. A build that deploys a known commit has no change log of it, and neither has the
     * first one; then the link is made like that of the commit of another build of the job.
     */
    @NonNull
    public static CommitLink of(@NonNull Run<?, ?> run, @NonNull String commitId) {
        String url = commitId.isEmpty() ? "" : url(run, commitId);
        return url.isEmpty() ? of(run.getParent(), commitId) : new CommitLink(commitId, url);
    }

    /** Returns a commit of a job, with a link like that of the commit of one of its builds. */
    @NonNull
    public static CommitLink of(@NonNull Job<?, ?> job, @NonNull String commitId) {
        String url = "";
        Run<?, ?> other = HASH.matcher(commitId).matches() ? job.getLastBuild() : null;
        for (int looked = 0; url.isEmpty() && other != null && looked < MOST_BUILDS; looked++) {
            url = likeThatOf(other, commitId);
            other = other.getPreviousBuild();
        }
        return new CommitLink(commitId, url);
    }

    /** Returns a commit of a job that the reader may not see. */
    @NonNull
    public static CommitLink withoutPage(@NonNull String commitId) {
        return new CommitLink(commitId, "");
    }

    /**
     * Returns a link like that of the service's commit in another build: it is of the same repository, which a commit of
     * a library is not.
     */
    private static String likeThatOf(Run<?, ?> other, String commitId) {
        for (ServiceRun service :
                PymacaronRun.find(other).map(PymacaronRun::getServices).orElse(List.of())) {
            String known = service.getCommit();
            String url = HASH.matcher(known).matches() ? url(other, known) : "";
            if (url.contains(known)) {
                return url.replace(known, commitId);
            }
        }
        return "";
    }

    private static String url(Run<?, ?> run, String commitId) {
        if (run instanceof RunWithSCM<?, ?> withScm) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : withScm.getChangeSets()) {
                for (ChangeLogSet.Entry commit : set) {
                    if (commitId.equals(commit.getCommitId())) {
                        return url(commit);
                    }
                }
            }
        }
        return "";
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static String url(ChangeLogSet.Entry commit) {
        ChangeLogSet<?> set = commit.getParent();
        RepositoryBrowser browser = set == null ? null : set.getBrowser();
        try {
            URL link = browser == null ? null : browser.getChangeSetLink(commit);
            return link == null || !link.getProtocol().startsWith("http") ? "" : link.toExternalForm();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "no link to " + commit.getCommitId());
            return "";
        }
    }

    @NonNull
    public String getId() {
        return id;
    }

    /** Returns the short form of the id. */
    @NonNull
    public String getShortId() {
        return id.substring(0, Math.min(id.length(), SHORT_ID));
    }

    /** Returns the page of the SCM's browser; empty where there is none. */
    @NonNull
    public String getUrl() {
        return url;
    }
}
