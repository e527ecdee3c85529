package io.jenkins.plugins.pymacaron.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The test results of one stage. @param notes what was left out or sanitized while reading, a sentence each */
public record AcceptanceReport(List<TestSuite> suites, List<String> notes) {

    public static final AcceptanceReport EMPTY = new AcceptanceReport(List.of(), List.of());

    public AcceptanceReport {
        suites = suites == null ? List.of() : List.copyOf(suites);
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /** Returns the reports of several files as one, in their order. */
    public static AcceptanceReport merge(Collection<AcceptanceReport> reports) {
        List<TestSuite> suites = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (AcceptanceReport report : reports) {
            suites.addAll(report.suites);
            notes.addAll(report.notes);
        }
        return new AcceptanceReport(suites, notes);
    }

    public Stream<TestCase> cases() {
        return suites.stream().flatMap(s -> s.cases().stream());
    }

    public Counts counts() {
        return Counts.of(cases().toList());
    }

    /** Returns a copy with every text replaced; this masks secrets that tests print. */
    public AcceptanceReport map(UnaryOperator<String> text) {
        return new AcceptanceReport(
                suites.stream().map(s -> s.map(text)).toList(),
                notes.stream().map(text).toList());
    }
}
