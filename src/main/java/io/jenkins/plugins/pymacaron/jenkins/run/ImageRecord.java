package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.io.Serializable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The image that a build made, found or deploys. Unknown texts are empty. */
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
     * Makes the record.
     *
     * @param name repository with its registry, without a tag
     * @param digest of the repository, {@code sha256:…}
     * @param reused whether an image of this source existed already
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

    /** Sets the fields that an earlier version of this class did not know, or that were removed from the file. */
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
