package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.process.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The part of {@link Preflight} that checks whether files which later stages need are in the commit, and usable. */
public final class CommittedFiles {
    /** Linux reads no more of the first line (execve(2)). */
    private static final int LONGEST_FIRST_LINE = 255;

    private final SourceTree source;
    private final List<Problem> problems;

    /** Makes the check. @param problems receives the problems found */
    CommittedFiles(SourceTree source, List<Problem> problems) {
        this.source = source;
        this.problems = problems;
    }

    /**
     * Checks the configuration.
     *
     * @return false where the file is in the directory and not in the commit; this is then among the problems
     */
    boolean hasConfiguration(Optional<String> environment) {
        String name = "pym-config" + environment.map(env -> "." + env).orElse("") + ".yaml";
        if (name.indexOf('/') >= 0 || !isForgotten(name)) {
            return true;
        }
        problems.add(Problem.error(
                name,
                "the file is in the directory, but not in the commit " + source.sha6(),
                "Commit it: git add " + name + ", then git commit."));
        return false;
    }

    /** Checks the program of pre_promote, in the way in which the stage will look for it. */
    void prePromote(PymConfig live) {
        if (live.prePromote().isEmpty()) {
            return;
        }
        String program = live.prePromote().get(0);
        try {
            if (program.indexOf('/') >= 0) {
                file(program);
            } else if (Programs.find(program).isEmpty()) {
                boolean here = Files.isRegularFile(source.directory().resolve(program));
                problem(
                        program + " was not found on PATH",
                        here ? "Write ./" + program + " for the file of the project." : "Install it, or correct PATH.");
            }
        } catch (InvalidPathException e) {
            problem("the name of its program is no path", "Give the program first, then each argument.");
        }
    }

    private void file(String program) {
        Path file = source.directory().resolve(program);
        if (!Files.exists(file)) {
            boolean forgotten = isForgotten(program);
            problem(
                    program + (forgotten ? " is not in the commit " + source.sha6() : " is not there"),
                    forgotten
                            ? "Commit it: git add " + program + ", then git commit."
                            : "Correct the path, or commit the file.");
        } else if (!Files.isRegularFile(file)) {
            problem(program + " is a directory", "Give the program first, then each argument.");
        } else if (!Files.isExecutable(file) && Path.of(program).isAbsolute()) {
            problem(program + " is not executable", "Make it so, or give its interpreter first.");
        } else if (!Files.isExecutable(file)) {
            problem(
                    program + " is not executable in the commit",
                    "Make it so: git update-index --chmod=+x " + program + ", then git commit; or give its interpreter"
                            + " first.");
        } else {
            interpreter(program, file);
        }
    }

    /**
     * Checks the interpreter in the first line of a script, which the system starts (execve(2), "Interpreter scripts").
     */
    private void interpreter(String program, Path file) {
        String line;
        try (InputStream in = Files.newInputStream(file)) {
            line = new String(in.readNBytes(LONGEST_FIRST_LINE), StandardCharsets.ISO_8859_1).split("\n", 2)[0];
        } catch (IOException e) {
            return;
        }
        if (!line.startsWith("#!")) {
            return;
        }
        String[] words = line.substring(2).strip().split("[ \t]+");
        boolean byEnv = words.length == 2 && words[0].endsWith("/env") && words[1].matches("[\\w.+-]+");
        if (line.endsWith("\r")) {
            problem(
                    program
                            + " has the line ends of Windows, so that the system looks for an interpreter whose name ends"
                            + " with a carriage return",
                    "Commit it with those of Unix, as by the line '" + program.replaceFirst("^\\./", "")
                            + " text eol=lf' in .gitattributes.");
        } else if (words[0].startsWith("/") && !Files.exists(Path.of(words[0]))) {
            problem(
                    program + " asks for " + words[0] + ", which is not there",
                    "Install it, or correct the first line.");
        } else if (byEnv && Programs.find(words[1]).isEmpty()) {
            problem(
                    program + " asks for " + words[1] + ", which was not found on PATH",
                    "Install it, or correct the first line.");
        }
    }

    private void problem(String message, String advice) {
        problems.add(Problem.error("pre_promote", message, advice));
    }

    private boolean isForgotten(String name) {
        return !Files.exists(source.directory().resolve(name))
                && Files.isRegularFile(source.workingDirectory().resolve(name));
    }
}
