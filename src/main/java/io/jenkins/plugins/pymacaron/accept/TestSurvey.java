package io.jenkins.plugins.pymacaron.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the tests that the current runner leaves out, by reading the files and running nothing of them. */
public final class TestSurvey {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String SCRIPT = "test_survey.py";
    private static final Pattern ANSWER = Pattern.compile("^pym-survey (.*)$", Pattern.MULTILINE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Processes processes;
    private final PythonInterpreter interpreter;

    public TestSurvey(Processes processes, PythonInterpreter interpreter) {
        this.processes = processes;
        this.interpreter = interpreter;
    }

    /** The reason why tests are left out. */
    public enum Kind {
        UNRUN,
        HABIT,
        FILE,
        GENERATOR,
        SETUP
    }

    /**
     * Tests of one file that are left out for one reason.
     *
     * @param file relative to the project
     * @param names functions, and methods as Class.method
     * @param unittest whether unittest is the runner
     */
    public record Finding(Kind kind, String file, List<String> names, boolean unittest) {
        /** Returns the problem, without a full stop. */
        public String message() {
            String all = String.join(", ", names);
            String runner = unittest ? "unittest" : "pytest";
            return switch (kind) {
                case UNRUN -> "unittest does not run " + all + ", which pytest does";
                case HABIT -> runner + " does not take " + all + " for a test, as nose did";
                case FILE -> runner + " does not read this file, which nose did";
                case GENERATOR -> runner + " does not run what " + all + " yields, as nose did";
                case SETUP -> runner + " does not call " + all + ", as nose did";
            };
        }

        /** Returns the next step, as a sentence. */
        public String advice() {
            return switch (kind) {
                case UNRUN ->
                    "Install pytest for the interpreter of the tests, or ask for unittest by runner: unittest in"
                            + " accept.";
                case HABIT -> "Begin the name of a test function with test, that of a test class with Test.";
                case FILE ->
                    unittest
                            ? "Name it test_*.py."
                            : "Name it test_*.py, or as python_files of pytest's ini file says, outside directories that"
                                    + " pytest skips.";
                case GENERATOR -> "Make it a loop" + (unittest ? "." : ", or use pytest.mark.parametrize.");
                case SETUP ->
                    unittest
                            ? "Use unittest's setUp, setUpClass and setUpModule."
                            : "Use setup_method, setup_class and setup_module with their teardown_*, or fixtures.";
            };
        }
    }

    /**
     * Returns the findings in these directories and files, as far as they exist.
     *
     * @param project from which the tests import
     */
    public List<Finding> of(Path project, List<Path> paths) throws IOException, InterruptedException {
        try (PrivateDirectory scratch = PrivateDirectory.create("pymacaron-survey-")) {
            List<String> argv = new ArrayList<>(List.of(
                    interpreter.program(),
                    PythonScript.copy(SCRIPT, scratch.path()).toString(),
                    interpreter.usesPytest() ? "pytest" : "unittest",
                    Integer.toString(interpreter.pytestMajor()),
                    project.toAbsolutePath().toString()));
            paths.forEach(path -> argv.add(path.toAbsolutePath().toString()));
            ProcessResult finished = processes.query(Command.of(argv)
                    .in(project)
                    .with("PYTHONDONTWRITEBYTECODE", "1")
                    .without(PipelineCredentials.WITHHELD)
                    .within(WITHIN));
            return read(finished.orThrow("looking for tests that are not run"));
        }
    }

    private List<Finding> read(ProcessResult finished) throws IOException {
        SecretMask mask = processes.mask();
        Matcher answer = ANSWER.matcher(finished.output());
        List<Finding> findings = new ArrayList<>();
        try {
            for (JsonNode one : JSON.readTree(answer.find() ? answer.group(1) : "")) {
                List<String> names = new ArrayList<>();
                one.path(2).forEach(name -> names.add(mask.mask(name.asText())));
                Optional<Kind> kind = kind(one.path(0).asText());
                kind.ifPresent(k -> findings.add(
                        new Finding(k, mask.mask(one.path(1).asText()), names, !interpreter.usesPytest())));
            }
        } catch (JsonProcessingException e) {
            throw new IOException("looking for tests that are not run failed: the answer cannot be read", e);
        }
        return findings;
    }

    private static Optional<Kind> kind(String word) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
