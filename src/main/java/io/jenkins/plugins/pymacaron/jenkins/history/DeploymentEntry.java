package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The begin of a version's service in an environment; with an empty version nothing serves there since. Unknown texts
 * are empty.
 *
 * @param at milliseconds since the epoch
 * @param stage key of the stage that did it, {@code rollback} for a rollback
 * @param directory of the service in the job's workspace
 * @param build number of the build that did it
 * @param by the user of the build, as shown
 * @param buildId distinguishes the build from another one that was given its number; empty for an old entry
 * @param identity by which the environment is known, see
 *     {@link io.jenkins.plugins.pymacaron.targets.EnvironmentId#text}
 * @param pushed whether its build has pushed its image, so that it can be deployed again
 * @param node the name of the agent whose stage did it; empty where it is not known
 * @param reason of a rollback, in one line of plain text; empty where none was given
 */
@ExportedBean(defaultVisibility = 3)
public record DeploymentEntry(
        long at,
        String environment,
        String slot,
        String target,
        String service,
        String directory,
        String version,
        String commit,
        String digest,
        String url,
        String stage,
        int build,
        String by,
        String buildId,
        String identity,
        boolean pushed,
        String node,
        String reason) {

    public DeploymentEntry {
        environment = text(environment);
        slot = text(slot);
        target = text(target);
        service = text(service);
        directory = text(directory);
        version = text(version);
        commit = text(commit);
        digest = text(digest);
        url = text(url);
        stage = text(stage);
        by = text(by);
        buildId = text(buildId);
        node = text(node);
        reason = ReasonTexts.line(reason);
        // An earlier version knew environments by their names.
        identity = text(identity).isEmpty() ? environment : identity;
    }

    private static String text(String s) {
        return s == null ? "" : s;
    }

    /** Returns whether both are of one build. */
    public boolean isOfTheSameBuild(@NonNull DeploymentEntry other) {
        return build == other.build && buildId.equals(other.buildId);
    }

    /** Returns whether it is of this very build, and not of another one that was given its number. */
    public boolean isOf(@NonNull Run<?, ?> run) {
        return build == run.getNumber()
                && buildId.equals(PymacaronRun.knownIdOf(run).orElse("none"));
    }

    /** Returns the date for the date formats of pages. */
    @NonNull
    public Date getDate() {
        return Date.from(Instant.ofEpochMilli(at));
    }

    /** Returns the age in the words of people. */
    @NonNull
    public String getAge() {
        return Util.getTimeSpanString(Math.max(0, System.currentTimeMillis() - at));
    }

    /** Returns the exact time, in the time zone of the controller. */
    @NonNull
    public String getExactDate() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.ofInstant(Instant.ofEpochMilli(at), ZoneId.systemDefault()));
    }

    @Exported
    public long getAt() {
        return at;
    }

    @Exported
    public String getEnvironment() {
        return environment;
    }

    @Exported
    public String getSlot() {
        return slot;
    }

    @Exported
    public String getTarget() {
        return target;
    }

    @Exported
    public String getService() {
        return service;
    }

    @Exported
    public String getDirectory() {
        return directory;
    }

    @Exported
    public String getVersion() {
        return version;
    }

    @Exported
    public String getCommit() {
        return commit;
    }

    @Exported
    public String getDigest() {
        return digest;
    }

    public String getShortDigest() {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return hex.length() > 12 ? hex.substring(0, 12) : hex;
    }

    @Exported
    public String getUrl() {
        return url;
    }

    /** Returns whether the URL is one that a browser may follow. */
    public boolean isLinked() {
        return url.startsWith("http://") || url.startsWith("https://");
    }

    @Exported
    public String getStage() {
        return stage;
    }

    public boolean isRollback() {
        return stage.equals("rollback") || stage.equals("accept-staging");
    }

    @Exported
    public int getBuild() {
        return build;
    }

    @Exported
    public String getIdentity() {
        return identity;
    }

    @Exported
    public boolean isPushed() {
        return pushed;
    }

    @Exported
    public String getNode() {
        return node;
    }

    @Exported
    public String getReason() {
        return reason;
    }

    @Exported
    public String getBy() {
        return by;
    }
}
