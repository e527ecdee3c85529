package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The request of a user, from the command line, a Pipeline step or a form.
 *
 * @param directory in the user's project, the directory of its pym-config.yaml
 * @param environment selects pym-config.ENV.yaml
 * @param branch asks for a clean clone of the pushed state of that branch; absent with {@code commit} absent = the HEAD
 *     of the working copy
 * @param commit asks for that commit of a clean clone
 * @param token the access token of an HTTP origin; never kept
 * @param version deploys the image of that version instead of building one
 * @param tests which tests run
 * @param forceBuild builds even where an image of the same content exists
 * @param push whether the image goes to the registry
 * @param deploy whether anything is deployed
 * @param target overrides the target of the configuration
 * @param python the interpreter of the tests
 * @param timeouts per stage key; they override those of the configuration
 * @param keepFailed keeps a candidate that failed, and overrides the configuration
 * @param canary percentages of live traffic, as {@code 5, 25, 50}; they override those of the configuration
 * @param images how many of the service's images stay; it overrides the configuration
 * @param allowOlder makes a commit live even if it is older than the one that serves
 * @param testAgain accepts also what an earlier run has accepted already
 */
public record RunRequest(
        Path directory,
        Optional<String> environment,
        Optional<String> branch,
        Optional<String> commit,
        Optional<String> token,
        Optional<String> version,
        Tests tests,
        boolean forceBuild,
        boolean push,
        boolean deploy,
        Optional<DeployTarget> target,
        Optional<Path> python,
        Map<String, Duration> timeouts,
        boolean keepFailed,
        Optional<String> canary,
        Optional<Integer> images,
        boolean allowOlder,
        boolean testAgain) {

    /** The choice of the tests to run. */
    public enum Tests {
        ALL,
        ALL_BUT_UNIT,
        NONE
    }

    public RunRequest {
        timeouts = Map.copyOf(timeouts);
    }

    /** Returns a request for a full deployment from the working copy in {@code directory}. */
    public static RunRequest of(Path directory) {
        return new RunRequest(
                directory,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Tests.ALL,
                false,
                true,
                true,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                false);
    }

    /** Returns all parts but the token, as strings, for a run that is to be resumed. */
    public Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>();
        environment.ifPresent(v -> map.put("environment", v));
        branch.ifPresent(v -> map.put("branch", v));
        commit.ifPresent(v -> map.put("commit", v));
        version.ifPresent(v -> map.put("version", v));
        map.put("tests", tests.name());
        map.put("forceBuild", Boolean.toString(forceBuild));
        map.put("push", Boolean.toString(push));
        map.put("deploy", Boolean.toString(deploy));
        target.ifPresent(v -> map.put("target", v.name()));
        python.ifPresent(v -> map.put("python", v.toString()));
        timeouts.forEach((stage, timeout) -> map.put("timeout." + stage, timeout.toString()));
        map.put("keepFailed", Boolean.toString(keepFailed));
        canary.ifPresent(v -> map.put("canary", v));
        images.ifPresent(v -> map.put("images", v.toString()));
        map.put("allowOlder", Boolean.toString(allowOlder));
        map.put("testAgain", Boolean.toString(testAgain));
        return map;
    }

    /** Reads what {@link #toMap} wrote. */
    public static RunRequest fromMap(Path directory, Optional<String> token, Map<String, String> map) {
        Map<String, Duration> timeouts = new TreeMap<>();
        map.forEach((key, value) -> {
            if (key.startsWith("timeout.")) {
                timeouts.put(key.substring("timeout.".length()), Duration.parse(value));
            }
        });
        return new RunRequest(
                directory,
                Optional.ofNullable(map.get("environment")),
                Optional.ofNullable(map.get("branch")),
                Optional.ofNullable(map.get("commit")),
                token,
                Optional.ofNullable(map.get("version")),
                Tests.valueOf(map.get("tests")),
                Boolean.parseBoolean(map.get("forceBuild")),
                Boolean.parseBoolean(map.get("push")),
                Boolean.parseBoolean(map.get("deploy")),
                Optional.ofNullable(map.get("target")).map(DeployTarget::valueOf),
                Optional.ofNullable(map.get("python")).map(Path::of),
                timeouts,
                Boolean.parseBoolean(map.get("keepFailed")),
                Optional.ofNullable(map.get("canary")),
                Optional.ofNullable(map.get("images")).map(Integer::valueOf),
                Boolean.parseBoolean(map.get("allowOlder")),
                Boolean.parseBoolean(map.get("testAgain")));
    }

    /** Hides secrets. */
    @Override
    public String toString() {
        return "Request[" + directory + ", environment=" + environment.orElse("") + "]";
    }
}
