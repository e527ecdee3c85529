package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.DockerLogin;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.Registry;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of {@link Preflight} that deals with the registry: the login, and the images that have to exist. */
public final class RegistryAccess {
    /** The variables with the registry's user and password, where docker does not know them already. */
    private static final String USER = "PYM_REGISTRY_USER";

    static final String PASSWORD = "PYM_REGISTRY_PASSWORD";

    private final RunRequest request;
    private final Map<String, String> inherited;
    private final List<Problem> problems;
    private final NextStepAdvice advice;

    /** Makes the check. @param problems receives the problems found */
    public RegistryAccess(
            RunRequest request, Map<String, String> inherited, List<Problem> problems, NextStepAdvice advice) {
        this.advice = advice;
        this.request = request;
        this.inherited = inherited;
        this.problems = problems;
    }

    /** Returns whether the environment contains a login. */
    static boolean isGiven(Map<String, String> inherited) {
        return !inherited.getOrDefault(USER, "").isEmpty()
                && !inherited.getOrDefault(PASSWORD, "").isEmpty();
    }

    /**
     * Logs in with the login of the environment, or of a cloud; the caller closes it.
     *
     * @param cloud the login that the credential of the target's cloud gives
     * @param engine whether an engine can try the login; otherwise the first request of the registry does
     */
    public Optional<DockerLogin> login(Docker docker, PymConfig config, Optional<RegistryLogin> cloud, boolean engine)
            throws InterruptedException {
        boolean given = isGiven(inherited);
        if (!given && cloud.isEmpty()) {
            return Optional.empty();
        }
        RegistryLogin as = given ? new RegistryLogin(inherited.get(USER), inherited.get(PASSWORD)) : cloud.get();
        try {
            return Optional.of(
                    engine
                            ? DockerLogin.open(docker, config.registry(), as.user(), as.password())
                            : DockerLogin.untried(docker, config.registry(), as.user(), as.password()));
        } catch (IOException e) {
            problems.add(said(
                    config.registry(),
                    e,
                    given
                            ? "Look at " + USER + " and " + PASSWORD + "."
                            : "Look at the credential of the cloud, or set " + USER + " and " + PASSWORD + "."));
            return Optional.empty();
        }
    }

    /** Checks whether the registry answers, if it is needed. */
    void answers(Docker docker, ProjectConfig config) throws InterruptedException {
        if (request.push() && config.base().push()) {
            String repository = ImageName.of(config.base()).repository();
            new Registry(docker)
                    .look(repository, "preflight")
                    .trouble()
                    .ifPresent(trouble ->
                            problems.add(Problem.error(config.base().registry(), trouble, advice.registry())));
        }
    }

    /** Checks whether an image that is built without an engine may go to the only place where it can be. */
    void layersArePushed(PreparedRun prepared) {
        if (prepared.spec().byLayers()) {
            prepared.keepsImage()
                    .or(() -> request.is(Parameter.SHIP)
                            ? Optional.empty()
                            : Optional.of("only branches of the repository are pushed"))
                    .ifPresent(why -> problems.add(Problem.error(
                            prepared.config().file(),
                            "builder: layers builds into the registry, and this run pushes nothing (" + why + ")",
                            "Use builder: docker for that.")));
        }
    }

    /**
     * Checks the image in the registry: a cloud pulls it from there, so it has to exist already where this run does not
     * push it.
     */
    void has(PreparedRun prepared) throws IOException, InterruptedException {
        ProjectConfig config = prepared.config();
        boolean remote =
                request.deploy() && config.slots().stream().anyMatch(slot -> slot.target() != DeployTarget.DOCKER);
        if (prepared.pushes() || !remote || problems.stream().anyMatch(Problem::isError)) {
            return;
        }
        boolean there = prepared.images()
                .find(prepared.source(), prepared.spec(), true)
                .flatMap(BuiltImage::digest)
                .isPresent();
        if (!there) {
            problems.add(Problem.error(
                    config.file(),
                    "the image is not pushed and stays on this machine, and "
                            + config.base().registry() + " does not have it",
                    advice.notPushed()));
        }
    }

    /** Checks the image of --deploy. */
    void hasVersion(PreparedRun prepared) throws InterruptedException {
        if (request.version().isEmpty() || problems.stream().anyMatch(Problem::isError)) {
            return;
        }
        String repository = ImageName.of(prepared.base()).repository();
        try {
            new ExistingImages(prepared.docker(), prepared.key().isPresent())
                    .look(repository, request.version().get(), prepared.spec());
        } catch (IOException e) {
            problems.add(said(
                    "version " + request.version().get(),
                    e,
                    "docker image ls " + repository + " lists those that are here."));
        }
    }

    /**
     * Returns the problem. The messages of exceptions are complete sentences, and may begin with the program's name.
     */
    static Problem said(String where, IOException e, String advice) {
        String message = String.valueOf(e.getMessage());
        if (!where.isEmpty() && message.startsWith(where + ": ")) {
            message = message.substring(where.length() + 2);
        }
        return Problem.error(where, message.replaceFirst("\\.$", ""), advice);
    }
}
