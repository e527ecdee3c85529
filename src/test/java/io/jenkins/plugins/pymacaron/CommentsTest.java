package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks Javadoc and comments of the program and its tests against the rules of CONTRIBUTING for plain English. */
class CommentsTest {
    /** A comment, or a text in which comment signs have no meaning: a text block, a string, a character. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?<comment>/\\*.*?\\*/|//[^\\n]*)"
                    + "|\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'",
            Pattern.DOTALL);

    /** Quotations of others and code; their words are not ours. */
    private static final Pattern FOREIGN = Pattern.compile("\\{@\\w+ [^}]*}|\"[^\"]*\"");

    /**
     * A sentence begins with the text, after a full stop or another end, a paragraph, or the name of a parameter. Within
     * a sentence, {@code who} needs its noun.
     */
    private static final Pattern NOUN_CLAUSE =
            Pattern.compile("(?:^|[.:;!?)] |<p> ?|@param \\w+ )(?:What|Where|Who|Whose|Whom|How|Which|Why)\\b"
                    + "|(?:[:;] |\\bso that |\\b[Oo]nly )who\\b");

    /** The name of a method that begins with a noun clause or has a vague word. */
    private static final Pattern TEST_NAME = Pattern.compile("void ((?:what|who|whom|whose|where|how|which)[A-Z]\\w*"
            + "|\\w*(?i:somebody|nobody|someone|whoever|whatever|whichever)\\w*)\\(");

    @Test
    void theProgramsCommentsAreInPlainEnglish() throws IOException {
        assertThat(faults(Path.of("src/main/java"))).isEmpty();
    }

    @Test
    void theTestsCommentsAreInPlainEnglish() throws IOException {
        assertThat(faults(Path.of("src/test/java"))).isEmpty();
    }

    @Test
    void theNamesOfTestsAreInPlainEnglish() throws IOException {
        for (Path file : sources(Path.of("src/test/java"))) {
            assertThat(TEST_NAME.matcher(Files.readString(file)).results())
                    .extracting(name -> name.group(1))
                    .as(file.toString())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"whatFailsIsRolledBack", "nobodyWaits", "holdsWhateverHappens"})
    void aNameThatIsNotPlainIsFound(String name) {
        assertThat(TEST_NAME.matcher("void " + name + "()").find()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/** What a stage knows of those before it. */",
                "/** Ends the wait. Who asks again waits again. */",
                "/**\n * Ends the wait.\n *\n * <p>Where nothing waits, nothing happens.\n *\n * @param how Whose turn it is\n */",
                "// Whoever gets it may repeat it.",
                "// It ends; who asks again waits again.",
                "/** Why nothing is read. */",
                "// The promotion is taken back.",
                "/** Goes back to the version before. */",
                "int a; // for somebody else",
                "/* Several lives\n * of one service. */"
            })
    void aSentenceThatIsNotPlainIsFound(String source) {
        assertThat(comments(source).filter(CommentsTest::isFault)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/** Returns the state of the stages before. */",
                "/** \"Who may call\" is a heading of the provider's page. */",
                "String a = \"// whoever\" + '\"' + \"\"\"\n/* nobody \"quoted\" */\n\"\"\";"
            })
    void codeAndQuotationsAreLeftAlone(String source) {
        assertThat(comments(source).filter(CommentsTest::isFault)).isEmpty();
    }

    private static List<String> faults(Path root) throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path file : sources(root)) {
            comments(Files.readString(file))
                    .filter(CommentsTest::isFault)
                    .map(comment -> file + ": " + comment)
                    .forEach(faults::add);
        }
        return faults;
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> files = all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            assertThat(files).hasSizeGreaterThan(100);
            return files;
        }
    }

    private static boolean isFault(String comment) {
        return !UnwantedWords.in(comment).isEmpty()
                || NOUN_CLAUSE.matcher(comment).find();
    }

    /** Returns each comment as one line of text; each line of {@code //} is a text of its own. */
    private static Stream<String> comments(String source) {
        return TOKEN.matcher(source)
                .results()
                .map(match -> match.group(1))
                .filter(comment -> comment != null)
                .map(comment -> comment.replaceAll("(?m)^\\s*(?:/?\\*+/?|//) ?|\\*/$", " "))
                .map(comment -> FOREIGN.matcher(comment).replaceAll("…"))
                .map(comment -> comment.replaceAll("\\s+", " ").strip());
    }
}
