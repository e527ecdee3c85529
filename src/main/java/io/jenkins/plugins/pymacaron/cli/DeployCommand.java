package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest.Tests;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.run.Runs;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Recording;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code pymdeploy}, as docs/pymdeploy.md lists them. */
@Command(
        name = "pymdeploy",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Tests, builds, stages and promotes the PyMacaron service in the current directory, as its pym-config.yaml"
                    + " describes, and rolls live back if the new version fails there."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was done",
            "1:an error of pymdeploy itself",
            "2:unknown option, or options that contradict each other",
            "3:configuration, secrets, tools or source are not ready; nothing was done",
            "4:tests failed before live was touched",
            "5:the image could not be built or pushed",
            "6:staging or live could not be deployed; the previous version still serves",
            "7:live failed its acceptance and was rolled back",
            "8:a part of the undo failed; the message names the serving version",
            "9:no run was cut off, so there is nothing to resume",
            "10:another deployment or a newer commit came first; its version was left alone",
            "130, 143:interrupted; unfinished changes have been undone"
        })
final class DeployCommand implements Callable<Integer>, MaskingCommand {
    private final Map<String, String> inherited;
    private final Path directory;
    private final Instant started;
    private Runs runs;

    /**
     * Makes the command.
     *
     * @param inherited the environment variables, secrets among them
     * @param directory in the user's project
     * @param started the time when the program began
     */
    DeployCommand(Map<String, String> inherited, Path directory, Instant started) {
        this.inherited = inherited;
        this.directory = directory;
        this.started = started;
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--env", paramLabel = "ENV", description = "Read pym-config.ENV.yaml instead of pym-config.yaml.")
    private String environment;

    @Option(
            names = "--branch",
            paramLabel = "BRANCH",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "Deploy the pushed state of this branch, from a clean clone; without a name, that of the current branch."
                            + " Default: the HEAD of the working copy.")
    private String branch;

    @Option(names = "--commit", paramLabel = "COMMIT", description = "Deploy this pushed commit, from a clean clone.")
    private String commit;

    @Option(
            names = "--x-auth",
            paramLabel = "TOKEN",
            description =
                    "Access token of an http(s) origin, for the user x-token-auth. Other users of this machine can see"
                            + " arguments: set PYM_X_AUTH instead.")
    private String token;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            converter = TargetConverter.class,
            description = "Deploy to docker, beanstalk, cloud-run or gke, in place of the configured target.")
    private DeployTarget target;

    @Option(
            names = "--canary",
            paramLabel = "PERCENTAGES",
            description = "Move live traffic step by step, such as 5,25,50, in place of the configured canary.")
    private String canary;

    @Option(names = "--force-build", description = "Build the image even if one of the same content exists.")
    private boolean forceBuild;

    @Option(
            names = "--allow-older",
            description = "Deploy the commit although live serves a newer commit that contains it.")
    private boolean allowOlder;

    @Option(names = "--no-push", description = "Keep the image on this machine.")
    private boolean noPush;

    @Option(names = "--no-deploy", description = "Stop after the image is pushed.")
    private boolean noDeploy;

    @Option(names = "--no-test", description = "Run no tests at all. Versions are still proven.")
    private boolean noTest;

    @Option(names = "--no-unittest", description = "Do not run the unit tests.")
    private boolean noUnitTest;

    @Option(names = "--test-again", description = "Accept the image and staging although they are accepted already.")
    private boolean testAgain;

    @Option(names = "--deploy", paramLabel = "VERSION", description = "Deploy the existing image of this version.")
    private String version;

    @Option(names = "--plan", description = "Show the planned changes, and change nothing.")
    private boolean plan;

    @Option(
            names = "--rollback",
            paramLabel = "VERSION",
            arity = "0..1",
            fallbackValue = "",
            description = "Bring back this version, or without a name the previous live version.")
    private String rollback;

    @Option(
            names = "--list",
            description =
                    "With --rollback: list the serving version and the kept earlier versions, and change nothing.")
    private boolean list;

    @Option(names = "--resume", description = "Continue the last run, if it was cut off.")
    private boolean resume;

    @Option(
            names = "--cleanup",
            description =
                    "Undo the unfinished changes of runs that were cut off, and end versions that were kept long enough.")
    private boolean cleanup;

