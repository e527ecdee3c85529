package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Test;

/** We read what PyYAML reads, and refuse what it refuses: the service reads the same file with it. */
class YamlDialectTest {
    /** Documents with a {@code k:} of their own are taken as they are; every other is a value to stand behind one. */
    private static final List<String> CORPUS = List.of(
            // booleans, nothing, text that looks like them
            "yes",
            "Yes",
            "YES",
            "yEs",
            "no",
            "on",
            "Off",
            "true",
            "True",
            "TRUE",
            "y",
            "n",
            "~",
            "null",
            "Null",
            "nUll",
            "",
            "'yes'",
            "\"no\"",
            "! yes",
            "! 'no'",
            "!!str yes",
            "!!bool 'yes'",
            "!!bool maybe",
            "!!null whatever",
            // whole numbers
            "0",
            "-0",
            "+7",
            "12",
            "012",
            "0o12",
            "08",
            "0b101",
            "-0b11",
            "0b2",
            "0x1F",
            "-0xff",
            "0x_1",
            "0b_",
            "0x_",
            "0_",
            "1_000",
            "_1",
            "1_",
            "190:20:30",
            "1:30",
            "01:30",
            "-1:30",
            "1:60",
            "1:2:3:4",
            "99999999999999999999999",
            "!!int '12'",
            "!!int 12.5",
            "!!int ''",
            "0777",
            "00",
            "07_7",
            // other numbers
            "1.5",
            "1.",
            ".5",
            "-.5",
            "+.5",
            "1e3",
            "1.0e3",
            "1.0e+3",
            "1.5E-2",
            "6.8523015e+5",
            "685.230_15e+03",
            "190:20:30.15",
            "1:30.",
            ".inf",
            "-.INF",
            "+.Inf",
            ".nan",
            ".NaN",
            "-.nan",
            "inf",
            "!!float 3",
            "!!float 1e3",
            "!!float x",
            "._",
            ".",
            "1__.5",
            "08.5",
            "-0.0",
            "1.7976931348623157e+309",
            // dates
            "2001-12-14",
            "2001-1-1",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-15 2:59:43.10",
            "2001-12-14T21:59:43Z",
            "2001-12-14 21:59:43.123456789",
            "2001-13-45",
            "2001-12-14 25:00:00",
            "0000-01-01",
            "2001-12-14 21:59:43 +05:30",
            "2001-12-14 21:59",
            "!!timestamp '2001-1-2'",
            // other tags
            "=",
            "<<",
            "!!binary aGVsbG8=",
            "!foo x",
            "!!python/name:os.system ''",
            "!!python/tuple [1]",
            "!!python/object/apply:os.system [echo]",
            "!!set {a}",
            "!!omap [a: 1, b: 2]",
            "!!pairs [a: 1]",
            "!!map {a: 1}",
            // text
            "a b",
            "a  b",
            "'it''s'",
            "\"\\u00e9\\n\\x41\\t\\\\\\_\\N\"",
            "\"\\q\"",
            "a: b",
            "a #b",
            "a#b",
            "http://x:80/y",
            "\"a\\\n   b\"",
            "|\n  a\n   b\n",
            ">\n  a\n  b\n\n  c\n",
            ">-\n  a\n",
            "|+\n  a\n\n",
            "|2\n   a\n",
            "%x",
            "@x",
            "`x",
            "-",
            "- a",
            "?x",
            "? x",
            ":x",
            "é",
            "😀",
            "a\tb",
            "\ta",
            "'a\n  b'",
            "*x",
            "&x",
            "&x y",
            "{}",
            "[]",
            "[a, b,]",
            "{a, b: c}",
            "[a, [b, {c: d}]]",
            "{a:b}",
            "[a:b]",
            "{\"a\":b}",
            "[a",
            "]",
            "'a",
            "!!str",
            "[1, ~, yes, 1.0]",
            // whole documents
            "k: 1\nk: 2\n",
            "k: {a: 1, a: 2}\n",
            "k:\n  - a\n  - b\n",
            "k:\n- a\n- b\n",
            "k: &x {a: 1}\nl: *x\n",
            "k: *x\n",
            "b: &b {a: 1, c: 2}\nk: {<<: *b, a: 3}\n",
            "b: &b {a: 1, c: 2}\nk: {a: 3, <<: *b}\n",
            "b: &b {a: 1}\nc: &c {a: 2, d: 4}\nk: {<<: [*b, *c], e: 5}\n",
            "k: {<<: 1}\n",
            "k: {<<: [1]}\n",
            "k: {'<<': 1}\n",
            "b: &b {a: 1}\nc: &c {<<: *b, d: 2}\nk: {<<: *c}\n",
            "b: &b {a: 1}\nk: {<<: *b, <<: {a: 2}}\n",
            "=: 1\nk: 2\n",
            "k: 1\n---\nl: 2\n",
            "---\nk: 1\n...\n",
            "%YAML 1.1\n---\nk: 1\n",
            "%YAML 1.2\n---\nk: 1\n",
            "%YAML 2.0\n---\nk: 1\n",
            "%TAG ! tag:yaml.org,2002:\n---\nk: !int '3'\n",
            "k: 1\n l: 2\n",
            "k:\n\tl: 1\n",
            "k: a\n  b\nl: c\n",
            "? k\n: 1\n",
            "[k]: 1\n",
            "{a: 1}: 2\n",
            "2: a\nyes: b\n~: c\n2001-01-01: d\n1.5: e\n",
            "# only\n",
            "k: 1 # x\n",
            "\uFEFFk: 1\n",
            "k: a\r\nl: b\r\n",
            "k: a\u0085l: b\n",
            "k: a\u2028b\n",
            "k: &a [*a]\n",
            "k : 1\n",
            "\"k\": 1\n",
            "k:1\n",
            "k:\n",
            "",
            // tabs
            "k:\ta\n",
            "k: a\t\n",
            "k: a\t# c\n",
            "k: a # c\td\n",
            "\t# c\nk: a\n",
            "k: a\n\t\nl: b\n",
            "k: a\n\t# c\n",
            "k: [a,\tb]\n",
            "k: [a\t]\n",
            "k: {a:\tb}\n",
            "k: 'a\tb'\n",
            "k: \"a\tb\"\n",
            "k: |\n  a\tb\n",
            "k: |\n  a\n\t\nl: b\n",
            "k:\n  -\ta\n",
            "k:\t\n  a\n",
            "k: a\n \t b\n",
            "k: &x\ta\n",
            "k: !!str\ta\n",
            "k: a\n---\t\n",
            "k\t: a\n",
            "k: |\t\n  a\n",
            "k: 'a'\t\n",
            "k: #\t\n  a\n",
            "k: \"a\n\t b\"\n",
            "k: a#\tb\n",
            "k: 'a # b'\tc\n",
            "k: [a]\t\n",
            "k: ~\n\t",
            "k: |\t# c\n  a\n",
            "k: >\n  a\n\n\tb\n",
            "k: |\n  a\n\t# c\n",
            "# a\tb\nk: a\n",
            "k: a\n#\tb\n",
            "%YAML\t1.1\n---\nk: a\n",
            "---\tk: a\n");

