package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Reads the JUnit XML dialects of pytest (both {@code junit_family}s), of unittest runners and similar ones, as a
 * stream and without trust: no DTD, no entities, limits on everything.
 */
public final class JUnitXml {
    private JUnitXml() {}

    public static AcceptanceReport parse(Path file) throws JUnitXmlException {
        return parse(file, XmlLimits.DEFAULT);
    }

    public static AcceptanceReport parse(Path file, XmlLimits limits) throws JUnitXmlException {
        return parse(file, limits, TextMask.NONE);
    }

    /** Reads a file. @throws JUnitXmlException one line that names the file and its fault */
    public static AcceptanceReport parse(Path file, XmlLimits limits, TextMask masking) throws JUnitXmlException {
        try (InputStream in = Files.newInputStream(file)) {
            return new JUnitXmlReader(file.toString(), limits, masking).read(in);
        } catch (JUnitXmlException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new JUnitXmlException("There is no test report " + file + ".", e);
        } catch (IOException e) {
            throw new JUnitXmlException("The test report " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads a report. @param name for messages */
    public static AcceptanceReport parse(InputStream in, String name, XmlLimits limits) throws JUnitXmlException {
        return new JUnitXmlReader(name, limits, TextMask.NONE).read(in);
    }

    /** Reads all files as one report, in their order. */
    public static AcceptanceReport parse(Collection<Path> files) throws JUnitXmlException {
        List<AcceptanceReport> reports = new ArrayList<>();
        for (Path file : files) {
            reports.add(parse(file));
        }
        return AcceptanceReport.merge(reports);
    }

    /** Writes a report as plain, well-formed JUnit XML that any reader accepts, and replaces the file in one step. */
    public static void write(Path file, AcceptanceReport report) throws IOException {
        SummaryJson.replace(file, out -> JUnitXmlWriter.write(report, out));
    }
}
