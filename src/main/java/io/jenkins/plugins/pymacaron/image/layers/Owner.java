package io.jenkins.plugins.pymacaron.image.layers;

/** The owner of a file in an image. */
public record Owner(long user, long group) {
    public static final Owner ROOT = new Owner(0, 0);

    /** Reads {@code uid:gid}. */
    public static Owner of(String user) {
        String[] parts = user.split(":", 2);
        return new Owner(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
