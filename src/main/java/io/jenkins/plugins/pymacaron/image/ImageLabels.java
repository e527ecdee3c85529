package io.jenkins.plugins.pymacaron.image;

/** The labels on our images. */
public final class ImageLabels {
    private static final String OURS = "io.jenkins.plugins.pymacaron.";
    /** The service; every image of ours has it. */
    public static final String NAME = OURS + "name";

    public static final String VERSION = OURS + "version";
    public static final String COMMIT = OURS + "commit";
    /** The content tag. */
    public static final String CONTENT = OURS + "content";

    private ImageLabels() {}
}
