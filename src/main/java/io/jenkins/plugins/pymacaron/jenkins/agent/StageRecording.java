package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import java.io.IOException;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Records a stage in its build and its job, in parts: a part that could not be written is tried again alone. */
final class StageRecording {
    private final Run<?, ?> run;

    @CheckForNull
    private final FlowNode node;

    private final StageOrder order;
    private final StageResult result;
    private final TaskListener listener;
    private String report;
    private boolean reported;
    private ServiceRun service;
    private StageRecord stage;
    private boolean saved;

    StageRecording(Run<?, ?> run, FlowNode node, StageOrder order, StageResult result, TaskListener listener) {
        this.run = run;
        this.node = node;
        this.order = order;
        this.result = result;
        this.listener = listener;
    }

    /** Does the parts that are not done yet. */
    void goOn() throws IOException, InterruptedException {
        PymacaronRun all = PymacaronRun.of(run);
        if (stage == null) {
            Optional<StageRecord> earlier = earlier(all);
            if (earlier.isPresent()) {
                stage = earlier.get();
                service = all.find(order.getDirectory()).orElseThrow();
                saved = true;
            }
        }
        if (stage == null) {
            write(all);
        }
        if (!saved) {
            all.save();
            saved = true;
            TestResults.attach(run, node, order, service.getService(), result, listener);
        }
        all.tell(service, stage);
    }

    /** Returns an earlier record: after a restart, perhaps only the Pipeline, or the history of the job, lacks it. */
    private Optional<StageRecord> earlier(PymacaronRun all) {
        String nodeId = node == null ? null : node.getId();
        return all.find(order.getDirectory())
                .flatMap(s -> s.last(order.getStage()))
                .filter(s -> nodeId != null && nodeId.equals(s.getNodeId()));
    }

    private void write(PymacaronRun all) throws IOException {
        if (!reported) {
            report = ReportFiles.write(run, order.getStage(), result);
            reported = true;
        }
        StageRecord record = StageRecords.stage(order, result, node == null ? null : node.getId(), report)
                .on(UnfinishedStages.get()
                        .find(run, order)
                        .map(UnfinishedStage::getAgent)
                        .orElse(""));
        service = all.learn(order.getDirectory(), s -> {
            StageRecords.learn(s, result);
            s.add(record.getUrl().isEmpty() ? record.at(StageRecords.tested(order, s)) : record);
        });
        stage = record;
    }
}
