package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * One test and its result.
 *
 * @param className the class or module, dotted; empty where the runner named none (an error while collecting)
 * @param message the first line of a failure or the reason of a skip; empty otherwise
 * @param detail the trace, bounded; empty where there is none
 * @param output the test's standard output and error, bounded
 */
public record TestCase(
        String className,
        String name,
        CaseStatus status,
        Duration duration,
        String message,
        String detail,
        String output) {

    /** JSON leaves out empty values. */
    public TestCase {
        className = className == null ? "" : className;
        name = name == null ? "" : name;
        status = status == null ? CaseStatus.ERROR : status;
        duration = duration == null ? Duration.ZERO : duration;
        message = message == null ? "" : message;
        detail = detail == null ? "" : detail;
        output = output == null ? "" : output;
    }

    /** Returns a case that passed without output. */
    public static TestCase passed(String className, String name, Duration duration) {
        return new TestCase(className, name, CaseStatus.PASSED, duration, "", "", "");
    }

    TestCase map(UnaryOperator<String> text) {
        return new TestCase(
                text.apply(className),
                text.apply(name),
                status,
                duration,
                text.apply(message),
                text.apply(detail),
                text.apply(output));
    }
}
