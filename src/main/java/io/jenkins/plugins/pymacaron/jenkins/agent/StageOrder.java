package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One stage of one service to be run on an agent: what Pipeline steps and the freestyle builder both fill in. Holds ids
 * of credentials and no secret. Immutable; the withers copy.
 */
public final class StageOrder implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Those that change what serves, and so need their environments for themselves. */
    private static final Set<String> MUTATING = Set.of("staging", "pre-promote", "promote", "rollback");

    /** They come after such a one, and may take back what it did. */
    private static final Set<String> JUDGING = Set.of("accept-staging", "live");

    private static final Set<String> BEFORE = Set.of("unit", "build", "container", "push");

    private final String stage;
    private String directory = ".";
    private CredentialIds credentials = new CredentialIds();
    private boolean unstableOnFailure;
    private boolean withoutSecrets;
    private boolean last;
    private boolean lookUp;
    /** Of a rollback; null where none was given. */
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

    /** @param stage key, such as {@code accept-staging} */
    public static StageOrder of(@NonNull String stage) {
        return new StageOrder(stage);
    }

    /** The same request for another stage. */
    public StageOrder forStage(@NonNull String other) {
        return new StageOrder(this, other);
    }

    /** @param path of the service relative to the workspace; null or empty for the whole of it */
    public StageOrder in(@CheckForNull String path) {
        StageOrder copy = copy();
        copy.directory = ServiceDirectories.normal(path);
        return copy;
    }

    /** Selects pym-config.ENV.yaml. */
    public StageOrder environment(@CheckForNull String name) {
        return with("environment", name);
    }

    public StageOrder target(@CheckForNull String name) {
        return with("target", name);
    }

    public StageOrder commit(@CheckForNull String hash) {
        return with("commit", hash);
    }

    /** The existing image to deploy, or the version to roll back to. */
    public StageOrder version(@CheckForNull String version) {
        return with("version", version);
    }

    /** A rollback goes back to what served before this deployment began, with nothing of its own to take back. */
    public StageOrder earlier(boolean asked) {
        return with("earlier", asked ? "true" : null);
    }

    /** @param given why what served earlier is brought back: for the records of the build, not for the agent */
    public StageOrder because(@CheckForNull String given) {
        StageOrder copy = copy();
        copy.reason = Util.fixEmpty(ReasonTexts.line(given));
        return copy;
    }

    /** The interpreter of the tests. */
    public StageOrder python(@CheckForNull String program) {
        return with("python", program);
    }

    public StageOrder forceBuild(boolean force) {
        return with("forceBuild", force ? "true" : null);
    }

    public StageOrder push(boolean push) {
        return with("push", push ? null : "false");
    }

    /** Leaves what failed as it is, for somebody to look at. */
    public StageOrder keepFailed(boolean keep) {
        return with("keepFailed", keep ? "true" : null);
    }

    /** Has a commit go live that is older than what serves. */
    public StageOrder allowOlder(boolean allow) {
        return with("allowOlder", allow ? "true" : null);
    }

    /** @param percentages of live traffic, as 5, 25, 50 */
    public StageOrder canary(@CheckForNull String percentages) {
        return with("canary", percentages);
    }

    public StageOrder credentials(@CheckForNull CredentialIds ids) {
        StageOrder copy = copy();
        copy.credentials = CredentialIds.orNone(ids);
        return copy;
    }

    /** @param ids of credentials, by the name of the environment variable that gets their secret */
    public StageOrder secrets(@CheckForNull Map<String, String> ids) {
        StageOrder copy = copy();
        copy.secrets = PlainMaps.strings(ids);
        return copy;
    }

    /** @param durations such as 10m, by stage key */
    public StageOrder timeouts(@CheckForNull Map<String, String> durations) {
        StageOrder copy = copy();
        copy.timeouts = PlainMaps.strings(durations);
        return copy;
    }

    /** Failing tests make the build unstable and let it go on. */
    public StageOrder unstableOnFailure(boolean unstable) {
        StageOrder copy = copy();
        copy.unstableOnFailure = unstable;
        return copy;
    }

    /** For change requests of strangers: no credentials are looked up. */
    public StageOrder withoutSecrets(boolean without) {
        StageOrder copy = copy();
        copy.withoutSecrets = without;
        return copy;
    }

    /** The configuration before this stage. Where there is no Java, unit tests can do without it. */
    public StageOrder lookUp() {
        StageOrder config = forStage("config");
        config.lookUp = stage.equals("unit");
        return config;
    }

    /** Whether the deployment ends with this stage, so that what it replaced is retired. */
    public StageOrder last(boolean ends) {
        StageOrder copy = copy();
        copy.last = ends;
        return copy;
    }

    @NonNull
    public String getStage() {
        return stage;
    }

    /** As users see the stage. */
    @NonNull
    public String getTitle() {
        return StageTitles.of(stage);
    }

    public boolean isMutating() {
        return MUTATING.contains(stage);
    }

    /** Whether it brings back what served earlier. */
    public boolean isBack() {
        return stage.equals("rollback");
    }

    /** Whether a deployment has done nothing yet that others see, and goes on to do so. */
    public boolean isBeforeDeployment() {
        return BEFORE.contains(stage);
    }

    /** Whether its result tells what is left if no other stage follows. */
    boolean mayLeave() {
        return isMutating() || JUDGING.contains(stage);
    }

    /** Relative to the workspace, with slashes, "." for the whole of it: what its {@code ServiceRun} is found by. */
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

    /** What was given of environment, target, commit, version, earlier, python, forceBuild, push, keepFailed,
     * allowOlder and canary. */
    @NonNull
    public Map<String, String> getRequest() {
        return Map.copyOf(request);
    }

    public boolean isUnstableOnFailure() {
        return unstableOnFailure;
    }

    /** One line; null if none was given. */
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
