package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AbstractProject;
import hudson.model.FreeStyleProject;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import java.util.List;
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
    public static <S extends Step> S submitted(JenkinsRule j, S before) throws Exception {
        return (S) submitted(j, List.of(before)).get(0);
    }

    /** Submits all on one page. */
    static List<Step> submitted(JenkinsRule j, List<? extends Step> before) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject();
        before.forEach(step -> job.getBuildersList().add(new StepHolder(step)));
        j.configRoundtrip(job);
        return job.getBuildersList().getAll(StepHolder.class).stream()
                .map(holder -> holder.step)
                .toList();
    }

    @Extension
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
        /** Ours alone: the forms of all steps of all plugins take a while. */
        public List<ServiceStepDescriptor> getSteps() {
            return ExtensionList.lookup(ServiceStepDescriptor.class);
        }

        @Override
        public boolean isApplicable(@SuppressWarnings("rawtypes") Class<? extends AbstractProject> job) {
            return true;
        }
    }
}
