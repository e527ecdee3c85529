package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Step;
import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import java.util.Map;

/**
 * The conditions that {@link DockerDeployOperation} waits for, and how they read the facts of
 * {@link DockerStateReader}.
 */
final class DockerWaitConditions {
    /** Subject: the container of that name, asked on its own address. */
    static final String CONTAINER = "container";

    /** Subject: the version that answers at that URL. */
    static final String URL = "url";

    private DockerWaitConditions() {}

    /** Waits until the container answers on its own address with its version. */
    static Step serving(DockerDeployParameters r) {
        return new Step.Until(
                new Subject(CONTAINER, r.container()),
                r.within(),
                "version " + r.deployed().version() + " in container " + r.container(),
                seen -> judge(seen, r, true));
    }

    /**
     * Waits until only the new container answers at the URL that users know. If it is the first one there, no other can
     * have answered; a proxy may still ask another one.
     */
    static Step live(DockerDeployParameters r) {
        return new Step.Until(
                new Subject(URL, r.deployed().url() + " " + r.container()),
                r.within(),
                "version " + r.deployed().version() + " at " + r.deployed().url(),
                seen -> judge(seen, r, r.old().isEmpty() && !r.isProxied()));
    }

    /** Returns the facts that {@link DockerStateReader} sees if the operation succeeds. */
    static Map<String, Map<String, String>> hoped(DockerDeployParameters r) {
        Map<String, String> answers = Map.of("version", r.deployed().version());
        return Map.of(
                CONTAINER,
                answers,
                URL,
                answers,
                LiveUnchangedCheck.ENVIRONMENT,
                LiveUnchangedCheck.hoped(r.expected().orElse("")));
    }

    /**
     * Judges an observation.
     *
     * @param alone whether nothing else can have answered, so that another version will not go away by waiting
     */
    private static Verdict judge(Observation seen, DockerDeployParameters r, boolean alone) {
        String end = seen.facts().get("ended");
        if (end != null) {
            return Verdict.fail("container " + r.container() + " " + end);
        }
        String digest = seen.facts().getOrDefault("digest", r.deployed().digest());
        if (!digest.equals(r.deployed().digest())) {
            return Verdict.fail("container " + r.container() + " runs " + digest + ", not "
                    + r.deployed().digest());
        }
        String version = seen.facts().get("version");
        if (version == null) {
            return Verdict.waitOn(seen.facts().getOrDefault("error", "no answer yet"));
        }
        if (version.equals(r.deployed().version())) {
            return Verdict.GO_ON;
        }
        String other =
                "GET /version answers " + version + ", not " + r.deployed().version();
        return alone ? Verdict.fail("container " + r.container() + ": " + other) : Verdict.waitOn(other);
    }
}
