package io.jenkins.plugins.pymacaron.report;

import static io.jenkins.plugins.pymacaron.report.JUnitXmlTest.parse;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests are foreign code: what they leave as their report must neither hang nor flood nor deceive the reader. */
@Timeout(20 * 60)
class HostileXmlTest {
    @TempDir
    Path directory;

    private static String refusal(String xml) {
        return refusal(xml.getBytes(ISO_8859_1), XmlLimits.DEFAULT);
    }

    private static String refusal(byte[] xml, XmlLimits limits) {
        return refusal(new ByteArrayInputStream(xml), limits);
    }

    private static String refusal(InputStream in, XmlLimits limits) {
        String[] message = new String[1];
        assertThatThrownBy(() -> JUnitXml.parse(in, "report.xml", limits))
                .isInstanceOf(JUnitXmlException.class)
                .satisfies(e -> message[0] = e.getMessage());
        assertThat(message[0])
                .startsWith("The test report report.xml ")
                .endsWith(".")
                .doesNotContain("\n")
                .hasSizeLessThan(320);
        return message[0];
    }

    @Test
    void refusesBillionLaughs() {
        assertThat(refusal("<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
                        + "<testsuite><testcase name='t'><failure>&c;</failure></testcase></testsuite>"))
                .contains("DOCTYPE");
    }

    @Test
    void refusesToReadOtherFiles() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "hunter2");
        assertThat(refusal("<!DOCTYPE x [<!ENTITY f SYSTEM \"" + secret.toUri()
                        + "\">]><testsuite><testcase name='t'><failure>&f;</failure></testcase></testsuite>"))
                .doesNotContain("hunter2");
        assertThat(refusal("<!DOCTYPE x SYSTEM \"" + secret.toUri() + "\"><testsuite/>"))
                .contains("DOCTYPE");
        assertThat(refusal("<testsuite><testcase name='t'><failure>&f;</failure></testcase></testsuite>"))
                .contains("report.xml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "not xml",
                "{\"json\": 1}",
                "<testsuite><testcase name='t'>",
                "<testsuite><testcase name=",
                "<testsuite></testsuites>",
                "<testsuite/><testsuite/>",
                "<testsuite><testcase name='\u0007'/></testsuite>",
                "<testsuite><testcase name='&#x1b;'/></testsuite>",
                "<?xml version='1.0' encoding='klingon'?><testsuite/>",
                "\u0000\u0001\u0002\u007fELF",
            })
    void refusesWhatIsNotWellFormed(String xml) {
        assertThat(refusal(xml)).contains("is not well-formed XML");
    }

    @Test
    void refusesOtherXml() {
        assertThat(refusal("<html><testsuite/></html>")).contains("is no JUnit report: it begins with <html>");
    }

    @Test
    void refusesDepth() {
        assertThat(refusal("<testsuite>".repeat(100_000))).contains("deeper than 64");
    }

    @Test
    void refusesManyAttributes() {
        StringBuilder attributes = new StringBuilder("<testsuite");
        for (int i = 0; i < 10_000; i++) {
            attributes.append(" a").append(i).append("=''");
        }
        assertThat(refusal(attributes + "/>")).contains("not well-formed");
    }

    @Test
    void refusesMoreCasesThanItWouldKeepSinceAFailureCouldBeAmongThem() {
        XmlLimits three = new XmlLimits(1 << 20, 3, 100, 1000, 10);
        String xml = "<testsuite>" + "<testcase name='t'/>".repeat(4) + "</testsuite>";
        assertThat(refusal(xml.getBytes(ISO_8859_1), three)).contains("more than 3 test cases");
    }

    @Test
    void endsAnEndlessFileAtItsLimit() {
        InputStream endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                String head = "<testsuite><testcase name='t'><failure>";
                return at < head.length() ? head.charAt(at++) : 'x';
            }
        };
        assertThat(refusal(endless, XmlLimits.DEFAULT)).contains("is bigger than 67108864 bytes");
    }

    @Test
    void keepsBothEndsOfALongText() throws Exception {
        String trace = "begin" + "x".repeat(1_000_000) + "end";
        TestCase read = parse("<testsuite><testcase name='t'><failure>" + trace + "</failure></testcase></testsuite>")
                .cases()
                .findFirst()
                .orElseThrow();
        assertThat(read.detail()).startsWith("beginx").endsWith("xend").contains("characters left out");
        assertThat(read.detail()).hasSizeLessThan(33_000);
    }

    @Test
    void saysHowManyTextsWereLeftOut() throws Exception {
        XmlLimits limits = new XmlLimits(1 << 20, 100, 100, 250, 10);
        AcceptanceReport report = parse(
                "<testsuite>" + ("<testcase name='t'><error>" + "x".repeat(100) + "</error></testcase>").repeat(5)
                        + "</testsuite>",
                limits);
        assertThat(report.counts().errors()).isEqualTo(5);
        assertThat(report.notes())
                .singleElement()
                .asString()
                .contains("250 characters")
                .contains("3 texts");
    }

    @ParameterizedTest
    @CsvSource({
        "NaN,0",
        "-1,0",
        "1e308,0",
        "Infinity,0",
        "'',0",
        "soon,0",
        "1e-9,0",
        "0x1p3,8000",
        "'1,234.5',1234500",
        "2.5,2500",
        "99999999999999999999999999999999999999999999999999999,0"
    })
    void tamesTimes(String time, long millis) throws Exception {
        TestCase read = parse("<testsuite><testcase name='t' time='" + time + "'/></testsuite>")
                .cases()
                .findFirst()
                .orElseThrow();
        assertThat(read.duration()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void tamesNamesAndControls() throws Exception {
        TestCase read = parse(
                        "<?xml version='1.1'?><testsuite><testcase name='" + "n".repeat(100_000)
                                + "'><failure message='a\u202eb'>#x1B[31mred#x1B[0m &#x1b;]0;title&#x7;</failure></testcase></testsuite>")
                .cases()
                .findFirst()
                .orElseThrow();
        assertThat(read.name()).hasSize(1000).endsWith("n…");
        assertThat(read.message()).isEqualTo("a\ufffdb");
        assertThat(read.detail()).isEqualTo("red \ufffd]0;title\ufffd");
    }

    @Test
    void replacesBytesThatAreNotInTheDeclaredEncoding() throws Exception {
        byte[] latin = "<?xml version='1.0' encoding='utf-8'?><testsuite><testcase name='caf\u00e9'/></testsuite>"
                .getBytes(ISO_8859_1);
        AcceptanceReport report = JUnitXml.parse(new ByteArrayInputStream(latin), "report.xml", XmlLimits.DEFAULT);
        assertThat(report.cases()).extracting(TestCase::name).containsExactly("caf\ufffd");
    }

    @Test
    void readsOtherEncodingsThatAreDeclared() throws Exception {
        String xml = "<?xml version='1.0' encoding='UTF-16'?><testsuite><testcase name='\u00e9'/></testsuite>";
        AcceptanceReport report =
                JUnitXml.parse(new ByteArrayInputStream(xml.getBytes(UTF_16)), "report.xml", XmlLimits.DEFAULT);
        assertThat(report.cases()).extracting(TestCase::name).containsExactly("\u00e9");
    }
}
