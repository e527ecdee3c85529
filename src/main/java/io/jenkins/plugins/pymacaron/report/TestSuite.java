package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The cases that one runner reported together, in its order.
 *
 * @param duration as the runner measured it, or else the sum of the cases
 * @param output the output outside any case, bounded
 */
public record TestSuite(String name, Duration duration, List<TestCase> cases, String output) {

    public TestSuite {
        name = name == null ? "" : name;
        duration = duration == null ? Duration.ZERO : duration;
        cases = cases == null ? List.of() : List.copyOf(cases);
        output = output == null ? "" : output;
    }

    TestSuite map(UnaryOperator<String> text) {
        return new TestSuite(
                text.apply(name), duration, cases.stream().map(c -> c.map(text)).toList(), text.apply(output));
    }
}
