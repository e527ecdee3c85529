package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever stands behind our keys, in the file or in its blocks: a configuration comes of it, or problems that help. */
class AnyConfigTest {
    private static final List<String> KEYS = Keys.ALL.stream().map(Key::name).toList();

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void endsInAConfigurationOrInProblemsThatHelp(
            @ForAll("blocks") Map<String, String> file,
            @ForAll("blocks") Map<String, String> staging,
            @ForAll("blocks") Map<String, String> live) {
        String text = lines("", file) + "staging:\n" + lines("  ", staging) + "live:\n" + lines("  ", live);
        try {
            ProjectConfig project = Configs.read(text);
            for (PymConfig config : project.slots()) {
                assertThat(config.canonical()).contains("name: ", "deploy_target: ", "registry: ");
                assertThat(ImageName.of(config).repository()).endsWith("/" + config.name());
                assertThat(config.accept().tests()).isNotNull();
                assertThat(config.timeouts().byStage()).hasSize(11);
            }
            project.live().forEach(config -> assertThat(config.liveUrl().port()).isBetween(1, 65535));
            assertHelpful(project.warnings());
        } catch (ConfigException e) {
            assertThat(e.problems()).anyMatch(Problem::isError);
            assertHelpful(e.problems());
        }
    }

    private static void assertHelpful(List<Problem> problems) {
        for (Problem problem : problems) {
            String text = problem.toString();
            assertThat(text).doesNotContain("\n").doesNotContain("null ");
            assertThat(problem.advice()).as(text).isNotBlank();
            boolean aboutSomethingAbsent = problem.message().contains(" is missing");
            assertThat(problem.line() > 0 || aboutSomethingAbsent).as(text).isTrue();
        }
        assertThat(problems).doesNotHaveDuplicates();
    }

    private static String lines(String indent, Map<String, String> block) {
        return block.entrySet().stream()
                .map(entry -> indent + entry.getKey() + ": " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    @Provide
    Arbitrary<Map<String, String>> blocks() {
        Arbitrary<String> examples = Arbitraries.of(Keys.ALL).map(Key::example).filter(example -> !example.isEmpty());
        Arbitrary<String> odd = Arbitraries.of(
                "",
                "~",
                "yes",
                "0",
                "-1",
                "12",
                "1.5",
                "2001-01-01",
                "''",
                "'x y'",
                "[]",
                "[a, 1]",
                "{}",
                "{a: b}",
                "{build: 10m}",
                "hello",
                "docker",
                "gke",
                "http://h",
                "'\\x07'",
                "\"\\x07\"",
                "[[a]]",
                "99999999999999999999");
        Arbitrary<String> keys = Arbitraries.of(KEYS).filter(key -> !key.equals("staging") && !key.equals("live"));
        // Now and then the right value, so that some files pass.
        Arbitrary<Map<String, String>> anything =
                Arbitraries.maps(keys, Arbitraries.oneOf(examples, odd)).ofMaxSize(6);
        Map<String, String> valid = Keys.ALL.stream()
                .filter(key -> !key.example().isEmpty() && !key.name().equals("gcp_max_instances"))
                .collect(Collectors.toMap(Key::name, Key::example));
        return Arbitraries.oneOf(anything, anything.map(map -> {
            Map<String, String> mixed = new LinkedHashMap<>(valid);
            map.keySet().stream().limit(1).forEach(key -> mixed.put(key, map.get(key)));
            return mixed;
        }));
    }
}
