package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.accept.PythonInterpreter;
import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.SecretRules;
import io.jenkins.plugins.pymacaron.config.Secrets;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.DockerLogin;
import io.jenkins.plugins.pymacaron.docker.DockerUnavailableException;
import io.jenkins.plugins.pymacaron.image.ImageBuilder;
import io.jenkins.plugins.pymacaron.image.ImagePruner;
import io.jenkins.plugins.pymacaron.image.ImageSpec;
import io.jenkins.plugins.pymacaron.image.LayerTools;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.image.layers.LayerCache;
import io.jenkins.plugins.pymacaron.image.layers.PipSettings;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Target;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The checked inputs of all stages, which {@link Preflight} prepares. Closing it removes the checkout and the login.
 *
 * @param inherited the environment variables of this process, or those that Jenkins bound
 * @param checkout empty for a rollback by the configuration that its run has kept
 * @param secrets those of the file without its blocks, for the container under test
 * @param python runs the tests; empty where no tests are to run
 * @param token for the acceptance tests; empty for a service without authentication
 * @param processes masks every secret of every slot
 * @param staging empty where nothing is deployed, and {@code live} too
 */
public record PreparedRun(
        RunRequest request,
        Map<String, String> inherited,
        Optional<SourceTree> checkout,
        ProjectConfig config,
        Secrets secrets,
        Optional<PythonInterpreter> python,
        Optional<String> token,
        Processes processes,
        Docker docker,
        Optional<DockerLogin> login,
        Optional<Place> staging,
        List<Place> live)
        implements AutoCloseable {
    /**
     * The environment variable with the key of the deployment ids, in hex, for agents that have to use the same names.
     */
    public static final String KEY = "PYM_DEPLOYMENT_KEY";

    /** An environment and the target that changes it. */
    public record Place(Environment environment, Target target) {

        /** Returns all inputs of a deployment there except the image and the environment variables of the service. */
        public String settings() {
            return environment.config().canonical() + target.ingredients();
        }
    }

    /** Returns the starter of code of the repository: tests and hooks. That code gets no credential of the pipeline. */
    public Processes forRepositoryCode() {
        return forRepositoryCode(processes, config, inherited);
    }

    public static Processes forRepositoryCode(
            Processes processes, ProjectConfig config, Map<String, String> inherited) {
        List<PymConfig> all = new ArrayList<>(config.slots());
        all.add(config.base());
        return processes.withholding(SecretRules.deploysWithAws(all, inherited) ? PipelineCredentials.AWS : Set.of());
    }

    public SourceTree source() {
        return checkout.orElseThrow(() -> new IllegalStateException("a rollback has no source"));
    }

    public PymConfig base() {
        return config.base();
    }

    /** Returns whether the image goes to the registry. */
    public boolean pushes() {
        return keepsImage().isEmpty();
    }

    /** Returns the reason why the image stays on this machine, if it does. */
    public Optional<String> keepsImage() {
        if (!request.push()) {
            return Optional.of("--no-push");
        }
        return base().push() ? Optional.empty() : Optional.of("push: false in " + config.file());
    }

    /** Returns whether a failed candidate is kept for inspection. */
    public boolean keepFailed() {
        return request.is(Parameter.KEEP_FAILED) || base().retention().keepFailed();
    }

    public Duration timeout(Stage stage) {
        return config.timeout(stage.key());
    }

    /** Returns the key of the deployments, where one is given; an untrusted build does not get it. */
    public Optional<String> key() {
        return Optional.ofNullable(inherited.get(PreparedRun.KEY)).filter(key -> !key.isEmpty());
    }

    /** Returns whether there may be something in an engine. It may be absent with {@code builder: layers} only. */
    public boolean hasEngine() throws IOException, InterruptedException {
        if (base().buildsLayers()) {
            try {
                docker.engine();
            } catch (DockerUnavailableException e) {
                return false;
            }
        }
        return true;
    }

    /** Returns the builder that finds and builds images, separate from those of builds without the key. */
    public ImageBuilder images() {
        Map<String, String> open = new TreeMap<>(inherited);
        open.keySet().removeAll(secretNames());
        return new ImageBuilder(docker, clock(), key())
                .with(new LayerTools(
                        processes.withholding(secretNames()),
                        request.python(),
                        new PipSettings(open),
                        LayerCache.ofUser(Optional.ofNullable(inherited.get("XDG_CACHE_HOME")))));
    }

    /**
     * Returns the clock of an image without an engine: at the given time if there is one, so that the same commit makes the
     * same bytes again (reproducible-builds.org, SOURCE_DATE_EPOCH).
     */
    private Clock clock() {
        return Optional.ofNullable(inherited.get("SOURCE_DATE_EPOCH"))
                .filter(seconds -> base().buildsLayers() && seconds.matches("\\d{1,11}"))
                .map(seconds -> Clock.fixed(Instant.ofEpochSecond(Long.parseLong(seconds)), ZoneOffset.UTC))
                .orElseGet(Clock::systemDefaultZone);
    }

    /** Returns the variables that code of packages does not get while it is installed. */
    private Set<String> secretNames() {
        Set<String> names = new TreeSet<>(PipelineCredentials.AWS);
        config.slots().forEach(slot -> names.addAll(slot.envSecrets()));
        names.addAll(base().envSecrets());
        return names;
    }

    public ImageSpec spec() {
        PymConfig base = base();
        return ImageSpec.of(base.name(), ImageName.of(base).repository(), base.dockerBase())
                .including(base.includeLinks())
                .async(base.withAsync())
                .forced(request.is(Parameter.FORCE_BUILD))
                .on(base.platform())
                .byLayers(base.buildsLayers())
                .within(timeout(Stage.BUILD));
    }

    /**
     * Returns the rule for the images that stay at the end of a run.
     *
     * @param used id of the run's own image, where it has one here
     */
    public ImagePruner.Rule pruning(Optional<String> used) {
        PymConfig base = base();
        return new ImagePruner.Rule(
                base.name(),
                ImageName.of(base).repository(),
                request.images().orElse(base.retention().images()),
                used.map(Set::of).orElse(Set.of()));
    }

    @Override
    public void close() {
        login.ifPresent(DockerLogin::close);
        checkout.ifPresent(SourceTree::close);
    }

    /**
     * Returns whether the candidate is asked before it serves there: not where staging has accepted the very same
     * deployment.
     */
    public boolean standsApart(Place live) {
        return standsApart(live, staging.stream().toList());
    }

    public static boolean standsApart(Place live, List<Place> places) {
        return live.environment().slot() == Slot.LIVE
                && live.target().standsApart()
                && places.stream()
                        .filter(p -> p.environment().slot() == Slot.STAGING)
                        .noneMatch(
                                p -> live.target().adopts(p.target()) && isSame(p.environment(), live.environment()));
    }

    /** Returns whether the same image is the same deployment in both. */
    public static boolean isSame(Environment staging, Environment live) {
        return staging.config().canonical().equals(live.config().canonical())
                && staging.variables().equals(live.variables());
    }
}
