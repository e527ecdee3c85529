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
import io.jenkins.plugins.pymacaron.image.ImageBuilder;
import io.jenkins.plugins.pymacaron.image.ImagePruner;
import io.jenkins.plugins.pymacaron.image.ImageSpec;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that the stages work with, checked: what {@link Preflight} is for. Closing it removes the checkout and the login.
 *
 * @param inherited the environment variables of this process, or what Jenkins bound
 * @param checkout empty for a way back by the configuration that its run has kept
 * @param secrets those of the file without its blocks, for the container under test
 * @param python runs the tests; empty where none are to run
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
    /** The environment variable with the key of the deployment ids, in hex, where all agents are to name alike. */
    public static final String KEY = "PYM_DEPLOYMENT_KEY";

    /** An environment and the target that changes it. */
    public record Place(Environment environment, Target target) {

        /** All that makes a deployment there what it is, but for the image and what the service gets in its environment. */
        public String settings() {
            return environment.config().canonical() + target.ingredients();
        }
    }

    /** Starts what is code of the repository: tests and hooks. They get no credential of the pipeline. */
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
        return checkout.orElseThrow(() -> new IllegalStateException("a way back has no source"));
    }

    public PymConfig base() {
        return config.base();
    }

    /** Whether the image goes to the registry. */
    public boolean pushes() {
        return keepsImage().isEmpty();
    }

    /** What has the image stay on this machine, if it does. */
    public Optional<String> keepsImage() {
        if (!request.push()) {
            return Optional.of("--no-push");
        }
        return base().push() ? Optional.empty() : Optional.of("push: false in " + config.file());
    }

    /** Whether a candidate that failed stays, to be looked at. */
    public boolean keepFailed() {
        return request.keepFailed() || base().retention().keepFailed();
    }

    public Duration timeout(Stage stage) {
        return config.timeout(stage.key());
    }

    /** The key of the deployments, where one is given: what an untrusted build does not get. */
    public Optional<String> key() {
        return Optional.ofNullable(inherited.get(PreparedRun.KEY)).filter(key -> !key.isEmpty());
    }

    /** Finds and builds images, apart from those of builds without the key. */
    public ImageBuilder images() {
        return new ImageBuilder(docker, Clock.systemDefaultZone(), key());
    }

    public ImageSpec spec() {
        PymConfig base = base();
        return ImageSpec.of(base.name(), ImageName.of(base).repository(), base.dockerBase())
                .including(base.includeLinks())
                .async(base.withAsync())
                .forced(request.forceBuild())
                .on(base.platform())
                .within(timeout(Stage.BUILD));
    }

    /** What is left of the images at the end of a run. @param used id of the run's own image, where it has one here */
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

    /** Whether what is prepared there is asked before it serves: not where staging has accepted the very same thing. */
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

    /** Whether the same image is the same deployment in both. */
    public static boolean isSame(Environment staging, Environment live) {
        return staging.config().canonical().equals(live.config().canonical())
                && staging.variables().equals(live.variables());
    }
}
