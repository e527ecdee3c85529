package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.junit.JUnitResultArchiver;
import hudson.tasks.junit.pipeline.JUnitResultsStepExecution;
import hudson.tasks.test.PipelineTestDetails;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.TestSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Adds the tests of a stage to those of the junit plugin, under the stage and the branch that they ran in. */
final class TestResults {
    private static final String FILE = "results.xml";
    /** Characters that XML 1.0 cannot contain, escaped or not. */
    private static final Pattern NOT_XML =
            Pattern.compile("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    private static final Logger LOGGER = Logger.getLogger(TestResults.class.getName());

    private TestResults() {}

    static void attach(
            Run<?, ?> run, FlowNode node, StageOrder order, String service, StageResult result, TaskListener listener)
            throws IOException, InterruptedException {
        AcceptanceReport report =
                named(result.report().orElse(AcceptanceReport.EMPTY), service + " / " + order.getTitle());
        if (report.counts().total() == 0) {
            return;
        }
        // This is written on the controller and by this plugin: the junit plugin does not read a file that an agent
        // wrote.
        Path directory = Files.createTempDirectory("pymacaron-junit");
        try {
            JUnitXml.write(directory.resolve(FILE), report);
            JUnitResultArchiver archiver = new JUnitResultArchiver(FILE);
            archiver.setSkipPublishingChecks(true);
            archiver.setSkipOldReports(false);
            JUnitResultArchiver.parseAndSummarize(
                    archiver,
                    details(node),
                    run,
                    new FilePath(directory.toFile()),
                    new Launcher.LocalLauncher(listener),
                    listener);
        } catch (IOException e) {
            // The deployment counts even if its tests cannot be listed.
            LOGGER.log(Level.WARNING, e, () -> "The tests of " + order + " in " + run + " are not listed");
            listener.error(Messages.TestResults_notListed(order.getTitle(), e.getMessage()));
        } finally {
            new FilePath(directory.toFile()).deleteRecursive();
        }
    }

    private static PipelineTestDetails details(FlowNode node) {
        if (node == null) {
            return null;
        }
        List<FlowNode> around = JUnitResultsStepExecution.getEnclosingStagesAndParallels(node);
        PipelineTestDetails details = new PipelineTestDetails();
        details.setNodeId(node.getId());
        details.setEnclosingBlocks(JUnitResultsStepExecution.getEnclosingBlockIds(around));
        details.setEnclosingBlockNames(JUnitResultsStepExecution.getEnclosingBlockNames(around));
        return details;
    }

    /**
     * Returns the report.
     *
     * @param prefix of the suites' names, so that those of several stages and services stay apart
     */
    static AcceptanceReport named(AcceptanceReport report, String prefix) {
        List<TestSuite> suites = report.suites().stream()
                .map(s -> new TestSuite(
                        s.name().isEmpty() ? prefix : prefix + " / " + s.name(), s.duration(), s.cases(), s.output()))
                .toList();
        return new AcceptanceReport(suites, List.of())
                .map(text -> NOT_XML.matcher(text).replaceAll("\uFFFD"));
    }
}
