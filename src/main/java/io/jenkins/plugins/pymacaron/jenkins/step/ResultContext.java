package io.jenkins.plugins.pymacaron.jenkins.step;

import com.google.common.util.concurrent.ListenableFuture;
import hudson.model.Result;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The context of a process within a step: its end is reported to the execution of that step instead of to the Pipeline.
 */
final class ResultContext extends StepContext {
    private static final long serialVersionUID = 1L;

    private final StepContext step;
    private final StageExecution execution;
    private final String process;

    ResultContext(StepContext step, StageExecution execution, String process) {
        this.step = step;
        this.execution = execution;
        this.process = process;
    }

    @Override
    public <T> T get(Class<T> key) throws IOException, InterruptedException {
        return step.get(key);
    }

    @Override
    public void onSuccess(Object nothing) {
        execution.exited(null);
    }

    @Override
    public void onFailure(Throwable t) {
        execution.exited(t);
    }

    @Override
    public boolean isReady() {
        return step.isReady();
    }

    @Override
    public ListenableFuture<Void> saveState() {
        return step.saveState();
    }

    @Override
    public void setResult(Result r) {
        step.setResult(r);
    }

    @Override
    public BodyInvoker newBodyInvoker() {
        throw new IllegalStateException("a process has no body");
    }

    @Override
    public boolean hasBody() {
        return false;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ResultContext other && step.equals(other.step) && process.equals(other.process);
    }

    @Override
    public int hashCode() {
        return step.hashCode() * 31 + process.hashCode();
    }
}
