package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each mistake is one line in our own words, with exit code 2. */
class UsageMistakeTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--no-pusch|There is no option --no-pusch. Did you mean --no-push?",
                "--no-tset|There is no option --no-tset. Did you mean --no-test?",
                "--rollback --force-build|--rollback and --cleanup build, test and push nothing: they do not go with --force-build. See pymdeploy --help.",
                "--cleanup --no-test --no-push|--rollback and --cleanup build, test and push nothing: they do not go with --no-push and --no-test. See pymdeploy --help.",
                "--tarqet=docker|There is no option --tarqet. Did you mean --target?",
                "-x|There is no option -x. Did you mean --x-auth?",
                "live|pymdeploy takes options only, and live is none. See pymdeploy --help.",
                "--env|--env needs a value: --env ENV.",
                "--report=|--report needs a value: --report DIR.",
                "--env=|--env needs a value: --env ENV.",
                "--env a --env b|--env is given more than once. Give it once.",
                "--no-push=yes|--no-push takes no value. Leave =yes away.",
                "--target=heroku|--target: 'heroku' is not one of docker, beanstalk, cloud-run and gke. See pymdeploy --help.",
                "--timeout=live|--timeout: 'live' is not STAGE=DURATION. See pymdeploy --help.",
                "--timeout=live=soon|--timeout: 'soon' is not a duration such as 90s, 10m or 1h30m. See pymdeploy --help.",
                "--timeout=lvie=3s|--timeout: 'lvie' is not a stage; the stages are unit, build, container, push, staging,"
                        + " accept-staging, pre-promote, promote, live, rollback. See pymdeploy --help.",
                "--deploy 1 --resume|Choose one of --deploy, --rollback, --resume and --cleanup. See pymdeploy --help.",
                "--list|--list goes with --rollback, without a version and without --plan. See pymdeploy --help.",
                "--rollback 1 --list|--list goes with --rollback, without a version and without --plan. See pymdeploy --help.",
            })
    void isSaidInOneLine(String arguments, String line) {
        StringWriter said = new StringWriter();
        CommandLine command = Main.commandLine(Map.of(), directory, Instant.now());
        command.setErr(new PrintWriter(said, true));
        assertThat(command.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(said.toString().strip()).isEqualTo(line);
    }
}
