package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import hudson.scm.RepositoryBrowser;
import java.io.IOException;
import java.net.URL;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.scm.RunWithSCM;

/** Finds the pages of commits in the repository browser of an SCM. */
final class CommitLinks {
    private static final Logger LOGGER = Logger.getLogger(CommitLinks.class.getName());

    private CommitLinks() {}

    /** Returns the link; empty where the SCM has no browser, or one that does not know the commit. */
    @NonNull
    @SuppressWarnings({"unchecked", "rawtypes"})
    static String of(@NonNull ChangeLogSet.Entry commit) {
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

    /** Returns the link of a commit that the build was the first to have; empty for another one. */
    @NonNull
    static String of(@NonNull Run<?, ?> run, @NonNull String commitId) {
        if (run instanceof RunWithSCM<?, ?> withScm && !commitId.isEmpty()) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : withScm.getChangeSets()) {
                for (ChangeLogSet.Entry commit : set) {
                    if (commitId.equals(commit.getCommitId())) {
                        return of(commit);
                    }
                }
            }
        }
        return "";
    }
}
