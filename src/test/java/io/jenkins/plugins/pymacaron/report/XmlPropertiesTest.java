package io.jenkins.plugins.pymacaron.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Tests properties that hold for every report. */
class XmlPropertiesTest {
    @Property(tries = 500)
    void everyNameOfATestComesBackFromTheWrittenFile(
            @ForAll String className, @ForAll String name, @ForAll String detail) throws Exception {
        AcceptanceReport first = new AcceptanceReport(
                List.of(new TestSuite(
                        ReportSanitizer.line(name, 100),
                        Duration.ofMillis(5),
                        List.of(new TestCase(
                                ReportSanitizer.line(className, 100),
                                ReportSanitizer.line(name, 100) + "x",
                                CaseStatus.FAILED,
                                Duration.ofMillis(5),
                                "m",
                                ReportSanitizer.text(detail),
                                "")),
                        "")),
                List.of());
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        JUnitXmlWriter.write(first, written);
        byte[] xml = written.toByteArray();
        assertThat(JUnitXml.parse(new ByteArrayInputStream(xml), "report.xml", XmlLimits.DEFAULT))
                .isEqualTo(first);
    }

    @Property(tries = 500)
    void noInputEndsInAnythingButAReportOrOneLine(@ForAll byte[] middle) {
        byte[] xml = ("<testsuite><testcase name='" + new String(middle, ISO_8859_1) + "'/></testsuite>")
                .getBytes(ISO_8859_1);
        try {
            JUnitXml.parse(new ByteArrayInputStream(xml), "report.xml", XmlLimits.DEFAULT);
        } catch (JUnitXmlException e) {
            assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(320);
        }
    }
}
