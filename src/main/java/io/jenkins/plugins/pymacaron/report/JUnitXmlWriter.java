package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes the part of JUnit XML that every reader understands. */
final class JUnitXmlWriter {
    private final XMLStreamWriter xml;

    private JUnitXmlWriter(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static void write(AcceptanceReport report, OutputStream out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            new JUnitXmlWriter(xml).report(report);
            xml.close(); // which leaves the stream open
        } catch (XMLStreamException e) {
            throw new IOException("The test report cannot be written as XML: " + e.getMessage(), e);
        }
    }

    private void report(AcceptanceReport report) throws XMLStreamException {
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        for (TestSuite suite : report.suites()) {
            suite(suite);
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void suite(TestSuite suite) throws XMLStreamException {
        Counts counts = Counts.of(suite.cases());
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        attribute("name", suite.name());
        attribute("tests", String.valueOf(counts.total()));
        attribute("failures", String.valueOf(counts.failed()));
        attribute("errors", String.valueOf(counts.errors()));
        attribute("skipped", String.valueOf(counts.skipped()));
        attribute("time", seconds(suite.duration()));
        for (TestCase testCase : suite.cases()) {
            testCase(testCase);
        }
        text("system-out", suite.output());
        xml.writeEndElement();
    }

    private void testCase(TestCase testCase) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement("testcase");
        attribute("classname", testCase.className());
        attribute("name", testCase.name());
        attribute("time", seconds(testCase.duration()));
        if (testCase.status() != CaseStatus.PASSED) {
            xml.writeStartElement(
                    switch (testCase.status()) {
                        case FAILED -> "failure";
                        case ERROR -> "error";
                        default -> "skipped";
                    });
            attribute("message", testCase.message());
            xml.writeCharacters(testCase.detail());
            xml.writeEndElement();
        }
        text("system-out", testCase.output());
        xml.writeEndElement();
    }

    private void text(String element, String text) throws XMLStreamException {
        if (!text.isEmpty()) {
            xml.writeStartElement(element);
            xml.writeCharacters(text);
            xml.writeEndElement();
        }
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, value);
    }

    private static String seconds(Duration d) {
        return String.format(Locale.ROOT, "%.3f", d.toNanos() / 1e9);
    }
}
