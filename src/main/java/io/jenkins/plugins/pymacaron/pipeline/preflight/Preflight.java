package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.accept.PythonInterpreter;
import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.PymEnv;
import io.jenkins.plugins.pymacaron.config.SecretRules;
import io.jenkins.plugins.pymacaron.config.Secrets;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.DockerLogin;
import io.jenkins.plugins.pymacaron.image.IncludeLinks;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prepares everything, or finds everything that is missing: all problems at once, before any work. */
public final class Preflight {
    private final RunRequest request;
    private final Map<String, String> inherited;
    private final RunProgress progress;
    private final PreflightSecrets secrets;
    private TargetContext surroundings;
    private final List<Problem> problems = new ArrayList<>();
    private Set<Need> needs = EnumSet.allOf(Need.class);
    private NextStepAdvice advice = NextStepAdvice.SHELL;
    private boolean back;
    private boolean commitSaid;
    private Optional<Path> kept = Optional.empty();

    /** The things that work needs to begin. The source and the configuration are always read. */
    public enum Need {
        SECRETS,
        /** The engine that runs the service; see {@link EngineUse}. */
        ENGINE,
        /** The engine that builds or pushes the image, unless the image is built without one. */
        BUILDER,
        /** The engine in which the image is accepted. */
        CONTAINER,
        REGISTRY,
        PYTHON,
        /** The same, where the candidate for live is accepted before it serves. */
        PYTHON_APART,
        /** The source of the image, or the existing image. */
        IMAGE,
        /** The environments, as far as they can be named and read. */
        PLACES,
        /** The program of pre_promote. */
        PRE_PROMOTE,
        /** The obstacles to a change, such as a port that another program uses. */
        CHANGES
    }

    public Preflight(RunRequest request, Map<String, String> inherited, RunProgress progress) {
        this.request = request;
        this.inherited = inherited;
        this.progress = progress;
        secrets = new PreflightSecrets(request, inherited, progress);
        surroundings =
                new TargetContext(inherited, progress::line, secret -> progress.hide(Set.of(secret)), progress::masked);
    }

    /** Limits the checks to these needs, for a stage alone. */
    public Preflight only(Set<Need> some) {
        needs = EnumSet.copyOf(some);
        return this;
    }

    /** Masks the values of these environment variables too. */
    Preflight hiding(Collection<String> names) {
        secrets.named(names);
        return this;
    }

    /** Gives its advice in those words. */
    Preflight advising(NextStepAdvice words) {
        advice = words;
        return this;
    }

    /** Sets whether the first of many stages has reported the commit, and this is a later one. */
    Preflight knownCommit(boolean known) {
        commitSaid = known;
        return this;
    }

    /**
     * Prepares a rollback as {@link #prepareBack}, by a stored configuration where there is one: then without the
     * working copy.
     */
    public PreparedRun prepareBack(Optional<Path> keptConfig)
            throws StageFailedException, IOException, InterruptedException {
        kept = keptConfig;
        return prepareBack();
    }

    /** Prepares a rollback, which needs no registry, no tests and no free port. */
    public PreparedRun prepareBack() throws StageFailedException, IOException, InterruptedException {
        back = true;
        return prepare(Optional.empty());
    }

    /**
     * Prepares a run.
     *
     * @param commit the exact commit to use, of a run that is resumed
     * @throws StageFailedException naming every problem, a line each
     */
    public PreparedRun prepare(Optional<String> commit) throws StageFailedException, IOException, InterruptedException {
        progress.hide(secrets.known());
        SourceSelector choice = new SourceSelector(request, progress);
        Optional<SourceTree> checkout = kept.isPresent() ? Optional.empty() : Optional.of(choice.open(commit));
        if (!back && !commitSaid) {
            checkout.ifPresent(choice::say);
        }
        boolean ready = false;
        Optional<DockerLogin> login = Optional.empty();
        try {
            if (checkout.isPresent()
                    && !new CommittedFiles(checkout.get(), problems).hasConfiguration(request.environment())) {
                throw notReady();
            }
            ProjectConfig config =
                    config(checkout.map(SourceTree::directory).or(() -> kept).orElseThrow());
            problems.addAll(config.warnings());
            List<PymConfig> all = new ArrayList<>(config.slots());
            all.add(config.base());
            if (needs.contains(Need.SECRETS)) {
                problems.addAll(SecretRules.check(all, inherited));
            }
            if (checkout.isPresent() && !back) {
                links(checkout.get(), config.base());
            }
            if (needs.contains(Need.PRE_PROMOTE) && request.deploy() && !back && checkout.isPresent()) {
                new CommittedFiles(checkout.get(), problems)
                        .prePromote(config.live().get(0));
            }
            if (checkout.isPresent() && !back && request.deploy()) {
                surroundings = surroundings.with(folders(checkout.get(), config));
            }
            // This comes before the first call of a cloud, which may repeat in its answer what it was told.
            progress.hide(secrets.values(all));
            Secrets named = secrets.of(config.base());
            Optional<String> token = PreflightSecrets.token(config.base(), named);
            Optional<RegistryLogin> cloud = cloudLogin(config.base());
            Processes processes = new Processes(secrets.mask(all, token, cloud), progress::line);
            Docker docker = new Docker(processes, Optional.empty());
            RegistryAccess registry = new RegistryAccess(request, inherited, problems, advice);
            EngineUse engine = EngineUse.of(needs, request, config, back);
            if ((!engine.needed() || engineAnswers(docker, engine)) && needs.contains(Need.REGISTRY) && !back) {
                login = registry.login(docker, config.base(), cloud, engine.needed());
                docker = login.map(docker::with).orElse(docker);
                registry.answers(docker, config);
            }
            List<Place> places = places(config, docker);
            PreparedRun prepared = new PreparedRun(
                    request,
                    inherited,
                    checkout,
                    config,
                    named,
                    python(
                            PreparedRun.forRepositoryCode(processes, config, inherited),
                            checkout,
                            config.base(),
                            places),
                    token,
                    processes,
                    docker,
                    login,
                    places.stream()
                            .filter(p -> p.environment().slot() == Slot.STAGING)
                            .findFirst(),
                    places.stream()
                            .filter(p -> p.environment().slot() == Slot.LIVE)
                            .toList());
            boolean image = needs.contains(Need.IMAGE) && !back;
            if (request.version().isEmpty() && image) {
                registry.layersArePushed(prepared);
                problems.addAll(prepared.images().problems(prepared.source(), prepared.spec()));
            }
            if (image) {
                registry.has(prepared);
                registry.hasVersion(prepared);
            }
            report();
            ready = true;
            return prepared;
        } finally {
            if (!ready) {
                login.ifPresent(DockerLogin::close);
                checkout.ifPresent(SourceTree::close);
            }
        }
    }

