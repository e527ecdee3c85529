package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.Deployment;
import io.jenkins.plugins.pymacaron.report.HtmlReport;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.RunSummary;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import io.jenkins.plugins.pymacaron.report.TestSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reports the progress of a run: at once to {@link RunProgress}, and in summary.json and report.html. */
public final class RunRecorder {
    private static final String LOG = ".log";

    private final RunProgress progress;
    private final Path directory;
    private final InstantSource clock;
    private final Instant started;
    private final Map<Stage, StageSummary> stages = new EnumMap<>(Stage.class);
    private final Map<Stage, Path> logs = new EnumMap<>(Stage.class);
    private final Map<Stage, Instant> endedAhead = new ConcurrentHashMap<>();
    private final List<TestSection> sections = new ArrayList<>();
    private final List<Deployment> deployments = new ArrayList<>();
    private RunSummary.Builder summary;
    private boolean incomplete;

    /** Makes a recorder. @param directory the directory of the two files */
    public RunRecorder(RunProgress progress, Path directory, InstantSource clock, Iterable<Stage> toCome) {
        this.progress = progress;
        this.directory = directory;
        this.clock = clock;
        started = clock.instant();
        summary = RunSummary.builder("", started);
        toCome.forEach(stage -> stages.put(stage, StageSummary.waiting(stage.key(), stage.title())));
    }

    public RunProgress progress() {
        return progress;
    }

    public Path reportDirectory() {
        return directory;
    }

    /** Sets the service, commit and branch, once they are known. */
    public void about(String service, String commit, String branch) {
        summary = RunSummary.builder(service, started).commit(commit).branch(branch);
    }

    public void image(String version, String reference, String digest) {
        summary.version(version).image(reference).digest(digest);
    }

    public void deployed(Deployment deployment) {
        deployments.removeIf(d -> d.slot().equals(deployment.slot()));
        deployments.add(deployment);
    }

    /** Begins a stage, and shows it. A stage that has begun before its turn keeps its time. */
    public void begin(Stage stage) {
        if (state(stage) != StageState.RUNNING) {
            stages.put(stage, summaryOf(stage).begun(clock.instant()));
        }
        progress.started(stage);
        write();
    }

    /** Begins a stage before its turn, beside another one. It is shown when its turn comes, by {@link #begin}. */
    public void beginAhead(Stage stage) {
        stages.put(stage, summaryOf(stage).begun(clock.instant()));
        write();
    }

    /** Notes the end of the work of such a stage, perhaps before its turn. Any thread may call it. */
    public void endedAhead(Stage stage) {
        endedAhead.put(stage, clock.instant());
    }

    public void pass(Stage stage, String said) {
        String note = progress.masked(said);
        // The report shows the counts itself.
        boolean counted =
                summaryOf(stage).counts().filter(c -> c.toString().equals(note)).isPresent();
        end(stage, StageState.PASSED, counted ? "" : note);
        progress.passed(stage, took(stage), note);
    }

    public void skip(Stage stage, String why) {
        stages.put(stage, summaryOf(stage).with(StageState.SKIPPED, progress.masked(why)));
        progress.skipped(stage, why);
    }

    /** Ends a stage that began before its turn, and whose turn does not come. It is no failure of its own. */
    public void endUnused(Stage stage, String why) {
        end(stage, StageState.INTERRUPTED, why);
        progress.say(stage.title() + " " + why);
    }

    public void fail(Stage stage, StageState how, String why) {
        end(stage, how, why);
        progress.failed(stage, took(stage), why);
        Optional.ofNullable(logs.get(stage)).ifPresent(file -> progress.say("Log of the service: " + file));
    }

    public StageState state(Stage stage) {
        return summaryOf(stage).state();
    }

    /** Notes that the work of the stage was rolled back later. */
    public void rolledBack(Stage stage, String why) {
        stages.put(stage, summaryOf(stage).with(StageState.ROLLED_BACK, progress.masked(why)));
    }

    public void tests(Stage stage, AcceptanceReport report, String log) {
        // A stage may test several times: in each region, and at each step of a promotion.
        List<TestSection> before = sections.stream()
                .filter(section -> section.stage().equals(stage.key()))
                .toList();
        AcceptanceReport all =
                AcceptanceReport.merge(Stream.concat(before.stream().map(TestSection::report), Stream.of(report))
                        .toList());
        String logs = Stream.concat(before.stream().map(TestSection::log), Stream.of(log))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
        stages.put(stage, summaryOf(stage).with(all.counts()));
        sections.removeAll(before);
        sections.add(new TestSection(stage.key(), stage.title(), all, progress.masked(logs)));
    }

    /** Keeps the log of the service during a stage, beside the report, and names the file. */
    public void log(Stage stage, String log) {
        if (log.isEmpty()) {
            return;
        }
        Path file = directory.resolve(stage.key() + LOG);
        boolean more = logs.containsKey(stage);
        kept(() -> {
            Files.writeString(
                    file,
                    progress.masked(log) + "\n",
                    StandardOpenOption.CREATE,
                    more ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            logs.put(stage, file);
            url(stage, "log", stage.key() + LOG);
        });
    }

    public void gap(Stage stage, ServiceGap gap) {
        stages.put(stage, summaryOf(stage).with(gap));
    }

    public void url(Stage stage, String label, String url) {
        stages.put(stage, summaryOf(stage).withUrl(label, url));
    }

    /** Closes the files; {@code message} is the one line that remains. No stage waits or runs any more. */
    public void end(RunOutcome outcome, String said) {
        String message = progress.masked(said);
        stages.replaceAll((stage, s) -> switch (s.state()) {
            case WAITING -> s.with(StageState.SKIPPED, "not reached");
            case RUNNING -> s.ended(StageState.INTERRUPTED, clock.instant(), message);
            default -> s;
        });
        summary.outcome(outcome, message);
        write();
        kept(() -> HtmlReport.write(directory.resolve("report.html"), build(), sections));
    }

    private void end(Stage stage, StageState how, String why) {
        Instant at = Optional.ofNullable(endedAhead.remove(stage)).orElseGet(clock::instant);
        stages.put(stage, summaryOf(stage).ended(how, at, progress.masked(why)));
        write();
    }

    private StageSummary summaryOf(Stage stage) {
        return stages.computeIfAbsent(stage, s -> StageSummary.waiting(s.key(), s.title()));
    }

    private Duration took(Stage stage) {
        return summaryOf(stage).duration();
    }

    /** Returns the current summary. */
    public RunSummary summary() {
        return build();
    }

    /** Returns the tests that ran, with the log of the service during them. */
    public List<TestSection> sections() {
        return List.copyOf(sections);
    }

    private RunSummary build() {
        return summary.duration(Duration.between(started, clock.instant()))
                .deployments(deployments)
                .stages(List.copyOf(stages.values()))
                .build();
    }

    private void write() {
        kept(() -> build().write(directory.resolve("summary.json")));
    }

    /** Writes a part of the report; a failure of that is no reason to leave a deployment half-done. */
    public void kept(Uninterruptibles.Writing writing) {
        try {
            Uninterruptibles.write(writing);
        } catch (IOException e) {
            if (!incomplete) {
                progress.warning("the report in " + directory + " cannot be written: " + IoMessages.of(e));
            }
            incomplete = true;
        }
    }
}
