package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Merges the reports of processes that share the tests of one run. The order of the cases does not depend on the speed of
 * the processes.
 */
public final class SharedReport {
    /** Cases of one class are in one file, and so in one process, in their order. */
    private static final Comparator<TestCase> ORDER =
            Comparator.comparing(c -> c.className().isEmpty() ? c.name() : c.className());

    private SharedReport() {}

    /** Merges reports. A case without a class is a file that no process could read, and several may report it. */
    public static AcceptanceReport of(Collection<AcceptanceReport> parts) {
        List<TestCase> cases = new ArrayList<>();
        List<String> output = new ArrayList<>();
        Set<String> files = new HashSet<>();
        String name = "";
        Duration longest = Duration.ZERO;
        for (AcceptanceReport part : parts) {
            Duration took = Duration.ZERO;
            for (TestSuite suite : part.suites()) {
                name = name.isEmpty() ? suite.name() : name;
                took = took.plus(suite.duration());
                suite.cases().stream()
                        .filter(one -> !one.className().isEmpty() || files.add(one.name()))
                        .forEach(cases::add);
                if (!suite.output().isEmpty()) {
                    output.add(suite.output());
                }
            }
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
        cases.sort(ORDER);
        List<String> notes =
                parts.stream().flatMap(part -> part.notes().stream()).distinct().toList();
        return new AcceptanceReport(List.of(new TestSuite(name, longest, cases, String.join("\n", output))), notes);
    }
}
