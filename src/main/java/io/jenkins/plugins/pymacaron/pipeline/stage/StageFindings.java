package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.RollbackRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Answers;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Ending;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.HandedOn;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Products;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Subject;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Tested;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.Environments;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeImage;
import io.jenkins.plugins.pymacaron.pipeline.preflight.EnvironmentLocator;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.RunImage;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.Counts;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import io.jenkins.plugins.pymacaron.report.TestSection;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Collects the parts of a {@link StageResult}. */
public final class StageFindings {
    private final String stage;
    private final Instant started;
    private String service = "";
    private String commit = "";
    private String branch = "";
    private String author = "";
    private String note = "";
    private String remark = "";
    private Environments environments = Environments.NONE;
    private final Map<String, Map<String, String>> told;
    private Map<String, Map<String, String>> state;
    private final List<MadeDeployment> deployments = new ArrayList<>();
    private final List<MadeDeployment> previous = new ArrayList<>();
    private Optional<TestSection> tests = Optional.empty();
    private Optional<ServiceGap> gap = Optional.empty();
    private Map<String, Object> config = Map.of();
    private List<String> plan = List.of();
    private final List<String> leaves = new ArrayList<>();
    private final Map<String, List<String>> kept = new TreeMap<>();
    private Optional<Instant> keptUntil = Optional.empty();
    private Set<String> secrets = Set.of();
    private boolean begun;

    public StageFindings(String stage, Map<String, Map<String, String>> state, Instant started) {
        this.stage = stage;
        told = state;
        this.state = state;
        this.started = started;
    }

    /**
     * Adds the environments. An environment whose place only a cloud knows is left out if the preflight had no need to
     * ask the cloud.
     */
    public void about(PreparedRun prepared) throws InterruptedException {
        List<Environment> places = Stream.concat(prepared.staging().stream(), prepared.live().stream())
                .map(Place::environment)
                .toList();
        if (places.isEmpty()) {
            List<Environment> named = EnvironmentLocator.offline(prepared.config(), prepared.docker())
                    .all();
            places = EnvironmentLocator.isWhole(named) ? named : List.of();
        }
        about(prepared, places);
    }

    /** Adds the environments. @param places staging, then every live; empty where they are not known */
    public void about(PreparedRun prepared, List<Environment> places) {
        secrets = prepared.config().secretNames();
        service = prepared.base().name();
        commit = prepared.source().commit();
        branch = prepared.source().branch().orElse("");
        author = prepared.source().author();
        if (!places.isEmpty()) {
            List<Environment> live = places.subList(1, places.size());
            environments = new Environments(
                    places.get(0).name(),
                    live.stream().map(Environment::name).toList(),
                    places.get(0).id().text(),
                    live.stream().map(e -> e.id().text()).toList());
        }
    }

    /** Treats a failure from now on as one of the stage itself. */
    public void begin() {
        begun = true;
    }

    public boolean begun() {
        return begun;
    }

    public void config(ProjectConfig project) {
        Map<String, Object> all = new LinkedHashMap<>(project.base().plain());
        all.put("staging", project.staging().plain());
        all.put("live", project.live().stream().map(PymConfig::plain).toList());
        config = all;
    }

    public void plan(List<String> lines) {
        plan = lines;
    }

    public void deployed(List<EnvironmentDeployment> lanes)
            throws StageFailedException, IOException, InterruptedException {
        for (EnvironmentDeployment lane : lanes) {
            lane.active().ifPresent(made -> deployments.add(of(made, lane.place())));
            lane.before().ifPresent(before -> previous.add(of(before, lane.place())));
        }
    }

    /** Adds the versions that serve again, where they were changed. */
    public void restored(List<EnvironmentDeployment> lanes)
            throws StageFailedException, IOException, InterruptedException {
        for (EnvironmentDeployment lane : lanes) {
            if (lane.changed()) {
                changed(lane.place(), lane.active(), lane.before());
            }
        }
    }

    void changed(Place place, Optional<Deployed> before, Optional<Deployed> now) {
        deployments.add(now.map(made -> of(made, place)).orElseGet(() -> nothing(place)));
        before.ifPresent(made -> previous.add(of(made, place)));
    }

    /** Adds what must not stay if no other stage follows. */
    public void leaves(List<String> lines) {
        leaves.addAll(lines);
    }

