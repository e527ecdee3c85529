package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.pymacaron.accept.PythonTestRunner;
import io.jenkins.plugins.pymacaron.config.SecretRules;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Answers;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Ending;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.HandedOn;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Products;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Subject;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Tested;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.JUnitXmlException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Runs unit tests in a container that has a Python and no Java, as most images of Python. The tests are those of the
 * workspace as it is, and get no secret, since nothing there would mask it.
 */
final class ContainerTestRunner {
    private static final String MARK = "pymacaron-tests ";
    private static final String RUNNER = "unittest_xml.py";
    private static final String PLUGIN = "pymacaron_plugin.py";
    private static final String SCRIPT = """
            cd %1$s || exit 1
            if [ ! -d test ]; then
              echo '{"schema":1,"outcome":"SUCCEEDED","note":"there is no test/"}'
              exit 0
            fi
            unset %2$s $(env | sed -n -E 's/^(%8$s)=.*/\\1/p')
            %7$s
            python=%3$s
            [ -n "$python" ] || python=.venv/bin/python
            [ -x "$python" ] || command -v "$python" >/dev/null || python=python3
            export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
            begun=$(date +%%s)
            if "$python" -c 'import pytest' 2>/dev/null; then
              export PYTHONPATH="$PYTHONPATH":%4$s
              "$python" -m pytest -v -p pymacaron_plugin -p no:cacheprovider -o junit_family=xunit2 --rootdir="$PWD" \
                --junitxml=%4$s/report.xml test >&2
            else
              asked=
              if grep -Eqs '^[^#]*runner: *["'"'"']?unittest' "pym-config${PYM_ENV:+.$PYM_ENV}.yaml"; then
                asked=--asked
              fi
              "$python" %4$s/%5$s %4$s/report.xml $asked test >&2
            fi
            echo "%6$s$? $begun"
            cat %4$s/report.xml
            exit 0
            """;

    private ContainerTestRunner() {}

    /**
     * Prepares the tests.
     *
     * @param service its directory in the workspace;
     * @param hidden names of variables that the tests must not see, in addition to the pipeline's own, which the build
     *     itself may have bound
     */
    @SuppressFBWarnings(value = "VA_FORMAT_STRING_USES_NEWLINE", justification = "It is a shell that reads it")
    static String prepare(StageOrder order, FilePath directory, String service, Collection<String> hidden)
            throws IOException, InterruptedException {
        for (String script : List.of(RUNNER, PLUGIN)) {
            try (InputStream in = PythonTestRunner.class.getResourceAsStream(script)) {
                directory.child(script).copyFrom(in);
            }
        }
        String environment = order.getRequest().get("environment");
        return SCRIPT.formatted(
                ShellWords.quote(service),
                String.join(" ", hidden),
                ShellWords.quote(order.getRequest().getOrDefault("python", "")),
                ShellWords.quote(directory.getRemote()),
                RUNNER,
                MARK,
                environment == null ? "" : "export PYM_ENV=" + ShellWords.quote(environment),
                SecretRules.pipelineVariables());
    }

    /** Returns the result in the form of the core; empty if the core itself ran. */
    static Optional<StageResult> result(StageOrder order, String stdout) throws AbortException {
        if (!stdout.startsWith(MARK)) {
            return Optional.empty();
        }
        int end = Math.max(stdout.indexOf('\n'), MARK.length());
        String[] said = stdout.substring(MARK.length(), end).split(" ");
        Instant begun = said.length > 1 && said[1].matches("[0-9]{1,12}")
                ? Instant.ofEpochSecond(Long.parseLong(said[1]))
                : Instant.now();
        AcceptanceReport report = report(order, stdout.substring(end));
        boolean passed = report.counts().bad() == 0 && said[0].equals("0");
        return Optional.of(new StageResult(
                StageResult.SCHEMA,
                new Ending(
                        order.getStage(),
                        passed ? RunOutcome.SUCCEEDED : RunOutcome.TESTS_FAILED,
                        passed ? "" : reason(report, said[0]),
                        report.counts().toString(),
                        begun,
                        Duration.between(begun, Instant.now())),
                Subject.NONE,
                HandedOn.NONE,
                Products.NONE,
                new Tested(Optional.of(report), Optional.of(report.counts()), "", Optional.empty()),
                Answers.NONE));
    }

    private static String reason(AcceptanceReport report, String exitCode) {
        return report.counts().bad() > 0
                ? report.counts().toString()
                : Messages.ContainerTestRunner_ended(report.counts(), exitCode);
    }

    private static AcceptanceReport report(StageOrder order, String xml) throws AbortException {
        try {
            AcceptanceReport report = JUnitXml.parse(
                    new ByteArrayInputStream(xml.strip().getBytes(StandardCharsets.UTF_8)),
                    "report.xml",
                    XmlLimits.DEFAULT);
            if (report.counts().total() > 0) {
                return report;
            }
        } catch (JUnitXmlException e) {
            // The exception below says it; the tests have printed the reason in the log.
        }
        throw new AbortException(Messages.ContainerTestRunner_none(order.getTitle()));
    }
}
