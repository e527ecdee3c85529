package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Checks that the tests that docs/reliability.md names for a promise exist, and that bin/proofs runs them. */
class ReliabilityTest {
    private static final Path TESTS = Path.of("src/test/java/io/jenkins/plugins/pymacaron");
    private static final Pattern NAMED = Pattern.compile("`((?:[a-z.]+\\.)?[A-Z][A-Za-z]+Test)`");
    private static final Pattern RUN = Pattern.compile("\\[([a-z-]+)\\]='?([^'\\n]+)'?");
    private static final Pattern COMMAND = Pattern.compile("bin/proofs ([a-z-]+)");

    private static Set<String> tests() throws Exception {
        try (var files = Files.walk(TESTS)) {
            return files.map(TESTS::relativize)
                    .map(Path::toString)
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.replace(".java", "").replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void eachTestThatIsNamedIsThere() throws Exception {
        Set<String> named = NAMED.matcher(Files.readString(Path.of("docs/reliability.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).hasSizeGreaterThan(20);
        assertThat(tests()).containsAll(named);
    }

    @Test
    void eachCommandRunsTestsThatAreThere() throws Exception {
        String text = Files.readString(Path.of("bin/proofs"));
        Set<String> tests = tests();
        Set<String> names = new TreeSet<>(Set.of("fuzz"));
        RUN.matcher(text).results().forEach(found -> {
            names.add(found.group(1));
            for (String test : List.of(found.group(2).split(","))) {
                String name = test.replace("*", ".*");
                assertThat(tests).as(test).anyMatch(t -> t.replaceFirst(".*\\.", "")
                        .matches(name));
            }
        });

        assertThat(names).hasSizeGreaterThan(4);
        COMMAND.matcher(Files.readString(Path.of("docs/reliability.md")))
                .results()
                .forEach(found -> assertThat(names).contains(found.group(1)));
    }
}