    @Test
    void readsACorpusAsPyYamlDoes() {
        PyYaml.assumeThere();
        List<String> documents = CORPUS.stream()
                .map(text -> text.contains("\n") && text.matches("(?s).*[k#:].*") && !text.matches("(?s)[|>'\"].*")
                        ? text
                        : "k: " + text)
                .collect(Collectors.toCollection(ArrayList::new));
        compare(documents);
    }

    @Property(tries = 10)
    @AddLifecycleHook(PyYaml.Needed.class)
    void readsScalarsAsPyYamlDoes(@ForAll @Size(200) List<@From("scalars") String> scalars) {
        compare(scalars.stream().map(scalar -> "k: " + scalar + "\n").toList());
    }

    @Property(tries = 10)
    @AddLifecycleHook(PyYaml.Needed.class)
    void readsEveryStructureAsPyYamlDoes(@ForAll @Size(200) List<@From("structures") String> documents) {
        compare(documents);
    }

    @Provide
    Arbitrary<String> structures() {
        // Without ? and %: SnakeYAML takes a directive or a broken complex key where PyYAML does not.
        return Arbitraries.of(
                        "k: ",
                        "a: ",
                        "b",
                        "- ",
                        ": ",
                        ":",
                        "\n",
                        "\n",
                        "\n  ",
                        "\n    ",
                        " ",
                        "[",
                        "]",
                        "{",
                        "}",
                        ", ",
                        ",",
                        "'x'",
                        "\"y\"",
                        "|\n",
                        ">\n",
                        "#",
                        " #",
                        "&x ",
                        "*x",
                        "<<: ",
                        "!!str ",
                        "!",
                        "\t",
                        "1",
                        "---\n",
                        "...\n",
                        "\\",
                        "@",
                        "`",
                        "é",
                        "\nb: ",
                        "\nc:\n  - ",
                        "\n- ")
                .list()
                .ofMaxSize(9)
                .map(parts -> "k: " + String.join("", parts) + "\n");
    }

    /** Made of the pieces that decide what a scalar is. */
    @Provide
    Arbitrary<String> scalars() {
        Arbitrary<String> piece = Arbitraries.of(
                "0", "1", "7", "8", "12", "59", "60", "2001", "-", "+", ".", "_", ":", "e", "E", "x", "o", "b", "f",
                "inf", "nan", "~", "yes", "No", "TRUE", "null", "T", "Z", " ", "=", "<<", "é");
        Arbitrary<String> number =
                Arbitraries.strings().withChars("01789:._+-eExb").ofMinLength(1).ofMaxLength(9);
        return Arbitraries.oneOf(
                piece.list().ofMinSize(1).ofMaxSize(6).map(parts -> String.join("", parts)), number, dates());
    }

    private static Arbitrary<String> dates() {
        return Arbitraries.strings().withChars("0123456789").ofLength(14).flatMap(d -> Arbitraries.of(
                        "", "Z", " -5", "+05:30")
                .map(zone -> "20" + d.substring(0, 2) + "-" + d.substring(2, 4) + "-" + d.substring(4, 6) + " "
                        + d.substring(6, 8) + ":" + d.substring(8, 10) + ":" + d.substring(10, 12) + "."
                        + d.substring(12) + zone));
    }

    private static void compare(List<String> documents) {
        List<Optional<String>> theirs = PyYaml.read(documents);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            Optional<String> ours = read(documents.get(i));
            Optional<String> expected = theirs.get(i).filter(form -> form.startsWith("{"));
            if (!ours.equals(expected)) {
                different.add(
                        documents.get(i).replace("\n", "\\n") + "\n  ours " + ours + "\n  PyYAML's " + theirs.get(i));
            }
        }
        assertThat(different).isEmpty();
    }

    private static Optional<String> read(String document) {
        try {
            Value.Mapping value = YamlReader.read("f", document.getBytes(StandardCharsets.UTF_8), new Problems("f"));
            return Optional.of(PyYaml.form(value.plain()));
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }
}
