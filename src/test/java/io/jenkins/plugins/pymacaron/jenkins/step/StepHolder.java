package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.AbstractProject;
import hudson.model.FreeStyleProject;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jvnet.hudson.test.JenkinsRule;
import org.kohsuke.stapler.DataBoundConstructor;

/** Shows the form of a step in a job, where tests can submit it. */
public final class StepHolder extends Builder {
    public final Step step;

    @DataBoundConstructor
    public StepHolder(Step step) {
        this.step = step;
    }

    @SuppressWarnings("unchecked")
    static <S extends Step> S submitted(JenkinsRule j, S before) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject();
        job.getBuildersList().add(new StepHolder(before));
        j.configRoundtrip(job);
        return (S) job.getBuildersList().get(StepHolder.class).step;
    }

    @Extension
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
        @Override
        public boolean isApplicable(@SuppressWarnings("rawtypes") Class<? extends AbstractProject> job) {
            return true;
        }
    }
}
