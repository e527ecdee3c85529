package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.io.Serializable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The image that a build made, found or deploys. What is not known yet is empty. */
@ExportedBean(defaultVisibility = 4)
public final class ImageRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String tag;
    private final String digest;
    private final String version;
    private final String commit;
    private final boolean reused;

    /**
     * @param name repository with its registry, without a tag
     * @param digest of the repository, {@code sha256:…}
     * @param reused whether an image of this source was there already
     */
    public ImageRecord(
            @NonNull String name,
            @NonNull String tag,
            @NonNull String digest,
            @NonNull String version,
            @NonNull String commit,
            boolean reused) {
        this.name = name;
        this.tag = tag;
        this.digest = digest;
        this.version = version;
        this.commit = commit;
        this.reused = reused;
    }

    /** What an earlier version of this class did not know yet, and what somebody has taken out of the file. */
    private Object readResolve() {
        return new ImageRecord(
                Util.fixNull(name),
                Util.fixNull(tag),
                Util.fixNull(digest),
                Util.fixNull(version),
                Util.fixNull(commit),
                reused);
    }

    @Exported
    public String getName() {
        return name;
    }

    @Exported
    public String getTag() {
        return tag;
    }

    @Exported
    public String getDigest() {
        return digest;
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
    public boolean isReused() {
        return reused;
    }
}
