package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The request of a user, from the command line, a Pipeline step or a form.
 *
 * @param directory in the user's project, the directory of its pym-config.yaml
 * @param token the access token of an HTTP origin; never kept
 * @param values the given parameters; without a branch and a commit, the HEAD of the working copy is deployed
 * @param timeouts per stage key; they override those of the configuration
 */
public record RunRequest(
        Path directory, Optional<String> token, Map<Parameter, String> values, Map<String, Duration> timeouts) {

    private static final String TIMEOUT = "timeout.";

    /** The choice of the tests to run. */
    public enum Tests {
        ALL,
        ALL_BUT_UNIT,
        NONE
    }

    public RunRequest {
        values = Map.copyOf(values);
        timeouts = Map.copyOf(timeouts);
    }

    /** Returns a request for a full deployment from the working copy in {@code directory}. */
    public static RunRequest of(Path directory) {
        return new RunRequest(directory, Optional.empty(), Map.of(), Map.of());
    }

    /** Returns the request with a parameter. @param value null where it is not given */
    public RunRequest with(Parameter parameter, String value) {
        Map<Parameter, String> all = new EnumMap<>(Parameter.class);
        all.putAll(values);
        all.remove(parameter);
        if (value != null) {
            all.put(parameter, value);
        }
        return new RunRequest(directory, token, all, timeouts);
    }

    /** Returns the request with a flag. */
    public RunRequest with(Parameter flag, boolean value) {
        return with(flag, value == flag.standard() ? null : Boolean.toString(value));
    }

    public RunRequest withToken(Optional<String> given) {
        return new RunRequest(directory, given, values, timeouts);
    }

    public RunRequest withTimeouts(Map<String, Duration> given) {
        return new RunRequest(directory, token, values, given);
    }

    /** Returns the value of a flag. */
    public boolean is(Parameter flag) {
        return text(flag).map(Boolean::parseBoolean).orElse(flag.standard());
    }

    private Optional<String> text(Parameter parameter) {
        return Optional.ofNullable(values.get(parameter));
    }

    public Optional<String> environment() {
        return text(Parameter.ENVIRONMENT);
    }

    public Optional<String> branch() {
        return text(Parameter.BRANCH);
    }

    public Optional<String> commit() {
        return text(Parameter.COMMIT);
    }

    public Optional<String> version() {
        return text(Parameter.VERSION);
    }

    public Tests tests() {
        return text(Parameter.TESTS).map(Tests::valueOf).orElse(Tests.ALL);
    }

    public boolean push() {
        return is(Parameter.PUSH);
    }

    public boolean deploy() {
        return is(Parameter.DEPLOY);
    }

    public Optional<DeployTarget> target() {
        return text(Parameter.TARGET).flatMap(DeployTarget::parse);
    }

    public Optional<Path> python() {
        return text(Parameter.PYTHON).map(Path::of);
    }

    public Optional<String> canary() {
        return text(Parameter.CANARY);
    }

    /** Returns whether a later build of the same job and branch has promoted that version. */
    public boolean isOfLaterBuild(String version) {
        return text(Parameter.LATER_VERSIONS)
                .map(versions -> List.of(versions.split(",")).contains(version))
                .orElse(false);
    }

    /** Returns the number of images to keep: at least one, the deployed image; all for a text that is no number. */
    public Optional<Integer> images() {
        return text(Parameter.IMAGES).map(RunRequest::images);
    }

    private static int images(String text) {
        return text.matches("[0-9]{1,4}") ? Math.max(1, Integer.parseInt(text)) : Integer.MAX_VALUE;
    }

    /** Returns all parts but the directory and the token, as strings, for a run that is to be resumed. */
    public Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>();
        values.forEach((parameter, value) -> map.put(parameter.key(), value));
        timeouts.forEach((stage, timeout) -> map.put(TIMEOUT + stage, timeout.toString()));
        return map;
    }

    /** Reads what {@link #toMap} wrote. */
    public static RunRequest fromMap(Path directory, Optional<String> token, Map<String, String> map) {
        Map<Parameter, String> values = new EnumMap<>(Parameter.class);
        for (Parameter parameter : Parameter.values()) {
            if (map.containsKey(parameter.key())) {
                values.put(parameter, map.get(parameter.key()));
            }
        }
        Map<String, Duration> timeouts = new TreeMap<>();
        map.forEach((key, value) -> {
            if (key.startsWith(TIMEOUT)) {
                timeouts.put(key.substring(TIMEOUT.length()), Duration.parse(value));
            }
        });
        return new RunRequest(directory, token, values, timeouts);
    }

    /** Hides secrets. */
    @Override
    public String toString() {
        return "Request[" + directory + ", environment=" + environment().orElse("") + "]";
    }
}
