package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.accept.ContainerUnderTest;
import io.jenkins.plugins.pymacaron.accept.NotServingException;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.accept.PytestWords;
import io.jenkins.plugins.pymacaron.accept.PythonTestRunner;
import io.jenkins.plugins.pymacaron.accept.StartFailureReport;
import io.jenkins.plugins.pymacaron.config.Accept;
import io.jenkins.plugins.pymacaron.config.PymEnv;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.IncludeLinks;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.process.ExternalWaitTime;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.Counts;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.TestCase;
import io.jenkins.plugins.pymacaron.report.TestSuite;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Proof;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The stages that test: the source, the image in a container, staging and live. */
public final class AcceptanceStages {
    private static final int FAILURES_NAMED = 3;
    private static final int LOG_LINES = 500;

    private final PreparedRun prepared;
    private final RunRecorder recorder;
    private final Accept accept;

    AcceptanceStages(PreparedRun prepared, RunRecorder recorder) {
        this.prepared = prepared;
        this.recorder = recorder;
        accept = prepared.base().accept();
    }

    String unit() throws StageFailedException, IOException, InterruptedException {
        Path tests = prepared.source().directory().resolve("test");
        if (!Files.isDirectory(tests)) {
            return "there is no test/";
        }
        Map<String, String> environment = new LinkedHashMap<>();
        PymEnv.ofUnitTests(prepared.config()).ifPresent(env -> environment.put("PYM_ENV", env));
        return judge(Stage.UNIT, run(Stage.UNIT, List.of(tests), environment, Set.of(), 1), "");
    }

    String container(BuiltImage image) throws StageFailedException, IOException, InterruptedException {
        Map<String, String> variables = new LinkedHashMap<>(prepared.secrets().byName());
        variables.put("PYM_ENV", PymEnv.ofContainerTest(prepared.config()));
        ContainerUnderTest.Task task = new ContainerUnderTest.Task(
                image.id().orElseGet(image::reference), image.version(), variables, accept.readyTimeout());
        ProbeRequest asking = Proof.askingDirectly(prepared.base(), true);
        Probe probe = new Probe(asking);
        try (ContainerUnderTest container = start(task, probe)) {
            Optional<AcceptanceReport> report;
            String log;
            try {
                report =
                        accept(Stage.CONTAINER, new Address(container.base(), container.forTests()), asking, variables);
            } finally {
                // The log is most useful when the tests hang or crash.
                log = container.log();
                recorder.log(Stage.CONTAINER, log);
            }
            return judge(Stage.CONTAINER, report, log);
        }
    }

    private ContainerUnderTest start(ContainerUnderTest.Task task, Probe probe)
            throws IOException, InterruptedException {
        StringBuilder kept = new StringBuilder();
        try (ExternalWaitTime.Wait wait = ExternalWaitTime.begin()) {
            return ContainerUnderTest.start(prepared.docker(), task, probe, log -> {
                kept.append(log);
                recorder.log(Stage.CONTAINER, log);
            });
        } catch (NotServingException e) {
            // It is reported with the tests, where users look for it; none of them could run.
            AcceptanceReport report = StartFailureReport.report(prepared.base().name(), e.getMessage());
            recorder.kept(
                    () -> JUnitXml.write(recorder.reportDirectory().resolve(Stage.CONTAINER.key() + ".xml"), report));
            recorder.tests(Stage.CONTAINER, report, kept.toString());
            throw e;
        }
    }

    String deployed(Stage stage, EnvironmentDeployment lane, Deployed deployed)
            throws StageFailedException, IOException, InterruptedException {
        URI base = reach(lane, deployed);
        // Staging may be reached by a name that its certificate does not have.
        boolean checkTls = stage == Stage.ACCEPT_LIVE;
        ProbeRequest asking = Proof.asking(lane.place().environment().config(), checkTls);
        new Probe(asking).expectVersion(base, deployed.version());
        Address address = new Address(base, lane.place().target().forTests(deployed, base));
        String log = "";
        Optional<AcceptanceReport> report;
        try {
            report = accept(stage, address, asking, lane.place().environment().variables());
        } finally {
            log = log(lane, deployed);
            recorder.log(stage, log);
        }
        return judge(stage, report, log);
    }

    private String log(EnvironmentDeployment lane, Deployed deployed) throws InterruptedException {
        return prepared.processes().mask().mask(lane.place().target().log(deployed, LOG_LINES));
    }

    /**
     * Accepts a candidate that was prepared for live, at an address of its own.
     *
     * @param again whether it has a part of the traffic by now
     */
    String apart(EnvironmentDeployment lane, Deployed candidate, URI base, boolean again)
            throws StageFailedException, IOException, InterruptedException {
        ProbeRequest asking = Proof.asking(lane.place().environment().config(), false);
        expectVersion(asking, base, candidate);
        Optional<AcceptanceReport> report = accept(
                Stage.PROMOTE,
                new Address(base, base),
                asking,
                lane.place().environment().variables());
        String where = lane.environment() + (again ? ", at a step" : ", before it serves");
        return judge(Stage.PROMOTE, report.map(r -> at(where, r)), log(lane, candidate));
    }

