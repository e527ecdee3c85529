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
import net.jqwik.api.Tuple;

/** Any value of our keys, in the file or in its blocks, gives a configuration, or problems that help. */
class AnyConfigTest {
    private static final List<String> ODD = List.of(
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

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void endsInAConfigurationOrInProblemsThatHelp(
            @ForAll("files") Map<String, String> file,
            @ForAll("blocks") Map<String, String> staging,
            @ForAll("blocks") Map<String, String> live) {
        String text = lines("", file) + "staging:\n" + lines("  ", staging) + "live:\n" + lines("  ", live);
        try {
            ProjectConfig project = Configs.read(text);
            for (PymConfig config : project.slots()) {
                assertThat(config.canonical()).contains("name: ", "deploy_target: ", "registry: ");
                assertThat(ImageName.of(config).repository()).endsWith("/" + config.name());
                assertThat(config.accept().tests()).isNotNull();
                assertThat(config.timeouts().byStage()).hasSize(10);
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

    /** Mostly right, so that many files pass. */
    @Provide
    Arbitrary<Map<String, String>> files() {
        Map<String, String> valid = examples();
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(valid)),
                Tuple.of(2, blocksOf(ODD, 1).map(odd -> {
                    Map<String, String> mixed = new LinkedHashMap<>(valid);
                    mixed.putAll(odd);
                    return mixed;
                })),
                Tuple.of(1, blocksOf(ODD, 6)));
    }

    @Provide
    Arbitrary<Map<String, String>> blocks() {
        Arbitrary<Map<String, String>> right = Arbitraries.maps(
                        Arbitraries.of(examples().keySet()), Arbitraries.just(""))
                .ofMaxSize(3)
                .map(keys -> keys.keySet().stream().collect(Collectors.toMap(key -> key, examples()::get)));
        return Arbitraries.frequencyOf(Tuple.of(3, right), Tuple.of(1, blocksOf(ODD, 4)));
    }

    private static Arbitrary<Map<String, String>> blocksOf(List<String> values, int most) {
        List<String> keys = Keys.ALL.stream()
                .filter(key -> key != PipelineKeys.STAGING && key != PipelineKeys.LIVE)
                .map(Key::name)
                .toList();
        return Arbitraries.maps(Arbitraries.of(keys), Arbitraries.of(values)).ofMaxSize(most);
    }

    private static Map<String, String> examples() {
        return Keys.ALL.stream()
                .filter(key -> !key.example().isEmpty())
                .collect(Collectors.toMap(Key::name, Key::example));
    }
}
