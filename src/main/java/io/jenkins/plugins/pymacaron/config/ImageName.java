package io.jenkins.plugins.pymacaron.config;

import java.util.regex.Pattern;

/**
 * The name of an image, without tag and digest.
 *
 * <p>The patterns are the grammar of the distribution project's reference package.
 *
 * @param registry {@code host[:port]}
 * @param path {@code docker_repo/name}
 */
public record ImageName(String registry, String path) {
    /** The registry that docker uses when a name has none. */
    public static final String DOCKER_HUB = "docker.io";

    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String HOST = "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]{1,5})?";
    private static final String PATH_FORM = COMPONENT + "(?:/" + COMPONENT + ")*";
    private static final String TAG = "[\\w][\\w.-]{0,127}";
    private static final String DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
    private static final int LONGEST = 255;

    static final Pattern COMPONENT_PATTERN = Pattern.compile(COMPONENT);
    static final Pattern PATH_PATTERN = Pattern.compile(PATH_FORM);
    static final Pattern REGISTRY_PATTERN = Pattern.compile(HOST);
    static final Pattern REFERENCE_PATTERN =
            Pattern.compile("(?:" + HOST + "/)?" + PATH_FORM + "(?::" + TAG + ")?(?:@" + DIGEST + ")?");
    private static final Pattern TAG_PATTERN = Pattern.compile(TAG);

    /** Returns the repository of the service's image. */
    public static ImageName of(PymConfig config) {
        return new ImageName(config.registry(), config.dockerRepo() + "/" + config.name());
    }

    /** Returns the name in docker's short form, which leaves out {@code docker.io}, as PyMacaron's tools always did. */
    public String repository() {
        return registry.equals(DOCKER_HUB) ? path : registry + "/" + path;
    }

    /** Returns the name with a tag. @throws IllegalArgumentException if it is no valid tag; ours always are */
    public String tagged(String tag) {
        if (!TAG_PATTERN.matcher(tag).matches()) {
            throw new IllegalArgumentException("not a tag: " + QuotedText.of(tag));
        }
        return repository() + ":" + tag;
    }

    /** Returns the name with a digest. @param digest {@code sha256:…} */
    public String at(String digest) {
        return repository() + "@" + digest;
    }

    boolean tooLong() {
        return repository().length() > LONGEST;
    }

    /** Returns whether the first part looks like a host; docker then takes it for a registry. */
    static boolean looksLikeHost(String path) {
        String first = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        return first.equals("localhost") || first.contains(".") || first.contains(":");
    }

    @Override
    public String toString() {
        return repository();
    }
}
