package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads one report in one pass. */
final class JUnitXmlReader {
    /** The JDK's own name for the limit; its default of 10,000 attributes is far from any report. */
    private static final String ATTRIBUTES = "http://www.oracle.com/xml/jaxp/properties/elementAttributeLimit";

    private final String name;
    private final XmlLimits limits;
    private final TextMask masking;
    private final TextBudget budget;
    private final List<TestSuite> suites = new ArrayList<>();
    private final Deque<SuiteInProgress> open = new ArrayDeque<>();
    private CaseInProgress testCase;
    private BoundedText text;
    private int depth;
    private int cases;
    private final Map<String, String> classNames = new HashMap<>();

    JUnitXmlReader(String name, XmlLimits limits, TextMask masking) {
        this.name = name;
        this.limits = limits;
        this.masking = masking;
        budget = new TextBudget(limits);
    }

    AcceptanceReport read(InputStream in) throws JUnitXmlException {
        LimitedInput limited = new LimitedInput(in, limits.bytes());
        try {
            XMLStreamReader xml = factory().createXMLStreamReader(XmlText.reader(limited));
            while (xml.hasNext()) {
                event(xml, xml.next());
            }
        } catch (JUnitXmlException e) {
            throw e;
        } catch (XMLStreamException | IOException | RuntimeException e) {
            // Hostile input makes the JDK's parser throw runtime exceptions too.
            throw limited.exceeded()
                    ? bad("is bigger than " + limits.bytes() + " bytes", e)
                    : bad("is not well-formed XML (" + reason(e) + ")", e);
        }
        return new AcceptanceReport(suites, budget.notes());
    }

    private static XMLInputFactory factory() {
        // This is the JDK's parser, independent of the class path: only its limits are known here.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(ATTRIBUTES, 100);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
        return factory;
    }

    private void event(XMLStreamReader xml, int event) throws JUnitXmlException {
        switch (event) {
            case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                throw bad("has a DOCTYPE or entities of its own, which no test runner writes", null);
            case XMLStreamConstants.START_ELEMENT -> start(xml);
            case XMLStreamConstants.END_ELEMENT -> end(xml.getLocalName());
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                if (text != null) {
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                }
            }
            default -> {}
        }
    }

    private void start(XMLStreamReader xml) throws JUnitXmlException {
        if (++depth > limits.depth()) {
            throw bad("is nested deeper than " + limits.depth() + " elements", null);
        }
        String element = xml.getLocalName();
        if (depth == 1 && !element.equals("testsuites") && !element.equals("testsuite")) {
            throw bad("is no JUnit report: it begins with <" + ReportSanitizer.line(element, 40) + ">", null);
        }
        switch (element) {
            case "testsuite" ->
                open.push(new SuiteInProgress(ReportSanitizer.line(attribute(xml, "name"), 500), seconds(xml)));
            case "testcase" -> {
                if (++cases > limits.cases()) {
                    throw bad("has more than " + limits.cases() + " test cases", null);
                }
                testCase = new CaseInProgress(
                        once(ReportSanitizer.line(attribute(xml, "classname"), 1000)),
                        ReportSanitizer.line(attribute(xml, "name"), 1000),
                        ReportSanitizer.seconds(attribute(xml, "time")));
            }
            case "failure", "error", "skipped" -> {
                CaseStatus status = CaseInProgress.status(element);
                if (testCase == null && !open.isEmpty()) {
                    // A runner failed outside any test, as in the setup of a class or module.
                    testCase = CaseInProgress.ofSuite(open.peek().name());
                }
                if (testCase != null) {
                    testCase.result(status, attribute(xml, "message"), attribute(xml, "type"));
                    text = new BoundedText(limits.text(), masking);
                }
            }
            case "system-out", "system-err" -> text = new BoundedText(limits.text(), masking);
            default -> {}
        }
    }

    private void end(String element) {
        depth--;
        switch (element) {
            case "failure", "error", "skipped" -> {
                if (testCase != null) {
                    testCase.detail(budget.take(text));
                    if (testCase.ofSuite()) {
                        finishCase();
                    }
                }
                text = null;
            }
            case "system-out", "system-err" -> {
                if (testCase != null) {
                    testCase.output(budget.take(text));
                } else if (!open.isEmpty()) {
                    open.peek().output(budget.take(text));
                }
                text = null;
            }
            case "testcase" -> finishCase();
            case "testsuite" -> {
                TestSuite suite = open.pop().build();
                if (!suite.cases().isEmpty() || !suite.output().isEmpty()) {
                    suites.add(suite);
                }
            }
            default -> {}
        }
    }

    private void finishCase() {
        if (testCase == null) {
            return;
        }
        if (open.isEmpty()) {
            // Cases directly below <testsuites>: they are in no schema, but some runners write them.
            suites.add(new TestSuite("", testCase.duration(), List.of(testCase.build()), ""));
        } else {
            open.peek().add(testCase.build());
        }
        testCase = null;
    }

    private Duration seconds(XMLStreamReader xml) {
        return ReportSanitizer.seconds(attribute(xml, "time"));
    }

    private String attribute(XMLStreamReader xml, String attribute) {
        String value = xml.getAttributeValue(null, attribute);
        return value == null ? "" : masking.mask().apply(value);
    }

    /** The same text for the same name: many cases are of one class. */
    private String once(String className) {
        String known = classNames.putIfAbsent(className, className);
        return known == null ? className : known;
    }

    private JUnitXmlException bad(String what, Throwable cause) {
        return new JUnitXmlException("The test report " + name + " " + what + ".", cause);
    }

    /** Returns the parser's own message, in one line and without the position that it repeats. */
    private static String reason(Exception e) {
        String message = e instanceof XMLStreamException x && x.getLocation() != null
                ? "line " + x.getLocation().getLineNumber() + ": "
                        + x.getMessage().replaceFirst("(?s).*\nMessage: ", "")
                : String.valueOf(e.getMessage());
        return ReportSanitizer.line(message, 200);
    }
}
