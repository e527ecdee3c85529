package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import jenkins.branch.Branch;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.SCMRevision;
import jenkins.scm.api.SCMRevisionAction;
import jenkins.scm.api.SCMSource;
import jenkins.scm.api.metadata.PrimaryInstanceMetadataAction;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import org.apache.commons.io.FilenameUtils;
import org.apache.commons.io.IOCase;
import org.jenkinsci.plugins.workflow.multibranch.BranchJobProperty;

/** The origin of a build's source, and the rights that follow from it. */
public final class BuildOrigin {
    /** Null if the job is not of a multibranch project. */
    @CheckForNull
    private final SCMHead head;

    private final boolean primary;
    private final boolean trusted;
    private final String change;

    /** Makes the origin. @param head null for a job that is not of a multibranch project */
    public BuildOrigin(@CheckForNull SCMHead head, boolean primary, boolean trusted) {
        this(head, primary, trusted, "");
    }

    private BuildOrigin(SCMHead head, boolean primary, boolean trusted, String change) {
        this.change = change;
        this.head = head;
        this.primary = primary;
        this.trusted = trusted;
    }

    /** Reads the origin. It may ask the SCM whom it trusts, so do not call it in a thread that must not block. */
    public static BuildOrigin of(@NonNull Run<?, ?> run, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        Job<?, ?> job = run.getParent();
        SCMHead head = SCMHead.HeadByItem.findHead(job);
        if (head == null) {
            Optional<String> change = TriggeredChange.of(run);
            boolean trusted = change.isEmpty() || Defaults.of(job).isTriggeredChangesTrusted();
            return new BuildOrigin(null, false, trusted, change.orElse(""));
        }
        BranchJobProperty property = job.getProperty(BranchJobProperty.class);
        Branch branch = property == null ? null : property.getBranch();
        boolean primary = branch != null && branch.getAction(PrimaryInstanceMetadataAction.class) != null;
        return new BuildOrigin(head, primary, isTrusted(run, head, listener));
    }

    /**
     * Returns whether the source is trusted. A fork is always a stranger's, independent of its readers and of the
     * Jenkinsfile that its SCM uses. A change request within the repository is trusted if its SCM would use its
     * Jenkinsfile; one of an unknown revision is not.
     */
    private static boolean isTrusted(Run<?, ?> run, SCMHead head, TaskListener listener)
            throws IOException, InterruptedException {
        if (!(head.getOrigin() instanceof SCMHeadOrigin.Default)) {
            return false;
        }
        if (!(head instanceof ChangeRequestSCMHead)) {
            return true;
        }
        SCMSource source = SCMSource.SourceByItem.findSource(run.getParent());
        SCMRevision revision = source == null ? null : SCMRevisionAction.getRevision(source, run);
        return revision != null && revision.equals(source.getTrustedRevision(revision, listener));
    }

    /** Returns whether it may be given secrets and credentials. */
    public boolean isTrusted() {
        return trusted;
    }

    public boolean isChangeRequest() {
        return head instanceof ChangeRequestSCMHead;
    }

    /** Returns whether it may go further than a tested image. */
    public boolean mayShip() {
        return trusted && !isChangeRequest();
    }

    public boolean isMultibranch() {
        return head != null;
    }

    /** Returns the name of the branch or the change request; empty where there is none. */
    public String name() {
        return head == null ? change : head.getName();
    }

    /**
     * Returns whether it may go live.
     *
     * @param branches that may, as names or with * for any part; empty for the primary one alone
     */
    public boolean mayGoLive(List<String> branches) {
        if (head == null || !mayShip()) {
            return head == null && mayShip();
        }
        return branches.isEmpty()
                ? primary
                : branches.stream().anyMatch(b -> FilenameUtils.wildcardMatch(name(), b, IOCase.SENSITIVE));
    }
}
