package io.jenkins.plugins.pymacaron.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the dialects that runners write. Hostile input has its own test. */
class JUnitXmlTest {
    @TempDir
    Path directory;

    static AcceptanceReport parse(String xml) throws JUnitXmlException {
        return parse(xml, XmlLimits.DEFAULT);
    }

    static AcceptanceReport parse(String xml, XmlLimits limits) throws JUnitXmlException {
        return JUnitXml.parse(new ByteArrayInputStream(xml.getBytes(UTF_8)), "report.xml", limits);
    }

    @Test
    void readsPytest() throws Exception {
        AcceptanceReport report = parse("""
                <?xml version="1.0" encoding="utf-8"?>
                <testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="2" tests="5" time="1.042" timestamp="2026-11-22T14:03:12" hostname="h">
                <properties><property name="a" value="b"/></properties>
                <testcase classname="testaccept.test_a.TestA" name="test_ok" time="0.125"><system-out>hello
                there</system-out></testcase>
                <testcase classname="testaccept.test_a" name="test_bad[a&amp;b]" time="0.002"><failure message="AssertionError: assert 1 == 2&#10;  more">def test_bad():
                &gt;   assert 1 == 2
                E   assert 1 == 2</failure></testcase>
                <testcase classname="testaccept.test_a" name="test_skip" time="0.000"><skipped type="pytest.skip" message="no network">here</skipped></testcase>
                <testcase classname="testaccept.test_a" name="test_xfail" time="0.000"><skipped type="pytest.xfail" message=""/></testcase>
                <testcase classname="" name="testaccept.test_b" time="0.000"><error message="collection failure">ImportError: x</error></testcase>
                </testsuite></testsuites>
                """);
        assertThat(report.counts()).isEqualTo(new Counts(1, 1, 1, 2));
        assertThat(report.counts()).hasToString("5 tests: 1 passed, 1 failed, 1 error, 2 skipped");
        TestSuite suite = report.suites().get(0);
        assertThat(suite.name()).isEqualTo("pytest");
        assertThat(suite.duration()).isEqualTo(Duration.ofMillis(1042));
        assertThat(suite.cases().get(0).output()).isEqualTo("hello\nthere");
        assertThat(suite.cases().get(0).duration()).isEqualTo(Duration.ofMillis(125));
        assertThat(suite.cases().get(1).name()).isEqualTo("test_bad[a&b]");
        assertThat(suite.cases().get(1).message()).isEqualTo("AssertionError: assert 1 == 2");
        assertThat(suite.cases().get(1).detail()).startsWith("def test_bad").endsWith("E   assert 1 == 2");
        assertThat(suite.cases().get(3).message()).isEqualTo("pytest.xfail");
    }

    @Test
    void readsASetupErrorOfAClassAndASuite() throws Exception {
        AcceptanceReport report = parse("""
                <testsuite name="test_a.TestA" tests="0">
                  <testcase classname="" name="setUpClass (test_a.TestA)" time="NaN">
                    <error type="OSError">Traceback:
                  File "x"
                OSError: no route</error></testcase>
                  <error message="teardown of the module failed"/>
                  <system-err>outside</system-err>
                </testsuite>
                """);
        TestSuite suite = report.suites().get(0);
        assertThat(suite.output()).isEqualTo("outside");
        assertThat(suite.cases()).extracting(TestCase::name).containsExactly("setUpClass (test_a.TestA)", "(suite)");
        assertThat(suite.cases())
                .extracting(TestCase::message)
                .containsExactly("OSError", "teardown of the module failed");
        assertThat(suite.cases()).allMatch(c -> c.status() == CaseStatus.ERROR);
    }

    @Test
    void readsNestedSuitesAndCasesWithoutOne() throws Exception {
        AcceptanceReport report = parse("""
                <testsuites><testcase name="lonely"/>
                <testsuite name="outer"><testcase name="a"/><testsuite name="inner"><testcase name="b"/></testsuite><testcase name="c"/></testsuite>
                <testsuite name="empty"/></testsuites>
                """);
        assertThat(report.suites()).extracting(TestSuite::name).containsExactly("", "inner", "outer");
        assertThat(report.cases()).extracting(TestCase::name).containsExactly("lonely", "b", "a", "c");
    }

    @Test
    void theWorstResultOfACaseStands() throws Exception {
        AcceptanceReport report = parse("""
                <testsuite><testcase name="t"><skipped message="first"/><failure message="then"/><error message="last"/></testcase>
                <testcase name="u"><failure/></testcase></testsuite>
                """);
        assertThat(report.cases()).extracting(TestCase::status).containsExactly(CaseStatus.FAILED, CaseStatus.FAILED);
        assertThat(report.cases()).extracting(TestCase::message).containsExactly("then", "");
    }

    @Test
    void writesWhatItReads() throws Exception {
        AcceptanceReport before = Samples.acceptance(true);
        Path file = directory.resolve("deep/er/report.xml");
        JUnitXml.write(file, before);
        assertThat(JUnitXml.parse(file)).isEqualTo(before);
        assertThat(Files.list(file.getParent())).containsExactly(file);
    }

    @Test
    void mergesFilesInOrder() throws Exception {
        List<Path> files = List.of(directory.resolve("b.xml"), directory.resolve("a.xml"));
        for (Path file : files) {
            Files.writeString(file, "<testsuite name='" + file.getFileName() + "'><testcase name='t'/></testsuite>");
        }
        assertThat(JUnitXml.parse(files).suites()).extracting(TestSuite::name).containsExactly("b.xml", "a.xml");
    }

    @Test
    void masksEveryText() throws Exception {
        AcceptanceReport masked = parse("""
                        <testsuite name="secret"><system-out>a secret</system-out>
                        <testcase classname="secret" name="secret"><failure message="secret">secret</failure><system-out>secret</system-out></testcase></testsuite>
                        """).map(text -> text.replace("secret", "****"));
        assertThat(masked.toString()).doesNotContain("secret");
    }

    @Test
    void saysThatAFileIsMissing() {
        Path missing = directory.resolve("missing.xml");
        assertThatThrownBy(() -> JUnitXml.parse(missing))
                .isInstanceOf(IOException.class)
                .hasMessage("There is no test report " + missing + ".");
    }
}
