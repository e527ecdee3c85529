package io.jenkins.plugins.pymacaron.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What one stage's tests said.
 *
 * @param notes what was left out or tamed while reading, a sentence each
 */
public record AcceptanceReport(List<TestSuite> suites, List<String> notes) {

    public static final AcceptanceReport EMPTY = new AcceptanceReport(List.of(), List.of());

    public AcceptanceReport {
        suites = suites == null ? List.of() : List.copyOf(suites);
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /** The reports of several files as one, in their order. */
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

    /** A copy with every text replaced; this is how secrets that tests print are masked. */
    public AcceptanceReport map(UnaryOperator<String> text) {
        return new AcceptanceReport(
                suites.stream().map(s -> s.map(text)).toList(),
                notes.stream().map(text).toList());
    }
}
