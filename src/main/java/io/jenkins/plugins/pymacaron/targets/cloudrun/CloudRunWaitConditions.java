package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.CanaryVerdict;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Step;
import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import io.jenkins.plugins.pymacaron.targets.cloud.LastingRefusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The conditions that the operations wait for, and how they read the facts of {@link CloudRunStateReader}. */
final class CloudRunWaitConditions {
    /**
     * Subject: a revision, and the long-running operation that makes it where that is known, "R OPERATION": its state
     * by the API.
     */
    static final String REVISION = "revision";

    /** Subject: the revision and its tag, "R T": the version that answers at the tag's URL. */
    static final String TAG = "tag";

    /**
     * Subject: a revision, a tag and a percentage where it has them, and the long-running operation that moves the
     * traffic where that is known, "R T P OPERATION": the versions that answer at the service's URL, and the traffic
     * split.
     */
    static final String LIVE = "live";

    /** Fact of a revision: {@code pending}, {@code ready} or {@code failed}, the latter with a {@link #REASON}. */
    static final String STATE = "state";

    static final String REASON = "reason";

    /** Fact: the digest of the image that the API names. */
    static final String DIGEST = "digest";

    /** Fact: the traffic split of the service, as {@link TrafficSplit#text}. */
    static final String TRAFFIC = "traffic";

    /** Fact: the versions that answered, one or more words. */
    static final String VERSIONS = "versions";

    /** Fact: the versions that answered at {@code live_url}, where that is to be proven. */
    static final String FRONT_VERSIONS = "front-versions";

    /** Fact: the version that answers at the tag, where there is one. */
    static final String TAG_VERSION = "tag-version";

    /** Fact: the reason why the change of the traffic failed. */
    static final String REFUSED = "refused";

    /** "Container start-up at most 4 minutes" (Cloud Run quotas), and the time to fetch the image. */
    private static final Duration START_LIMIT = Duration.ofMinutes(6);

    /**
     * The version of a revision that is not ours and did not tell its version: its digest and the traffic have to prove
     * it.
     */
    static final String UNKNOWN = "unknown";

    private CloudRunWaitConditions() {}

    /** Returns the words of a subject: four; missing ones are empty. */
    static String[] words(Subject subject) {
        return (subject.id() + "    ").split(" ", -1);
    }

    /**
     * Waits until the API says that the revision can serve, or why it never will.
     *
     * @param operation the long-running operation that makes it, "" if it is not known
     */
    static Step ready(CloudRunPrepareParameters r, String operation) {
        Duration within = r.within().compareTo(START_LIMIT) > 0 ? r.within() : START_LIMIT;
        return new Step.Until(
                new Subject(REVISION, (r.revision() + " " + operation).strip()),
                within,
                "revision " + r.revision() + " to be ready",
                LastingRefusal.ends("revision " + r.revision(), seen -> {
                    String state = seen.facts().getOrDefault(STATE, "");
                    String reason = seen.facts().getOrDefault(REASON, "");
                    if (state.equals("failed")) {
                        return Verdict.fail("revision " + r.revision() + " failed: " + reason);
                    }
                    return state.equals("ready")
                            ? Verdict.GO_ON
                            : Verdict.waitOn(seen.facts().getOrDefault(LiveUnchangedCheck.ERROR, reason));
                }));
    }

    /** Waits until the candidate answers at its tag. */
    static Step answering(CloudRunPrepareParameters r) {
        return new Step.Until(
                new Subject(TAG, r.revision() + " " + r.tag()),
                r.within(),
                version(r.deployed()) + " at tag " + r.tag(),
                LastingRefusal.ends("revision " + r.revision(), seen -> judge(seen, r.deployed(), "", Set.of())));
    }

    /** Waits until only the revision answers at the service's own URL. */
    static Step serving(CloudRunPrepareParameters r, String operation) {
        return new Step.Until(
                live(r.revision(), "", "", operation),
                r.within(),
                version(r.deployed()) + " at " + r.names().service(),
                LastingRefusal.ends(
                        "service " + r.names().service(),
                        seen -> judge(
                                seen,
                                r.deployed(),
                                TrafficSplit.all(r.revision()).text(),
                                Set.of())));
    }

    private static Subject live(String revision, String tag, String percent, String operation) {
        return new Subject(LIVE, revision + " " + tag + " " + percent + " " + operation);
    }

