package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.io.Serializable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A version that serves in an environment. Unknown texts are empty. */
@ExportedBean(defaultVisibility = 5)
public final class DeploymentRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String slot;
    private final String target;
    private final String environment;
    private final String url;
    private final String version;
    private final String digest;
    private final String commit;
    private final String deployment;
    private final String revision;
    private final String since;
    private final String identity;

    /**
     * Makes the record.
     *
     * @param slot {@code staging} or {@code live}
     * @param target such as {@code docker}
     * @param environment such as {@code docker/hello/live}
     * @param deployment id of the version with this configuration and these secrets
     * @param revision the target's name for it
     * @param since ISO 8601
     * @param identity by which queues and histories know the environment; an earlier version knew it by its name
     */
    public DeploymentRecord(
            @NonNull String slot,
            @NonNull String target,
            @NonNull String environment,
            @NonNull String url,
            @NonNull String version,
            @NonNull String digest,
            @NonNull String commit,
            @NonNull String deployment,
            @NonNull String revision,
            @NonNull String since,
            @NonNull String identity) {
        this.slot = slot;
        this.target = target;
        this.environment = environment;
        this.url = url;
        this.version = version;
        this.digest = digest;
        this.commit = commit;
        this.deployment = deployment;
        this.revision = revision;
        this.since = since;
        this.identity = identity;
    }

    /** Sets the fields that an earlier version of this class did not know, or that were removed from the file. */
    private Object readResolve() {
        return new DeploymentRecord(
                Util.fixNull(slot),
                Util.fixNull(target),
                Util.fixNull(environment),
                Util.fixNull(url),
                Util.fixNull(version),
                Util.fixNull(digest),
                Util.fixNull(commit),
                Util.fixNull(deployment),
                Util.fixNull(revision),
                Util.fixNull(since),
                Util.fixNull(identity, Util.fixNull(environment)));
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
    public String getEnvironment() {
        return environment;
    }

    @Exported
    public String getIdentity() {
        return identity;
    }

    @Exported
    public String getUrl() {
        return url;
    }

    @Exported
    public String getVersion() {
        return version;
    }

    @Exported
    public String getDigest() {
        return digest;
    }

    @Exported
    public String getCommit() {
        return commit;
    }

    @Exported
    public String getDeployment() {
        return deployment;
    }

    @Exported
    public String getRevision() {
        return revision;
    }

    @Exported
    public String getSince() {
        return since;
    }
}
