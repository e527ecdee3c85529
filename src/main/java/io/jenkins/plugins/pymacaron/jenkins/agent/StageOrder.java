package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The order to run one stage of one service on an agent; Pipeline steps and the freestyle builder both fill it in. It
 * contains ids of credentials and no secret. Immutable; its methods with parameters copy it.
 */
public final class StageOrder implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The stages that change what serves, and so need their environments for themselves. */
    private static final Set<String> MUTATING = Set.of("staging", "pre-promote", "promote", "rollback");

    /** The stages that follow such a stage, and may roll it back. */
    private static final Set<String> JUDGING = Set.of("accept-staging", "live");

    private static final Set<String> BEFORE = Set.of("unit", "build", "container", "push");

    private final String stage;
    private String directory = ".";
    private CredentialIds credentials = new CredentialIds();
    private boolean unstableOnFailure;
    private boolean withoutSecrets;
    private boolean last;
    private boolean lookUp;
    /** The reason of a rollback; null where none was given. */
    private String reason;

    /** Request fields, as the stage's specification names them; TreeMap and LinkedHashMap can be serialized. */
    private TreeMap<String, String> request = new TreeMap<>();

    private LinkedHashMap<String, String> secrets = new LinkedHashMap<>();
    private LinkedHashMap<String, String> timeouts = new LinkedHashMap<>();

    private StageOrder(String stage) {
        this.stage = stage;
    }

    private StageOrder(StageOrder from, String stage) {
        this.stage = stage;
        directory = from.directory;
        credentials = from.credentials;
        unstableOnFailure = from.unstableOnFailure;
        withoutSecrets = from.withoutSecrets;
        last = from.last;
        lookUp = from.lookUp;
        reason = from.reason;
        request = new TreeMap<>(from.request);
        secrets = new LinkedHashMap<>(from.secrets);
        timeouts = new LinkedHashMap<>(from.timeouts);
    }

    /** Returns an order. @param stage key, such as {@code accept-staging} */
    public static StageOrder of(@NonNull String stage) {
        return new StageOrder(stage);
    }

    /** Returns the same request for another stage. */
    public StageOrder forStage(@NonNull String other) {
        return new StageOrder(this, other);
    }

    /**
     * Returns the order in a directory.
     *
     * @param path of the service relative to the workspace; null or empty for the whole of it
     */
    public StageOrder in(@CheckForNull String path) {
        StageOrder copy = copy();
        copy.directory = ServiceDirectories.normal(path);
        return copy;
    }

    /** Sets a parameter. @param value null or empty where it is not given */
    public StageOrder with(@NonNull Parameter parameter, @CheckForNull String value) {
        return with(parameter.key(), value);
    }

    /** Sets a flag. */
    public StageOrder with(@NonNull Parameter flag, boolean value) {
        return with(flag, value == flag.standard() ? null : Boolean.toString(value));
    }

    /** Makes a rollback return to the version before this deployment, which has nothing of its own to roll back. */
    public StageOrder earlier(boolean asked) {
        return with("earlier", asked ? "true" : null);
    }

    /**
     * Sets the reason.
     *
     * @param given why an earlier version is brought back: for the records of the build, not for the agent
     */
    public StageOrder because(@CheckForNull String given) {
        StageOrder copy = copy();
        copy.reason = Util.fixEmpty(ReasonTexts.line(given));
        return copy;
    }

    public StageOrder credentials(@CheckForNull CredentialIds ids) {
        StageOrder copy = copy();
        copy.credentials = CredentialIds.orNone(ids);
        return copy;
    }

    /** Sets the secrets. @param ids of credentials, by the name of the environment variable that gets their secret */
    public StageOrder secrets(@CheckForNull Map<String, String> ids) {
        StageOrder copy = copy();
        copy.secrets = PlainMaps.strings(ids);
        return copy;
    }

    /** Sets the time limits. @param durations such as 10m, by stage key */
    public StageOrder timeouts(@CheckForNull Map<String, String> durations) {
        StageOrder copy = copy();
        copy.timeouts = PlainMaps.strings(durations);
        return copy;
    }

    /** Makes failed tests mark the build unstable, and lets it go on. */
    public StageOrder unstableOnFailure(boolean unstable) {
        StageOrder copy = copy();
        copy.unstableOnFailure = unstable;
        return copy;
    }

    /** Looks up no credentials, for change requests of strangers. */
    public StageOrder withoutSecrets(boolean without) {
        StageOrder copy = copy();
        copy.withoutSecrets = without;
        return copy;
    }

    /**
     * Returns the order that reads the configuration before this stage. Unit tests can do without it where there is no
     * Java.
     */
    public StageOrder lookUp() {
        StageOrder config = forStage("config");
        config.lookUp = stage.equals("unit");
        return config;
    }

    /** Sets whether the deployment ends with this stage, so that the replaced version is retired. */
    public StageOrder last(boolean ends) {
        StageOrder copy = copy();
        copy.last = ends;
        return copy;
    }

    @NonNull
    public String getStage() {
        return stage;
    }

    /** Returns the stage's name for users. */
    @NonNull
    public String getTitle() {
        return StageTitles.of(stage);
    }

    public boolean isMutating() {
        return MUTATING.contains(stage);
    }

    /** Returns whether it rolls back. */
    public boolean isBack() {
        return stage.equals("rollback");
    }

    /**
     * Returns whether it is part of a deployment that has not changed anything visible to others yet, and is going to.
     */
    public boolean isBeforeDeployment() {
        return BEFORE.contains(stage);
    }

    /** Returns whether it accepts a version that serves already. */
    boolean isJudging() {
        return JUDGING.contains(stage);
    }

    /** Returns whether its result reports what is left if no other stage follows. */
    boolean mayLeave() {
        return isMutating() || isJudging();
    }

    /**
     * Returns the path relative to the workspace, with slashes, "." for the whole of it; it identifies its
     * {@code ServiceRun}.
     */
    @NonNull
    public String getDirectory() {
        return directory;
    }

    @NonNull
    public CredentialIds getCredentials() {
        return credentials;
    }

    @NonNull
    public Map<String, String> getSecrets() {
        return Map.copyOf(secrets);
    }

    @NonNull
    public Map<String, String> getTimeouts() {
        return Map.copyOf(timeouts);
    }

    /** Returns the given parameters by their keys, and {@code earlier}. */
    @NonNull
    public Map<String, String> getRequest() {
        return Map.copyOf(request);
    }

    public boolean isUnstableOnFailure() {
        return unstableOnFailure;
    }

    /** Returns the reason, one line; null if none was given. */
    @CheckForNull
    public String getReason() {
        return reason;
    }

    boolean isLookUp() {
        return lookUp;
    }

    public boolean isLast() {
        return last;
    }

    public boolean isWithoutSecrets() {
        return withoutSecrets;
    }

    private StageOrder with(String field, String value) {
        StageOrder copy = copy();
        String given = Util.fixEmptyAndTrim(value);
        if (given == null) {
            copy.request.remove(field);
        } else {
            copy.request.put(field, given);
        }
        return copy;
    }

    private StageOrder copy() {
        return new StageOrder(this, stage);
    }

    @Override
    public String toString() {
        return stage + " of " + directory;
    }
}