    static Step live(CloudRunActivateParameters m, String operation) {
        return new Step.Until(
                live(m.revision(), "", "", operation),
                m.within(),
                version(m.deployed()) + " at " + m.service(),
                LastingRefusal.ends("service " + m.service(), seen -> {
                    String found = seen.facts().getOrDefault(TRAFFIC, "");
                    return found.isEmpty()
                                    || PLANNED.equals(found)
                                    || CloudRunActivateOperation.states(m).contains(found)
                            ? judge(seen, m.deployed(), m.to().text(), Set.of())
                            : Verdict.fail(Expectation.superseded("the traffic of " + m.service() + " goes to "
                                    + TrafficSplit.parse(found).sentence()
                                    + " by now, which another deployment sent there"));
                }));
    }

    /**
     * Waits until the split is there, each answer comes from one of the two versions, and the candidate still answers
     * at its tag, where it also passes its tests.
     */
    static Step canary(CloudRunActivateParameters m, TrafficSplit share, String operation) {
        return new Step.Until(
                live(m.revision(), m.tag(), String.valueOf(share.shares().get(m.revision())), operation),
                m.within().plus(m.tests()),
                "good answers of " + m.service() + " at " + share.sentence(),
                LastingRefusal.ends("service " + m.service(), seen -> {
                    String tag = seen.facts().getOrDefault(TAG_VERSION, "");
                    if (!tag.isEmpty() && !tag.equals(m.deployed().version())) {
                        return Verdict.fail("version " + tag + " answers at tag " + m.tag() + ", not "
                                + m.deployed().version());
                    }
                    return CanaryVerdict.judge(seen.facts(), judge(seen, m.deployed(), share.text(), Set.of(m.old())));
                }));
    }

    /** Returns whether the subject belongs to a step of a canary. */
    static boolean isCanary(Subject subject) {
        return subject.kind().equals(LIVE) && !words(subject)[2].isEmpty();
    }

    /**
     * Returns the facts that {@link CloudRunStateReader} sees if the operation succeeds; in a plan, every question gets
     * its expected answer.
     */
    static Map<String, Map<String, String>> hoped(Deployed deployed, String expected) {
        Map<String, String> answers = Map.of(VERSIONS, deployed.version(), TRAFFIC, PLANNED, STATE, "ready");
        return Map.of(
                REVISION,
                answers,
                TAG,
                answers,
                LIVE,
                answers,
                LiveUnchangedCheck.ENVIRONMENT,
                LiveUnchangedCheck.hoped(expected));
    }

    private static String version(Deployed deployed) {
        return "version " + deployed.version();
    }

    /**
     * Judges an observation.
     *
     * @param traffic the required traffic split, "" where it does not matter
     * @param others versions that may answer too
     */
    private static Verdict judge(Observation seen, Deployed deployed, String traffic, Set<String> others) {
        Map<String, String> facts = seen.facts();
        String digest = facts.getOrDefault(DIGEST, deployed.digest());
        if (!digest.equals(deployed.digest())) {
            return Verdict.fail("revision " + deployed.revision() + " runs " + digest + ", not " + deployed.digest());
        }
        if ("failed".equals(facts.get(STATE))) {
            return Verdict.fail(
                    "revision " + deployed.revision() + " failed: " + facts.getOrDefault(REASON, "no reason given"));
        }
        if (facts.containsKey(LiveUnchangedCheck.ERROR)) {
            return Verdict.waitOn(facts.get(LiveUnchangedCheck.ERROR));
        }
        String found = facts.getOrDefault(TRAFFIC, "");
        if (!traffic.isEmpty() && !PLANNED.equals(found) && !traffic.equals(found)) {
            if (facts.containsKey(REFUSED)) {
                return Verdict.fail("the traffic cannot be changed: " + facts.get(REFUSED));
            }
            return Verdict.waitOn("the traffic goes to "
                    + (found.isEmpty() ? "nothing" : TrafficSplit.parse(found).sentence()));
        }
        List<String> versions = List.of(facts.getOrDefault(VERSIONS, "").split(" "));
        boolean known = !deployed.version().equals(UNKNOWN);
        String front = facts.getOrDefault(FRONT_VERSIONS, deployed.version());
        if (versions.stream().allMatch(v -> !known || v.equals(deployed.version()) || others.contains(v))) {
            return !known || front.equals(deployed.version())
                    ? Verdict.GO_ON
                    : Verdict.waitOn("live_url answers " + String.join(" and ", front.split(" ")) + ", not "
                            + deployed.version());
        }
        return Verdict.waitOn("GET /version answers " + String.join(" and ", versions) + ", not " + deployed.version());
    }

    /** In a plan: the traffic is as each step wants it. */
    static final String PLANNED = "as planned";
}
