package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A suite while its element is read. */
final class SuiteInProgress {
    private final String name;
    private final Duration duration;
    private final List<TestCase> cases = new ArrayList<>();
    private String output = "";

    SuiteInProgress(String name, Duration duration) {
        this.name = name;
        this.duration = duration;
    }

    String name() {
        return name;
    }

    void add(TestCase testCase) {
        cases.add(testCase);
    }

    void output(String text) {
        output = output.isEmpty() || text.isEmpty() ? output + text : output + "\n" + text;
    }

    TestSuite build() {
        Duration sum = cases.stream().map(TestCase::duration).reduce(Duration.ZERO, Duration::plus);
        return new TestSuite(name, duration.isZero() ? sum : duration, cases, output);
    }
}
