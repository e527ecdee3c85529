package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of CONTRIBUTING.md, "Language", for all texts that users read. */
class WordsTest {
    /** A noun clause at the beginning of a sentence, a heading, a table cell, a list item, a label or a value. */
    private static final Pattern NOUN_CLAUSE = Pattern.compile(
            "(?:^|[.:;!] |[|>\"=%] *|(?:[*#-]|\\d\\.) )\\**(?:What|Where|Who|Whose) [a-z][^.?|<]*[.?|<]?");

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`|<code>.*?</code>");
    private static final Pattern KEY = Pattern.compile("(?m)^[\\w.]+(?==)");
    private static final Pattern COMMENT = Pattern.compile("(?ms)/\\*.*?\\*/|^ *//[^\n]*");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+ \"");

    private static Stream<Path> files(String directory, String names) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(directory))) {
            return all.filter(file -> file.toString().matches(names)).sorted().toList().stream();
        }
    }

    /** Returns the places in a text that break a rule. */
    private static List<String> unwanted(String text) {
        List<String> found = new ArrayList<>(UnwantedWords.in(text));
        for (String line : text.split("\n")) {
            NOUN_CLAUSE
                    .matcher(line)
                    .results()
                    .map(MatchResult::group)
                    .filter(sentence -> !sentence.endsWith("?"))
                    .forEach(found::add);
        }
        return found;
    }

    private static String withoutCode(String text) {
        String prose = CODE_BLOCK.matcher(text).replaceAll("");
        return CODE.matcher(KEY.matcher(prose).replaceAll("")).replaceAll("`");
    }

    private static List<String> unwantedIn(Stream<Path> files) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files.toList()) {
            unwanted(withoutCode(Files.readString(file))).forEach(place -> found.add(file + ": " + place));
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Somebody has paused it.",
                "live was taken back",
                "It takes the promotion back.",
                "The way back is short.",
                "state: reverted",
                "It waits, whatever happens.",
                "All lives are changed.",
                "What is kept is in the table.",
                "# What it costs",
                "| `a` | Who may deploy |",
                "- Where it listens.",
                "It works. Whose it is, the label says.",
                "title=What to test",
                "${%What to do}"
            })
    void findsTheseSentences(String text) {
        assertThat(unwanted(withoutCode(text))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "What does it cost?",
                "Run `pymdeploy --whatever`.",
                "The table says where it listens.",
                "DeploymentsAction.somebody=an unknown user",
                "It delivers the image.",
                "It gives the lease back.",
                "The agent is back."
            })
    void allowsTheseSentences(String text) {
        assertThat(unwanted(withoutCode(text))).isEmpty();
    }

    @Test
    void theDocumentationIsInPlainWords() throws IOException {
        List<Path> pages = new ArrayList<>(Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
                .map(Path::of)
                .toList());
        files("docs", ".*\\.md").forEach(pages::add);
        files("examples", ".*\\.md").forEach(pages::add);

        assertThat(pages).hasSizeGreaterThan(20);
        assertThat(unwantedIn(pages.stream())).isEmpty();
    }

    @Test
    void helpAndPagesAreInPlainWords() throws IOException {
        assertThat(unwantedIn(files("src/main/resources", ".*\\.(?:html|jelly|properties)")))
                .isEmpty();
    }

    /** The comments and messages of bin and bench, where code has other rules for the beginning of a line. */
    @Test
    void scriptsAreInPlainWords() throws IOException {
        List<Path> scripts = Stream.concat(files("bin", "[^.]*|.*\\.(?:sh|py)"), files("bench", ".*/(?:run|.*\\.py)"))
                .filter(Files::isRegularFile)
                .toList();

        assertThat(scripts).hasSizeGreaterThan(15);
        for (Path script : scripts) {
            assertThat(UnwantedWords.in(Files.readString(script)))
                    .as(script.toString())
                    .isEmpty();
        }
    }

    /** A test that expects another word than the program's own shows nothing, or keeps the old word alive. */
    @Test
    void testsExpectTheWordsOfConcepts() throws IOException {
        for (Path file : files("src/test/java", ".*\\.java").toList()) {
            if (!file.getFileName().toString().matches("(?:Words|Comments)Test.java")) {
                String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
                assertThat(LITERAL.matcher(JOINT.matcher(code).replaceAll("")).results())
                        .flatExtracting(literal -> UnwantedWords.forRollback(literal.group(1)))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void messagesAreInPlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files("src/main/java", ".*\\.java").toList()) {
            String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
            LITERAL.matcher(JOINT.matcher(code).replaceAll(""))
                    .results()
                    .flatMap(literal -> unwanted(literal.group(1)).stream())
                    .forEach(place -> found.add(file + ": " + place));
        }
        assertThat(found).isEmpty();
    }
}
