package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.model.Action;
import hudson.model.TaskListener;
import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import hudson.scm.SCM;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadEvent;
import jenkins.scm.api.SCMHeadObserver;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.SCMRevision;
import jenkins.scm.api.SCMSource;
import jenkins.scm.api.SCMSourceCriteria;
import jenkins.scm.api.SCMSourceDescriptor;
import jenkins.scm.api.metadata.PrimaryInstanceMetadataAction;

/**
 * The branches and change requests of a repository on this machine, as the plugins for hosted ones have them. A test
 * names its descriptor as a {@code TestExtension}.
 */
final class Sources extends SCMSource {
    /** The heads with their commits, of the running test. */
    static final Map<SCMHead, String> HEADS = new ConcurrentHashMap<>();

    /** An administrator has set that every author is trusted: a fork's own Jenkinsfile runs. */
    static volatile boolean trustsEverybody;

    private final String repository;

    Sources(String repository) {
        this.repository = repository;
    }

    @Override
    protected void retrieve(
            SCMSourceCriteria criteria, SCMHeadObserver observer, SCMHeadEvent<?> event, TaskListener listener)
            throws IOException, InterruptedException {
        for (Map.Entry<SCMHead, String> head : HEADS.entrySet()) {
            observer.observe(head.getKey(), new Commit(head.getKey(), head.getValue()));
        }
    }

    @Override
    protected List<Action> retrieveActions(SCMHead head, SCMHeadEvent event, TaskListener listener) {
        return head.getName().equals("main") ? List.of(new PrimaryInstanceMetadataAction()) : List.of();
    }

    /** Behaves as GitHub: for an unknown fork, the Jenkinsfile is taken from the target branch. */
    @Override
    public SCMRevision getTrustedRevision(SCMRevision revision, TaskListener listener) {
        return trustsEverybody || revision.getHead().getOrigin() instanceof SCMHeadOrigin.Default
                ? revision
                : new Commit(new SCMHead("main"), HEADS.get(new SCMHead("main")));
    }

    @Override
    public SCM build(SCMHead head, SCMRevision revision) {
        String commit = revision instanceof Commit known ? known.hash : HEADS.get(head);
        return new GitSCM(
                GitSCM.createRepoList(repository, null), List.of(new BranchSpec(commit)), null, null, List.of());
    }

    static final class Commit extends SCMRevision {
        private static final long serialVersionUID = 1;
        private final String hash;

        Commit(SCMHead head, String hash) {
            super(head);
            this.hash = hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Commit commit && commit.hash.equals(hash);
        }

        @Override
        public int hashCode() {
            return Objects.hash(hash);
        }
    }

    static final class DescriptorImpl extends SCMSourceDescriptor {
        @Override
        public String getDisplayName() {
            return "Heads of a test";
        }
    }
}
