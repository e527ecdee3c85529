package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
    @ParameterizedTest
    @CsvSource({
        "yes,yes is true here",
        "012,012 is the number 10 here",
        "0o12,but the number 10 by YAML 1.2",
        "1:30,1:30 is the number 90 here",
        "1e3,1e3 is text here",
        "2001-12-14,is a date here",
        "1_000,is the number 1000 here",
        "off,off is false here",
        "08,08 is text here",
        "-0x1F,is the number -31 here",
        "+.5,is text here"
    })
    void warnsWhereYaml12ReadsDifferently(String scalar, String warning) throws ConfigException {
        Problems problems = new Problems("f");
        read("k: " + scalar, problems);

        assertThat(problems.all()).singleElement().satisfies(problem -> {
            assertThat(problem.toString()).startsWith("f:1:4: warning: ").contains(warning);
            assertThat(problem.isError()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "true",
        "12",
        "-1.5",
        "~",
        "1.0e+3",
        ".inf",
        ".nan",
        "text",
        "0x1F",
        "'''yes'''",
        "!!str yes",
        "http://x:1"
    })
    void saysNothingWhereBothAgree(String scalar) throws ConfigException {
        Problems problems = new Problems("f");
        read("k: " + scalar, problems);

        assertThat(problems.all()).isEmpty();
    }

    @Test
    void theLastOfTwoEqualKeysCounts() throws ConfigException {
        Problems problems = new Problems("f");
        Value.Mapping mapping = read("a: 1\nb: 2\na: 3\n", problems);

        assertThat(PyYaml.form(mapping.plain()))
                .isEqualTo(PyYaml.form(read("a: 3\nb: 2", new Problems("f")).plain()));
        assertThat(problems.all())
                .extracting(Problem::toString)
                .containsExactly(
                        "f:3:1: warning: the key a is already in line 1; the one in line 3 counts. Remove one of them.");
    }

    @Test
    void positionsCountCharacters() throws ConfigException {
        Value.Mapping mapping = read("a: {😀é: x, b: y}", new Problems("f"));
        Value.Mapping inner = (Value.Mapping) mapping.entries().get("a").value();

        assertThat(inner.entries().get("b").keyAt()).isEqualTo(new FilePosition(1, 12));
        assertThat(inner.entries().get("b").value().at()).isEqualTo(new FilePosition(1, 15));
    }

    @Test
    void anUnreadableFileIsOneProblemWithItsPlace() {
        assertThat(refused(""))
                .isEqualTo("f:1:1: error: the file is empty. It needs at least name, docker_repo and live_url.");
        assertThat(refused("# nothing\n---\n")).startsWith("f:1:1: error: the file is empty");
        assertThat(refused("\n- a\n"))
                .startsWith("f:2:1: error: the file must hold keys with values, but holds a list");
        assertThat(refused("just text")).contains("but holds one single value");
        assertThat(refused("a: 1\n---\nb: 2\n")).startsWith("f:2:1: error: a second YAML document begins here");
        assertThat(refused("a: 1\nb: [1\n")).startsWith("f:3:1: error: this is not YAML: ");
        assertThat(refused("a:\n\tb: 1\n"))
                .startsWith("f:2:1: error: this is not YAML: ")
                .endsWith("not with tabs.");
        assertThat(refused("a: b\t\n")).startsWith("f:1:4: error: there is a tab");
        assertThat(refused("a: *x\n")).startsWith("f:1:4: error: this is not YAML: found undefined alias x");
        assertThat(refused("a: &x b\nc: &x d\n")).startsWith("f:2:4: error: the anchor &x is there twice");
        assertThat(refused("a: 2001-13-01\n")).startsWith("f:1:4: error: 2001-13-01 cannot be read: ");
        assertThat(refused("a: {<<: b}\n")).startsWith("f:1:9: error: << can only merge mappings");
        assertThat(refused("a: {[b]: c}\n")).startsWith("f:1:5: error: a key must be a single value");
    }

    @Test
    void noTagRunsCode() {
        assertThat(refused("a: !!python/object/apply:os.system [id]"))
                .startsWith("f:1:4: error: cannot read a value tagged tag:yaml.org,2002:python/object/apply:os.system");
        assertThat(refused("a: !!javax.script.ScriptEngineManager []")).contains("cannot read a value tagged");
        assertThat(refused("a: !own b")).startsWith("f:1:4: error: b cannot be read");
    }

    @Test
    void bytesThatAreNoTextHaveAPlaceToo() {
        assertThat(refused(new byte[] {'a', ':', ' ', 'b', '\n', 'c', 0, 'd'}))
                .startsWith("f:2:2: error: the character U+0000 is not allowed in YAML");
        assertThat(refused(new byte[] {'a', ':', ' ', (byte) 0xC3, '\n'}))
                .startsWith("f:1:4: error: the bytes from here on are not UTF-8");
        assertThat(refused(new byte[] {'a', ':', ' ', (byte) 0xC3})).startsWith("f:1:4: error: the bytes from here on");
        assertThat(refused("a: b\n".getBytes(StandardCharsets.UTF_16))).contains("not UTF-8");
        assertThat(refused("a: \u001b[31m")).contains("U+001B");
    }

    @Test
    void limitsHold() {
        assertThat(refused("a: " + "x".repeat(256 * 1024)))
                .isEqualTo("f: error: the file is larger than 256 KiB." + " Keep only the configuration in it.");
        assertThat(refused("a: " + "[".repeat(40) + "]".repeat(40)))
                .startsWith("f:1:33: error: values are nested more than 30");
        assertThat(refused("a: " + "[".repeat(100_000))).contains("values are nested more than 30");
        assertThat(refused("a: &a [*a]")).startsWith("f:1:4: error: this value contains itself");
        assertThat(refused("a: &a {<<: *a}")).contains("this value contains itself");
    }

    @Test
    void aliasesCannotGrowWithoutEnd() {
        StringBuilder lists = new StringBuilder("a0: &a0 [x]\n");
        StringBuilder merges = new StringBuilder("a0: &a0 {}\n");
        for (int i = 1; i < 12; i++) {
            String ten = String.join(",", Collections.nCopies(10, "*a" + (i - 1)));
            lists.append("a" + i + ": &a" + i + " [" + ten + "]\n");
            merges.append("a" + i + ": &a" + i + " {<<: [" + ten + "]}\n");
        }
        assertThat(refused(lists.toString())).contains("aliases make more than 20000 values of this file");
        assertThat(refused(merges.toString())).contains("aliases make more than 20000 values of this file");
    }

    @Test
    void aliasesCannotNestWithoutEnd() {
        StringBuilder text = new StringBuilder("a0: &a0 [[[[[[[[[[x]]]]]]]]]]\n");
        for (int i = 1; i < 2000; i++) {
            text.append("a" + i + ": &a" + i + " [[[[[[[[[[*a" + (i - 1) + "]]]]]]]]]]\n");
        }
        assertThat(refused(text.toString())).contains("values are nested more than 30");
    }

    @Test
    void textThatMakesRegularExpressionsRecurseIsHarmless() throws ConfigException {
        String long1 = "1" + ":1".repeat(100_000);
        assertThat(read("k: " + long1, new Problems("f")).plain()).isNotNull();
        assertThat(Configs.refused(Configs.DOCKER + "docker_base: " + "a/".repeat(50_000) + "a"))
                .hasSize(1);
        assertThat(Configs.refused(Configs.DOCKER + "live_host: " + "a.".repeat(499) + "-"))
                .hasSize(1);
    }

    @Test
    void aNumberOfAnyLengthCostsNothing() throws ConfigException {
        Problems problems = new Problems("f");
        String digits = "7".repeat(200_000);

        assertThat(read("k: " + digits, problems).plain()).isEqualTo(Map.of("k", digits));
        assertThat(problems.all()).isEmpty();
    }

    @Property(tries = 300)
    void bytesOfAnyKindEndInAMappingOrInProblems(@ForAll @Size(max = 200) byte[] bytes) {
        try {
            YamlReader.read("f", bytes, new Problems("f"));
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty();
            assertThat(e.getMessage()).doesNotContain("\u001b");
        }
    }

    private static Value.Mapping read(String text, Problems problems) throws ConfigException {
        return YamlReader.read("f", text.getBytes(StandardCharsets.UTF_8), problems);
    }

    private static String refused(String text) {
        return refused(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String refused(byte[] bytes) {
        List<Problem> problems = catchThrowableOfType(
                        ConfigException.class, () -> YamlReader.read("f", bytes, new Problems("f")))
                .problems();
        assertThat(problems).filteredOn(Problem::isError).hasSize(1);
        return problems.get(0).toString();
    }
}
