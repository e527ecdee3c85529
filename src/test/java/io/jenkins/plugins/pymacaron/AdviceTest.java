package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All that the engine and the plugin can say, as far as it stands in the source: a user of Jenkins is not told what to type
 * in a shell. The only texts that may are those that a shell alone shows.
 */
class AdviceTest {
    private static final Path JAVA = Path.of("src/main/java/io/jenkins/plugins/pymacaron");
    private static final Path RESOURCES = Path.of("src/main/resources/io/jenkins/plugins/pymacaron");
    private static final Pattern OPTION = Pattern.compile("\"(--[a-z][a-z-]+)\"");
    private static final Pattern ARGUMENT = Pattern.compile("\"--[a-z-]+=?\"");

    /** Files of which some texts are for a shell, each with the reason that Jenkins does not show those. */
    private static final Map<String, String> SHELL = Map.of(
            "config/AwsKeys.java", "the documentation of a key",
            "config/PipelineKeys.java", "the documentation of a key",
            "config/ServiceKeys.java", "the documentation of a key",
            "image/Checkout.java", "pushed commits are taken by pymdeploy alone",
            "image/Dockerfile.java", "an instruction of a Dockerfile",
            "image/GitErrors.java", "withToken is for pushed commits",
            "pipeline/cleanup/DeadRunCleaner.java", "sweepBefore is called by whole runs, which pymdeploy alone makes",
            "pipeline/contract/NextStepAdvice.java", "has every advice in the words of both",
            "pipeline/run/Runs.java", "whole runs, which pymdeploy alone makes",
            "pipeline/state/PymDirectory.java", "ofProject is called by whole runs; the others are names of files");

    @Test
    void theEngineGivesNoneForAShellOnly() throws Exception {
        Pattern shell = shell();
        assertThat(shell.matcher("continue with pymdeploy --resume").find()).isTrue();
        assertThat(shell.matcher("deploy it again with --deploy 1").find()).isTrue();
        Set<String> found;
        try (Stream<Path> files = Files.walk(JAVA)) {
            found = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !JAVA.relativize(file).startsWith("cli"))
                    .filter(file ->
                            code(file).anyMatch(line -> shell.matcher(line).find()))
                    .map(file -> JAVA.relativize(file).toString())
                    .collect(Collectors.toSet());
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(SHELL.keySet());
    }

    @Test
    void noMessageOfThePluginGivesAny() throws Exception {
        Pattern shell = shell();
        int messages = 0;
        List<Path> all;
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            all = files.filter(file -> file.toString().endsWith(".properties")).toList();
        }
        assertThat(all).isNotEmpty();
        for (Path file : all) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            for (String key : properties.stringPropertyNames()) {
                messages++;
                assertThat(properties.getProperty(key))
                        .as(file.getFileName() + ": " + key)
                        .doesNotContainPattern(shell)
                        .doesNotContain("/tmp", "pymacaron-source");
            }
        }
        assertThat(messages).isGreaterThan(200);
    }

    /** Returns the name of the command, each of its options, and words that only make sense at a prompt. */
    private static Pattern shell() throws IOException {
        String command = Files.readString(JAVA.resolve("cli/DeployCommand.java"));
        String options = OPTION.matcher(command).results().map(m -> m.group(1)).collect(Collectors.joining("|"));
        assertThat(options).contains("--resume", "--rollback");
        return Pattern.compile(
                "pymdeploy|write the file|the shell|command line|(?<![\\w-])(?:" + options + ")(?![\\w-])");
    }

    /** Returns the lines of code, without comments and without the options of programs that are started. */
    private static Stream<String> code(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.startsWith("*") && !line.startsWith("/*") && !line.startsWith("//"))
                    .map(line -> ARGUMENT.matcher(line).replaceAll(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
