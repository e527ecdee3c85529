package io.jenkins.plugins.pymacaron.targets.docker;

import java.util.List;
import java.util.Set;

/** The labels that identify our containers; containers without them are left alone. */
final class DockerMetadata {
    private static final String PREFIX = "io.jenkins.plugins.pymacaron.";

    /** Service and slot, as people see them: {@code docker/hello/live}. A container without this label is not ours. */
    static final String ENVIRONMENT = PREFIX + "environment";

    /** The file, service and slot that it was made for; see {@link ContainerOwnership#identity}. */
    static final String IDENTITY = PREFIX + "identity";

    /** {@link #SERVING} or {@link #REHEARSAL}. */
    static final String ROLE = PREFIX + "role";

    /** The container serves, or has served, at the address that users know. */
    static final String SERVING = "serving";

    /** The container only shows that the image starts with the configuration of live. */
    static final String REHEARSAL = "rehearsal";

    static final String DEPLOYMENT = PREFIX + "deployment";
    static final String VERSION = PREFIX + "version";
    static final String DIGEST = PREFIX + "digest";
    static final String COMMIT = PREFIX + "commit";
    static final String URL = PREFIX + "url";

    /** The address at which it listens, if that is not the URL, because a proxy is in between. */
    static final String ADDRESS = PREFIX + "address";

    /** Whether its port was chosen when it was made, so that no configuration names it. */
    static final String ANY_PORT = PREFIX + "any-port";

    /** The address at which this container alone answers, also while another one listens on the same port. */
    static final String PROBE = PREFIX + "probe";

    /**
     * The address for tests of a service that treats 127.0.0.1 specially; only where the container has no address of
     * its own.
     */
    static final String TESTS = PREFIX + "tests";

    /** Whether it lets another container listen on its port. */
    static final String SHARED = PREFIX + "shared";

    /** Label of a volume: the environment whose mark it is, see {@link VolumeMarkStore}. */
    static final String LIVE_MARK_OF = PREFIX + "live-mark-of";

    static final String LIVE_MARK = PREFIX + "live-mark";

    static final Set<String> OF_A_DEPLOYMENT =
            Set.of(ENVIRONMENT, ROLE, DEPLOYMENT, VERSION, DIGEST, COMMIT, URL, PROBE);

    /** All labels that a container may have. */
    static final List<String> OF_A_CONTAINER = List.of(
            ENVIRONMENT,
            IDENTITY,
            ROLE,
            DEPLOYMENT,
            VERSION,
            DIGEST,
            COMMIT,
            URL,
            ADDRESS,
            ANY_PORT,
            PROBE,
            TESTS,
            SHARED);

    private DockerMetadata() {}
}
