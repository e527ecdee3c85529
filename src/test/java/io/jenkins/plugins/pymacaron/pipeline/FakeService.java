package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.Secrets;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A service in a real git repository whose staging and live are {@link FakeTarget}s, so that everything of a run that is not
 * about images runs in memory. One is enough for all tests of a class: {@link #begin} makes it as good as new.
 */
public final class FakeService implements AutoCloseable {
    private static final Map<String, String> SOMEBODY = Map.of(
            "GIT_AUTHOR_NAME", "a",
            "GIT_AUTHOR_EMAIL", "a@example.org",
            "GIT_COMMITTER_NAME", "a",
            "GIT_COMMITTER_EMAIL", "a@example.org");

    private final Path directory;
    private final Path project;
    private final Map<String, SourceTree> sources = new HashMap<>();
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    /** Told of each stage that begins ("+"), that was done before ("="), that is skipped ("/") and that fails ("-"). */
    public Consumer<String> stages = moment -> {};

    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private Path docker;

    public final FakeTarget staging;
    public final List<FakeTarget> regions = new ArrayList<>();

    /** @param live how many regions there are */
    public FakeService(Path directory, int live) throws Exception {
        this.directory = directory;
        project = Files.createDirectories(directory.resolve("project"));
        docker = directory.resolve("no-docker-here");
        staging = new FakeTarget("docker/hello/staging");
        for (int i = 0; i < live; i++) {
            regions.add(new FakeTarget("docker/hello/live" + (i == 0 ? "" : "-" + (i + 1))));
        }
        git("init", "--quiet", "--initial-branch=main");
    }

    /** Staging and live serve version "one", nothing is wrong, and nothing was said. */
    public FakeService begin() {
        for (FakeTarget target : targets()) {
            target.clear();
            target.serving("one", "c-one");
        }
        said.clear();
        stages = moment -> {};
        docker = directory.resolve("no-docker-here");
        return this;
    }

    public FakeTarget live() {
        return regions.get(0);
    }

    public List<FakeTarget> targets() {
        List<FakeTarget> all = new ArrayList<>(List.of(staging));
        all.addAll(regions);
        return all;
    }

    /** Returns the lines that users were told, with warnings. */
    public List<String> said() {
        return said;
    }

    public RunProgress progress() {
        return new SilentProgress() {
            @Override
            public void say(String text) {
                said.add(text);
            }

            @Override
            public void warning(String text) {
                said.add(text);
            }

            @Override
            public void started(Stage stage) {
                stages.accept("+" + stage.key());
            }

            @Override
            public void skipped(Stage stage, String why) {
                stages.accept((why.equals("done before") ? "=" : "/") + stage.key());
            }

            @Override
            public void failed(Stage stage, Duration took, String why) {
                stages.accept("-" + stage.key());
            }
        };
    }

    /** A program in place of the docker client. */
    public void docker(Path program) {
        docker = program;
    }

    /** Returns the directory that all runs share, with the key of their deployment ids. */
    public PymDirectory pym() throws IOException {
        return PymDirectory.of(directory);
    }

    /** Commits what is in the project's directory. @return the commit */
    public String commit(String message) throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "-m", message);
        return git("rev-parse", "HEAD");
    }

    public Path project() {
        return project;
    }

    /** Makes the next run take the newest commit instead of the one that was checked out before. */
    public void checkOutAgain() {
        sources.values().forEach(SourceTree::close);
        sources.clear();
    }

    private String git(String... arguments) throws Exception {
        return processes
                .query(Command.of("git", "-c", "commit.gpgsign=false")
                        .and(List.of(arguments))
                        .in(project)
                        .with(SOMEBODY))
                .orThrow("git")
                .output()
                .strip();
    }

    private String config(String more) {
        String live = regions.size() == 1
                ? "live_url: " + live().url() + "\n"
                : "live:\n"
                        + regions.stream()
                                .map(r -> "  - live_url: " + r.url() + "\n")
                                .collect(Collectors.joining());
        return """
                name: hello
                deploy_target: docker
                docker_repo: e2e
                docker_base: base
                %sstaging:
                  live_url: %s
                %s
                %s
                """.formatted(
                        live, staging.url(), more.contains("accept:") ? "" : "accept: {request_timeout: 1m}", more);
    }

    private SourceTree source(String more) throws Exception {
        SourceTree known = sources.get(more);
        if (known == null) {
            Files.writeString(project.resolve("pym-config.yaml"), config(more));
            commit("Configure");
            known = SourceTree.ofWorkingCopy(processes, project);
            sources.put(more, known);
        }
        return known;
    }

    /**
     * Returns the result of a preflight.
     *
     * @param options of {@link RunRequest#toMap},
     * @param config more lines of pym-config.yaml
     */
    public PreparedRun prepared(Map<String, String> options, String config) throws Exception {
        SourceTree tree = source(config);
        ProjectConfig read = ConfigReader.read(tree.directory(), Overrides.NONE);
        Map<String, String> all = new HashMap<>(RunRequest.of(project).toMap());
        all.putAll(options);
        List<Place> live = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            live.add(new Place(new Environment(Slot.LIVE, i, read.live().get(i), Map.of()), regions.get(i)));
        }
        return new PreparedRun(
                RunRequest.fromMap(project, Optional.empty(), all),
                Map.of(),
                Optional.of(tree),
                read,
                Secrets.NONE,
                Optional.empty(),
                Optional.empty(),
                processes,
                new Docker(processes, Optional.empty(), docker.toString()),
                Optional.empty(),
                Optional.of(new Place(new Environment(Slot.STAGING, 0, read.staging(), Map.of()), staging)),
                live);
    }

    /** Returns a deployment of version "two" that is about to begin. */
    public FakeRun run() throws Exception {
        return run(Map.of(), "");
    }

    public FakeRun run(Map<String, String> options, String config) throws Exception {
        return new FakeRun(this, prepared(options, config));
    }

    @Override
    public void close() {
        checkOutAgain();
        targets().forEach(FakeTarget::close);
    }
}
