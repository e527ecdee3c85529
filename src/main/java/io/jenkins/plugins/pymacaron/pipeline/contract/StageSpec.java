package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest.Tests;
import io.jenkins.plugins.pymacaron.pipeline.stage.BuildWishCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The task of a stage that runs in a process of its own: {@code pymdeploy stage --spec FILE}. It contains no secret.
 *
 * @param stage a key of {@link Stage}, or {@code config}, {@code plan} or {@code cleanup}
 * @param run the id that the stages of one deployment share: letters, digits, {@code . _ -}
 * @param directory the service's, in a git working copy
 * @param home the directory of states, journals and logs, below {@code .pym}
 * @param request the {@link Parameter}s of a stage, and {@code withoutSecrets} (missing ones are no problem), {@code
 *     earlier} (to roll back to the version that served before this deployment began), {@code wanted} (a file that is
 *     touched while the stage is wanted, see {@link BuildWishCheck}), {@code unaccepted} (the {@link #acceptance}s of
 *     ended runs whose result never arrived: a sweep rolls their versions back), {@code queue} (the queue of the
 *     controller that gives the run its turns); a part that is not asked for is absent or empty
 * @param timeouts by stage key, as ISO 8601 durations
 * @param secrets names of environment variables whose values are secret, in addition to env_secrets
 * @param last whether the deployment ends with this stage, so that the versions that it replaced are retired
 * @param state the state that the stage before handed on, see {@link StageResult#state}
 */
public record StageSpec(
        int schema,
        String stage,
        String run,
        String directory,
        String home,
        Map<String, String> request,
        Map<String, Duration> timeouts,
        List<String> secrets,
        boolean last,
        Map<String, Map<String, String>> state) {

    public static final int SCHEMA = 1;
    public static final String CONFIG = "config";
    public static final String PLAN = "plan";
    public static final String CLEANUP = "cleanup";
    public static final String EARLIER = "earlier";
    public static final String UNACCEPTED = "unaccepted";
    public static final String QUEUE = "queue";

    public StageSpec {
        request = request == null ? Map.of() : Map.copyOf(request);
        timeouts = timeouts == null ? Map.of() : Map.copyOf(timeouts);
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        state = StageJson.copy(state);
    }

    public static StageSpec fromJson(String json) throws IOException {
        StageSpec spec = StageJson.read(json, StageSpec.class, SCHEMA);
        if (spec.stage == null || spec.directory == null || spec.home == null) {
            throw new IOException("a StageSpec needs stage, directory and home");
        }
        if (spec.run == null || !spec.run.matches("[A-Za-z0-9._-]{1,200}")) {
            throw new IOException("a StageSpec needs a run of letters, digits and ._-");
        }
        return spec;
    }

    public String toJson() {
        return StageJson.write(this);
    }

    public Optional<String> asked(String key) {
        return Optional.ofNullable(request.get(key)).filter(value -> !value.isEmpty());
    }

    /** Returns the name of a stage of a run, for {@link #UNACCEPTED}; several are separated by spaces. */
    public static String acceptance(String run, String stage) {
        return run + "-" + stage;
    }

    /** Returns the acceptances that were cut off for good, as far as the caller knows. */
    public Set<String> unaccepted() {
        return asked(UNACCEPTED).map(names -> Set.of(names.split(" "))).orElse(Set.of());
    }

    /** Returns the request. @throws IOException in one line, for a target that does not exist */
    public RunRequest toRequest(boolean tests) throws IOException {
        Optional<DeployTarget> target = asked("target").flatMap(DeployTarget::parse);
        if (asked("target").isPresent() && target.isEmpty()) {
            throw new IOException("there is no target " + asked("target").get()
                    + "; the targets are docker, beanstalk, cloud-run and gke");
        }
        RunRequest asked = RunRequest.of(Path.of(directory).toAbsolutePath())
                .withTimeouts(timeouts)
                .with(Parameter.TESTS, tests ? null : Tests.NONE.name())
                .with(Parameter.TEST_AGAIN, true);
        for (Parameter parameter : Parameter.OF_STAGES) {
            asked = asked.with(parameter, asked(parameter.key()).orElse(null));
        }
        return asked;
    }
}
