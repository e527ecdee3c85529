package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.model.Job;
import hudson.model.Run;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.GlobalVariable;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.multibranch.BranchJobProperty;

/** The context of a call of {@code pymacaronDeploy}. */
record Surroundings(boolean inNode, boolean hasScm, boolean isResumable, boolean hasDockerVariable) {
    static Surroundings of(Run<?, ?> run, FlowExecution execution, boolean inNode) {
        Job<?, ?> job = run.getParent();
        boolean fromScm =
                job instanceof WorkflowJob pipeline && pipeline.getDefinition() instanceof CpsScmFlowDefinition;
        boolean resumes = !(job instanceof WorkflowJob pipeline && pipeline.isResumeBlocked());
        return new Surroundings(
                inNode,
                fromScm || job.getProperty(BranchJobProperty.class) != null,
                resumes && execution.getDurabilityHint().isPersistWithEveryStep(),
                GlobalVariable.byName("docker", run) != null);
    }
}
