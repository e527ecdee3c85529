package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * {@code hold 'environment'}: takes it, and keeps it. As a step of a deployment does, across restarts too. A test names its
 * descriptor as a {@code TestExtension}.
 */
public final class HoldStep extends Step {
    private final String environment;

    @DataBoundConstructor
    public HoldStep(String environment) {
        this.environment = environment;
    }

    public String getEnvironment() {
        return environment;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, environment);
    }

    static final class Execution extends StepExecution implements WaitsForEnvironment {
        private static final long serialVersionUID = 1;
        private final String environment;
        private transient volatile boolean waiting;

        Execution(StepContext context, String environment) {
            super(context);
            this.environment = environment;
        }

        @Override
        public boolean start() throws Exception {
            ask();
            return false;
        }

        @Override
        public void onResume() {
            try {
                ask();
            } catch (Exception e) {
                getContext().onFailure(e);
            }
        }

        private void ask() throws Exception {
            Run<?, ?> run = getContext().get(Run.class);
            CompletableFuture<Void> asked = EnvironmentQueue.get()
                    .acquire(environment, run, getContext().get(TaskListener.class));
            waiting = true;
            asked.whenComplete((done, failure) -> {
                waiting = false;
                if (failure == null) {
                    getContext().onSuccess(null);
                } else {
                    getContext().onFailure(failure);
                }
            });
        }

        @Override
        public boolean isWaitingForEnvironment() {
            return waiting;
        }

        @Override
        public void stop(Throwable cause) throws Exception {
            EnvironmentQueue.get().cancel(environment, getContext().get(Run.class));
            getContext().onFailure(cause);
        }
    }

    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "hold";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }
    }
}