    @Option(names = "--report", paramLabel = "DIR", description = "Directory for summary.json and report.html.")
    private Path report;

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            description = "The interpreter of the tests. Default: .venv of the project, else python3.")
    private Path python;

    @Option(
            names = "--timeout",
            paramLabel = "STAGE=DURATION",
            converter = {StageConverter.class, DurationConverter.class},
            description = "Time limit of a stage, for instance staging=10m. Can be given several times.")
    private Map<String, Duration> timeouts = new LinkedHashMap<>();

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "Append each call of the cloud's API and its answer, masked, to this file, one JSON object per line.")
    private Path record;

    @Option(names = "--debug", description = "Show every line of output.")
    private boolean debug;

    @Override
    public Integer call() throws IOException {
        check();
        RunRequest request = request();
        PrintWriter out = spec.commandLine().getOut();
        try (Console console = Console.on(out, debug);
                Interrupts interrupts = Interrupts.install(Thread.currentThread())) {
            runs = new Runs(recording(), console, Optional.ofNullable(report)).since(started);
            return ExitCode.of(run(request)).code();
        }
    }

    private Map<String, String> recording() {
        Map<String, String> all = new TreeMap<>(inherited);
        if (record != null) {
            all.put(
                    Recording.VARIABLE,
                    directory.resolve(record).toAbsolutePath().toString());
        }
        return all;
    }

    private RunOutcome run(RunRequest request) throws IOException {
        if (list) {
            return runs.kept(request);
        }
        if (plan) {
            return rollback == null ? runs.plan(request) : runs.planRollback(request, rollbackVersion());
        }
        if (resume) {
            return runs.resume(request);
        }
        if (cleanup) {
            return runs.cleanup(request);
        }
        return rollback == null ? runs.deploy(request) : runs.rollback(request, rollbackVersion());
    }

    @Override
    public String masked(String text) {
        return runs == null ? text : runs.masked(text);
    }

    private Optional<String> rollbackVersion() {
        return Optional.of(rollback).filter(v -> !v.isEmpty());
    }

    private void check() {
        spec.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> option.arity().min() > 0 && isEmpty(option.getValue()))
                .findFirst()
                .ifPresent(option -> {
                    throw new MissingParameterException(spec.commandLine(), option, "");
                });
        long modes = Stream.of(version != null, rollback != null, resume, cleanup)
                .filter(chosen -> chosen)
                .count();
        if (modes > 1) {
            throw usage("Choose one of --deploy, --rollback, --resume and --cleanup");
        }
        if (record != null
                && !Files.isDirectory(directory.resolve(record).toAbsolutePath().resolveSibling(""))) {
            throw usage("--record " + record + ": there is no such directory");
        }
        if (list && (rollback == null || !rollback.isEmpty() || plan)) {
            throw usage("--list goes with --rollback, without a version and without --plan");
        }
        if (plan && (resume || cleanup)) {
            throw usage("--plan goes with a deployment or a rollback, not with --resume or --cleanup");
        }
        if (version != null && (branch != null || commit != null || forceBuild || noDeploy)) {
            throw usage("--deploy takes an image that exists: it does not go with --branch, --commit, --force-build or"
                    + " --no-deploy");
        }
        if (noTest && testAgain) {
            throw usage("--test-again does not go with --no-test");
        }
        checkIdle();
    }

    private static boolean isEmpty(Object value) {
        return (value instanceof String || value instanceof Path)
                && value.toString().isEmpty();
    }

    /** Checks for options that have no effect beside others. */
    private void checkIdle() {
        if (rollback == null && !cleanup) {
            return;
        }
        Map<String, Boolean> idle = new LinkedHashMap<>();
        idle.put("--force-build", forceBuild);
        idle.put("--no-push", noPush);
        idle.put("--no-deploy", noDeploy);
        idle.put("--no-test", noTest);
        idle.put("--no-unittest", noUnitTest);
        idle.put("--test-again", testAgain);
        idle.values().removeIf(given -> !given);
        if (!idle.isEmpty()) {
            throw usage("--rollback and --cleanup build, test and push nothing: they do not go with "
                    + String.join(" and ", idle.keySet()));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private RunRequest request() {
        String given = token != null ? token : inherited.get("PYM_X_AUTH");
        return RunRequest.of(directory)
                .withToken(Optional.ofNullable(given).filter(t -> !t.isEmpty()))
                .withTimeouts(timeouts)
                .with(Parameter.ENVIRONMENT, environment)
                .with(Parameter.BRANCH, branch)
                .with(Parameter.COMMIT, commit)
                .with(Parameter.VERSION, version)
                .with(Parameter.TESTS, noTest ? Tests.NONE.name() : noUnitTest ? Tests.ALL_BUT_UNIT.name() : null)
                .with(Parameter.FORCE_BUILD, forceBuild)
                .with(Parameter.PUSH, !noPush)
                .with(Parameter.DEPLOY, !noDeploy)
                .with(Parameter.TARGET, target == null ? null : target.id())
                .with(Parameter.PYTHON, python == null ? null : python.toString())
                .with(Parameter.CANARY, canary)
                .with(Parameter.ALLOW_OLDER, allowOlder)
                .with(Parameter.TEST_AGAIN, testAgain);
    }

    /** Lists the targets by the names that configurations use. */
    static final class TargetConverter implements CommandLine.ITypeConverter<DeployTarget> {
        @Override
        public DeployTarget convert(String value) {
            return DeployTarget.parse(value)
                    .orElseThrow(() -> new CommandLine.TypeConversionException(
                            "'" + value + "' is not one of docker, beanstalk, cloud-run and gke"));
        }
    }

    /** Refuses a stage that does not exist; otherwise its time limit would have no effect. */
    static final class StageConverter implements CommandLine.ITypeConverter<String> {
        @Override
        public String convert(String value) {
            List<String> stages = Arrays.stream(Stage.values())
                    .filter(stage -> stage != Stage.PREFLIGHT)
                    .map(Stage::key)
                    .toList();
            String key = value.replace('_', '-');
            if (!stages.contains(key)) {
                throw new CommandLine.TypeConversionException(
                        "'" + value + "' is not a stage; the stages are " + String.join(", ", stages));
            }
            return key;
        }
    }
}
