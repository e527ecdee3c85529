package io.jenkins.plugins.pymacaron.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.CheckoutPaths;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many failing cases as a report may have go through reader, summary and page in the heap of a small agent. */
@Timeout(20 * 60)
class LittleMemoryTest {
    private static final int CASES = XmlLimits.DEFAULT.cases();

    @TempDir
    Path directory;

    @Test
    void theBiggestReportFitsInto192MegabytesOfHeap() throws Exception {
        Path report = directory.resolve("report.xml");
        write(report);
        assertThat(Files.size(report)).isBetween(54L << 20, XmlLimits.DEFAULT.bytes());
        Processes processes = new Processes(SecretMask.NONE, line -> {});
        ProcessResult ended = processes.query(Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        report.toString(),
                        directory.toString())
                .within(Duration.ofMinutes(15)));
        assertThat(ended.exitCode()).as(ended.tail()).isZero();
        System.out.println("100,000 failing cases: " + ended.output().strip());
        assertThat(directory.resolve("report.html")).isNotEmptyFile();
        AcceptanceReport written = JUnitXml.parse(directory.resolve("again.xml"));
        assertThat(written.counts()).isEqualTo(new Counts(0, CASES, 0, 0));
        assertThat(RunSummary.read(directory.resolve("summary.json")).counts().bad())
                .isEqualTo(CASES);
    }

    /** As pytest writes it; the sign between the numbers makes Java keep two bytes for each character. */
    private static void write(Path file) throws IOException {
        String trace =
                "self = <testaccept.test_catalogue.TestPrices testMethod=test_price>\n\n    def test_price(self):\n"
                        + ">       self.assertEqual(price(self.item), expected)\nE       AssertionError: 41 ≠ 42\n\n"
                        + "testaccept/test_catalogue.py:117: AssertionError: ";
        try (Writer xml = Files.newBufferedWriter(file)) {
            xml.write("<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"pytest\">");
            for (int i = 0; i < CASES; i++) {
                xml.write("<testcase classname=\"testaccept.test_catalogue_" + i % 200
                        + ".TestPrices\" name=\"test_price_of_" + i + "\" time=\"0.001\"><failure message=\""
                        + "AssertionError: the price of article " + i
                        + " is 41 ≠ 42, as the catalogue of spring says, of which page 117 has the articles that were there before and page 118 those that are new\">"
                        + trace.replace("<", "&lt;").replace(">", "&gt;") + i + "</failure></testcase>\n");
            }
            xml.write("</testsuite></testsuites>");
        }
    }

    /** Handles a report as a stage does, in a process of its own. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[1]);
            SecretMask mask = new SecretMask(List.of("correct horse battery staple", "hunter2-hunter2"));
            AcceptanceReport report = JUnitXml.parse(
                            Path.of(arguments[0]), XmlLimits.DEFAULT, new TextMask(mask::mask, mask.reach()))
                    .map(CheckoutPaths::shown);
            JUnitXml.write(directory.resolve("again.xml"), report);
            RunSummary run = Samples.summary(List.of(
                            StageSummary.waiting("accept-live", "Accept live").with(report.counts())))
                    .outcome(RunOutcome.TESTS_FAILED, report.counts().toString())
                    .build();
            run.write(directory.resolve("summary.json"));
            HtmlReport.write(
                    directory.resolve("report.html"),
                    run,
                    List.of(new TestSection("accept-live", "Accept live", SharedReport.of(List.of(report)), "")));
            long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .mapToLong(pool -> pool.getPeakUsage().getUsed())
                    .sum();
            System.out.println("peak of the heap " + (peak >> 20) + " MB");
        }
    }
}
