package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.InvisibleAction;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.SCMListener;
import hudson.scm.SCM;
import hudson.scm.SCMRevisionState;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import jenkins.branch.Branch;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.multibranch.BranchJobProperty;

/**
 * The checkouts of the controller itself, for one build of a Pipeline: repository and directory; no agent is asked.
 * They tell whether the Jenkinsfile of a build and a service in its workspace are of the same repository, and so of the
 * same authors.
 */
public final class Checkouts extends InvisibleAction {
    /** The class of multibranch projects that take the Jenkinsfile from the branch itself; it is not public. */
    private static final String OF_THE_BRANCH = "org.jenkinsci.plugins.workflow.multibranch.SCMBinder";

    private static final int MOST = 100;

    /** Guarded by this. */
    private final List<Checkout> all = new ArrayList<>();

    /** One directory of one agent. Stored by XStream, which cannot make records. */
    private static final class Checkout {
        private final String node;
        private final String path;
        private final String repository;

        Checkout(String node, String path, String repository) {
            this.node = node;
            this.path = path;
            this.repository = repository;
        }

        boolean holds(String otherNode, String otherPath) {
            return node.equals(otherNode) && (otherPath + "/").startsWith(path + "/");
        }
    }

    private synchronized void add(Checkout made) {
        all.removeIf(known -> known.node.equals(made.node) && known.path.equals(made.path));
        if (all.size() < MOST) {
            all.add(made);
        }
    }

    private synchronized Optional<Checkout> around(String node, String path) {
        return all.stream()
                .filter(checkout -> checkout.holds(node, path))
                .max(Comparator.comparingInt(checkout -> checkout.path.length()));
    }

    /**
     * Finds a checkout.
     *
     * @param directory of a service, on the agent
     * @return the directory of the checkout that it is in, if the Jenkinsfile of the build is of the same repository;
     *     empty if it is not, or if that is not known for certain
     */
    public static Optional<String> withJenkinsfile(@NonNull Run<?, ?> run, @NonNull FilePath directory) {
        Checkouts known = run.getAction(Checkouts.class);
        Computer computer = directory.toComputer();
        String repository = key(jenkinsfile(run.getParent()));
        if (known == null || computer == null || repository.isEmpty()) {
            return Optional.empty();
        }
        return known.around(computer.getName(), directory.getRemote())
                .filter(checkout -> checkout.repository.equals(repository))
                .map(checkout -> checkout.path);
    }

    @CheckForNull
    private static SCM jenkinsfile(Job<?, ?> job) {
        FlowDefinition definition = job instanceof WorkflowJob pipeline ? pipeline.getDefinition() : null;
        if (definition instanceof CpsScmFlowDefinition fromScm) {
            return fromScm.getScm();
        }
        if (definition == null || !definition.getClass().getName().equals(OF_THE_BRANCH)) {
            return null;
        }
        BranchJobProperty property = job.getProperty(BranchJobProperty.class);
        Branch branch = property == null ? null : property.getBranch();
        return branch == null ? null : branch.getScm();
    }

    /** Returns the key of the repository; empty for an SCM that does not tell it, whose key is its type. */
    private static String key(@CheckForNull SCM scm) {
        return scm == null || scm.getKey().equals(scm.getType()) ? "" : scm.getKey();
    }

    /** Is told of every checkout, before any code of it runs. */
    @Extension
    public static final class OfBuilds extends SCMListener {
        @Override
        public void onCheckout(
                Run<?, ?> run,
                SCM scm,
                FilePath workspace,
                TaskListener listener,
                File changelog,
                SCMRevisionState baseline) {
            Computer computer = workspace.toComputer();
            if (run instanceof FlowExecutionOwner.Executable && computer != null) {
                Checkouts known;
                synchronized (run) {
                    known = run.getAction(Checkouts.class);
                    if (known == null) {
                        known = new Checkouts();
                        run.addAction(known);
                    }
                }
                known.add(new Checkout(computer.getName(), workspace.getRemote(), key(scm)));
            }
        }
    }
}
