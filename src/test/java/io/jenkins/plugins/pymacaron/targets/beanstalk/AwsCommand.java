package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * AWS's own command, in one process for all calls where its modules can be imported: its start takes most of the time of a
 * call.
 */
final class AwsCommand implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String LOOP = """
            import contextlib, io, json, subprocess, sys
            try:
                from awscli.clidriver import create_clidriver
            except ImportError:
                create_clidriver = None

            def call(argv):
                if not create_clidriver:
                    done = subprocess.run(['aws'] + argv, capture_output=True, text=True)
                    return done.returncode, done.stdout, done.stderr
                out, err = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    try:
                        code = create_clidriver().main(argv)
                    except SystemExit as e:
                        code = e.code
                return code or 0, out.getvalue(), err.getvalue()

            for line in sys.stdin:
                print(json.dumps(call(json.loads(line))), flush=True)
            """;

    /** The end of a call. @param error the text on standard error */
    record Ended(int code, String output, String error) {}

    private final Process process;
    private final BufferedReader answers;
    private final Writer calls;

    private AwsCommand(Process process) {
        this.process = process;
        answers = process.inputReader();
        calls = process.outputWriter();
    }

    /** Starts it; skips the test where there is no such command. */
    static AwsCommand start(Map<String, String> variables) throws Exception {
        boolean there = false;
        try {
            there = new Processes(SecretMask.NONE, line -> {})
                    .run(Command.of("aws", "--version").within(Duration.ofSeconds(60)))
                    .ok();
        } catch (IOException e) {
            // not installed
        }
        assumeTrue(there, "there is no aws command");
        ProcessBuilder builder =
                new ProcessBuilder("python3", "-c", LOOP).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(variables);
        return new AwsCommand(builder.start());
    }

    Ended run(List<String> arguments) throws IOException {
        calls.write(JSON.writeValueAsString(arguments) + "\n");
        calls.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("aws has ended at " + arguments);
        }
        JsonNode answer = JSON.readTree(line);
        return new Ended(
                answer.get(0).asInt(), answer.get(1).asText(), answer.get(2).asText());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