    private ProjectConfig config(Path directory) throws StageFailedException {
        Map<String, Duration> timeouts = request.timeouts().entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().replace('-', '_'), Map.Entry::getValue));
        try {
            return ConfigReader.read(
                    directory,
                    new Overrides(
                            request.environment(),
                            request.target(),
                            Optional.empty(),
                            timeouts,
                            request.canary(),
                            request.is(Parameter.KEEP_FAILED),
                            surroundings.recording().isOn()));
        } catch (ConfigException e) {
            problems.addAll(e.problems());
            throw notReady();
        }
    }

    /** Checks the links: from here on, image and tests are made from the checkout. */
    private void links(SourceTree source, PymConfig config) throws IOException, InterruptedException {
        IncludeLinks links = new IncludeLinks(source, config.includeLinks());
        List<Problem> found = links.problems();
        problems.addAll(found);
        if (found.stream().noneMatch(Problem::isError)) {
            if (!commitSaid) {
                links.origins().forEach(progress::say);
            }
            links.open();
        }
    }

    private ServiceFiles folders(SourceTree source, ProjectConfig config) throws IOException {
        Set<String> names = config.slots().stream()
                .flatMap(slot -> TargetFactory.folders(slot.target()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return new PlatformFolders(source.directory(), problems).read(names);
    }

    private Optional<RegistryLogin> cloudLogin(PymConfig config) throws InterruptedException {
        if (back || RegistryAccess.isGiven(inherited)) {
            return Optional.empty();
        }
        try {
            return TargetFactory.login(config, surroundings);
        } catch (TargetException e) {
            problems.add(Problem.error(config.registry(), e.getMessage(), "Look at the credential of the cloud."));
            return Optional.empty();
        }
    }

    private boolean engineAnswers(Docker docker, EngineUse use) throws InterruptedException {
        try {
            docker.engine();
            return true;
        } catch (IOException e) {
            problems.add(RegistryAccess.said("docker", e, use.reason()));
            return false;
        }
    }

    private List<Place> places(ProjectConfig config, Docker docker) throws IOException, InterruptedException {
        if (!request.deploy()
                || !needs.contains(Need.PLACES)
                || problems.stream().anyMatch(Problem::isError)) {
            return List.of();
        }
        List<Place> places = new ArrayList<>();
        EnvironmentLocator placing = new EnvironmentLocator(config, docker, surroundings);
        List<Environment> all = placing.all();
        EnvironmentLocator.twice(all).ifPresent(problems::add);
        for (Environment bare : all) {
            places.add(place(bare, docker));
        }
        for (Place place : back || !needs.contains(Need.CHANGES) ? List.<Place>of() : places) {
            problems.addAll(place.target().preflight());
        }
        if (problems.stream().noneMatch(Problem::isError)) {
            // Nothing is changed in a place that is not identified.
            placing.trouble().ifPresent(problems::add);
        }
        return places;
    }

    private Place place(Environment bare, Docker docker) throws IOException, InterruptedException {
        Map<String, String> variables =
                new LinkedHashMap<>(secrets.of(bare.config()).byName());
        variables.put("PYM_ENV", PymEnv.of(bare.slot(), bare.config()));
        Environment environment = bare.with(variables);
        return new Place(environment, TargetFactory.open(environment, docker, surroundings));
    }

    private Optional<PythonInterpreter> python(
            Processes processes, Optional<SourceTree> checkout, PymConfig config, List<Place> places)
            throws IOException, InterruptedException {
        boolean needed = needs.contains(Need.PYTHON)
                || needs.contains(Need.PYTHON_APART)
                        && places.stream().anyMatch(p -> PreparedRun.standsApart(p, places));
        if (request.tests() == RunRequest.Tests.NONE || back || checkout.isEmpty() || !needed) {
            return Optional.empty();
        }
        TestReadiness tests = new TestReadiness(request, processes, checkout.get(), problems, advice);
        Optional<PythonInterpreter> found = tests.interpreter(config.accept());
        if (found.isPresent()) {
            if (!commitSaid) {
                progress.say("Tests run with " + found.get()
                        + found.get().sharing(config.accept().parallel()));
            }
            // The stage that checks everything gives the warnings, even after one that has only read the configuration.
            boolean all = needs.containsAll(EnumSet.allOf(Need.class));
            tests.check(found.get(), config.accept(), all || !commitSaid);
        }
        return found;
    }

    private void report() throws StageFailedException {
        if (problems.stream().anyMatch(Problem::isError)) {
            throw notReady();
        }
        if (!back) {
            problems.forEach(problem -> progress.warning(problem.toString()));
        }
    }

    private StageFailedException notReady() {
        return new StageFailedException(
                RunOutcome.CONFIG_INVALID,
                problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }
}
