package io.jenkins.plugins.pymacaron.fuzz;

import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.JUnitXmlException;
import io.jenkins.plugins.pymacaron.report.XmlLimits;
import java.io.ByteArrayInputStream;

/** Any bytes as a report of tests: a report whose counts fit its cases, or one line. */
public final class JUnitXmlFuzz {
    private JUnitXmlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            AcceptanceReport report = JUnitXml.parse(new ByteArrayInputStream(input), "report.xml", XmlLimits.DEFAULT);
            if (report.cases().count() != report.counts().total()) {
                throw new IllegalStateException("counts that do not fit: " + report.counts());
            }
        } catch (JUnitXmlException e) {
            Lines.one(e.getMessage());
        }
    }
}