    /** A candidate that does not answer with its version fails its acceptance, as it does in staging and in live. */
    private static void expectVersion(ProbeRequest asking, URI base, Deployed candidate)
            throws StageFailedException, IOException {
        try {
            new Probe(asking).expectVersion(base, candidate.version());
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            throw new StageFailedException(RunOutcome.TESTS_FAILED, IoMessages.of(e), e);
        }
    }

    /** Names the place in a report, because the same tests run more than once in that stage. */
    private static AcceptanceReport at(String where, AcceptanceReport report) {
        List<TestSuite> suites = report.suites().stream()
                .map(s -> new TestSuite(
                        s.name().isEmpty() ? where : where + " / " + s.name(), s.duration(), s.cases(), s.output()))
                .toList();
        return new AcceptanceReport(suites, report.notes());
    }

    private static URI reach(EnvironmentDeployment lane, Deployed deployed)
            throws StageFailedException, IOException, InterruptedException {
        try {
            return lane.place().target().reach(deployed);
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    /** The address at which a service is asked, and the one that its tests use. */
    private record Address(URI base, URI forTests) {
        /** Returns the addresses that the plugin has found itself; they belong to this machine. */
        Set<String> direct() {
            return forTests.equals(base) ? Set.of() : Set.of(forTests.getHost());
        }
    }

    private Optional<AcceptanceReport> accept(
            Stage stage, Address address, ProbeRequest asking, Map<String, String> variables)
            throws IOException, InterruptedException {
        URI base = address.forTests();
        Map<String, String> environment = new LinkedHashMap<>(variables);
        boolean tls = base.getScheme().equals("https");
        environment.put("PYM_SERVER_HOST", base.getHost());
        environment.put("PYM_SERVER_PORT", Integer.toString(base.getPort() >= 0 ? base.getPort() : tls ? 443 : 80));
        asking.host().ifPresent(name -> environment.put("PYM_SERVER_NAME", name));
        if (!asking.basePath().isEmpty()) {
            environment.put("PYM_SERVER_BASE_PATH", asking.basePath());
        }
        prepared.token().ifPresent(token -> environment.put("PYM_JWT_TOKEN", token));
        if (tls && !asking.checkTls()) {
            environment.put("NO_SSL_CHECK", "1");
        }
        return run(stage, acceptanceTests(), environment, address.direct(), accept.parallel());
    }

    /** Returns the project's own tests, and those of the projects that it includes by links. */
    private List<Path> acceptanceTests() throws IOException, InterruptedException {
        List<Path> found = new ArrayList<>();
        for (String name : accept.tests()) {
            found.add(prepared.source().directory().resolve(name));
        }
        found.addAll(new IncludeLinks(prepared.source(), prepared.base().includeLinks()).acceptanceTests());
        return found.stream().filter(Files::exists).distinct().toList();
    }

    /** Runs the tests. @return empty where there are no tests to run */
    private Optional<AcceptanceReport> run(
            Stage stage, List<Path> paths, Map<String, String> environment, Set<String> direct, int parallel)
            throws IOException, InterruptedException {
        if (paths.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> all = new LinkedHashMap<>(environment);
        Optional.ofNullable(prepared.inherited().get("PYTHONPATH")).ifPresent(path -> all.put("PYTHONPATH", path));
        Path xml = recorder.reportDirectory().resolve(stage.key() + ".xml");
        Files.deleteIfExists(xml);
        PythonTestRunner tests = new PythonTestRunner(
                prepared.forRepositoryCode(), prepared.python().orElseThrow());
        AcceptanceReport report = tests.run(new PythonTestRunner.Task(
                prepared.source().directory(), paths, all, direct, prepared.timeout(stage), parallel));
        recorder.kept(() -> JUnitXml.write(xml, report));
        return Optional.of(report);
    }

    private String judge(Stage stage, Optional<AcceptanceReport> found, String log) throws StageFailedException {
        if (found.isEmpty()) {
            return "there are no acceptance tests";
        }
        AcceptanceReport report = found.get();
        recorder.tests(stage, report, log);
        Counts counts = report.counts();
        if (counts.bad() == 0) {
            return counts.toString();
        }
        List<String> failures = report.cases()
                .filter(c -> c.status() == CaseStatus.FAILED || c.status() == CaseStatus.ERROR)
                .limit(FAILURES_NAMED)
                .map(AcceptanceStages::line)
                .toList();
        String more = counts.bad() > FAILURES_NAMED ? " and " + (counts.bad() - FAILURES_NAMED) + " more" : "";
        throw new StageFailedException(
                RunOutcome.TESTS_FAILED,
                counts.bad() + " of " + counts.total() + " tests failed: " + String.join("; ", failures) + more);
    }

    private static String line(TestCase test) {
        String message = PytestWords.message(test);
        return test.name() + (message.isEmpty() ? "" : " (" + message + ")");
    }
}