    /**
     * Adds the versions that a rollback can use, and the time when the first of them may be ended. Never fails: the
     * next deployment ends them too.
     */
    public void keptIn(List<Place> live, RunProgress progress) {
        for (Place place : live) {
            try {
                kept.put(place.environment().id().text(), Uninterruptibles.finish(() -> versionsKeptIn(place)));
                Optional<Instant> until = Uninterruptibles.finish(() -> keptIn(place));
                keptUntil = Stream.concat(keptUntil.stream(), until.stream()).min(Comparator.naturalOrder());
            } catch (StageFailedException | IOException e) {
                progress.warning("what " + place.environment().name() + " keeps of earlier versions is not known: "
                        + e.getMessage());
            }
        }
    }

    private static List<String> versionsKeptIn(Place place) throws StageFailedException, InterruptedException {
        try {
            return place.target().earlier().stream()
                    .map(Deployed::version)
                    .distinct()
                    .toList();
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    private static Optional<Instant> keptIn(Place place) throws StageFailedException, InterruptedException {
        try {
            return place.target().keptUntil();
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    /** Adds a remark to the summary of the stage. */
    public void remark(String text) {
        remark = "; " + text;
    }

    public void restored(List<Deployed> good, List<Deployed> bad, PreparedRun prepared) {
        for (int i = 0; i < good.size(); i++) {
            deployments.add(of(good.get(i), prepared.live().get(i)));
            previous.add(of(bad.get(i), prepared.live().get(i)));
        }
    }

    /** Adds the results of the stage, after any outcome. */
    public void made(Stage of, RunRecorder recorder, RunState left) {
        state = RollbackRun.over(left.handedOn());
        recorder.summary().stages().stream()
                .filter(summary -> summary.key().equals(of.key()))
                .findFirst()
                .ifPresent(this::add);
        tests = recorder.sections().stream()
                .filter(section -> section.stage().equals(of.key()))
                .findFirst();
    }

    private void add(StageSummary summary) {
        // The report shows the counts itself, and so they are not in the message.
        note = summary.message().isEmpty()
                ? summary.counts().map(Counts::toString).orElse("")
                : summary.message();
        gap = summary.gap();
    }

    public StageResult result(RunOutcome outcome, String message, List<String> warnings) {
        if (!secrets.isEmpty()) {
            // The caller of the next stage has to find them for it.
            state = new TreeMap<>(state);
            state.put("secrets", Map.of("names", String.join(" ", secrets)));
        }
        Map<String, String> image = state.getOrDefault("image", Map.of());
        // Others may have gone on beside this stage, and the entries that it did not touch are theirs.
        Map<String, Map<String, String>> news = new TreeMap<>(state);
        news.entrySet().removeIf(entry -> entry.getValue().equals(told.get(entry.getKey())));
        return new StageResult(
                StageResult.SCHEMA,
                new Ending(
                        stage,
                        outcome,
                        message,
                        outcome.good() ? note + remark : "",
                        started,
                        Duration.between(started, Instant.now())),
                new Subject(service, commit, branch, author, environments),
                new HandedOn(news, leaves),
                new Products(
                        image.isEmpty() ? Optional.empty() : Optional.of(of(RunImage.fromMap(image))),
                        deployments,
                        previous,
                        kept,
                        keptUntil),
                new Tested(
                        tests.map(TestSection::report),
                        tests.map(section -> section.report().counts()).filter(c -> !c.equals(Counts.NONE)),
                        tests.map(TestSection::log).orElse(""),
                        gap),
                new Answers(config, plan, warnings));
    }

    private static MadeImage of(BuiltImage image) {
        return new MadeImage(
                image.repository(),
                image.version(),
                image.digest().orElse(""),
                image.version(),
                image.commit(),
                image.reused());
    }

    private static MadeDeployment nothing(Place place) {
        Environment environment = place.environment();
        return new MadeDeployment(
                environment.slot().id(),
                environment.config().target().id(),
                environment.name(),
                environment.id().text(),
                "",
                "",
                "",
                "",
                "",
                "",
                Instant.now());
    }

    private static MadeDeployment of(Deployed deployed, Place place) {
        Environment environment = place.environment();
        return new MadeDeployment(
                environment.slot().id(),
                environment.config().target().id(),
                environment.name(),
                environment.id().text(),
                deployed.url(),
                deployed.version(),
                deployed.digest(),
                deployed.commit(),
                deployed.deploymentId(),
                deployed.revision(),
                deployed.since());
    }
}
