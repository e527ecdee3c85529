package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The effects on a service. Each names the state to reach, so that applying one twice is the same as once. */
final class CloudRunEffects {
    static final String CREATE = "create";
    static final String DEPLOY = "deploy";
    static final String LOCATE = "locate";
    static final String OPEN = "open";
    static final String CLOSE = "close";
    static final String TRAFFIC = "traffic";
    static final String CLAIM = "claim";
    static final String SERVES = "serves";
    static final String TAG_IT = "tag";
    static final String UNTAG = "untag";
    static final String DELETE_REVISION = "delete-revision";
    static final String DELETE_SERVICE = "delete-service";

    static final String REVISION = "revision";
    static final String TAG = "tag";
    static final String SHARES = "shares";
    static final String CANARY = "canary";
    static final String FORGET = "forget";
    static final String AT_ONCE = "atOnce";

    /** In an effect of an undo on the access policy, which has no place for a mark: it counts only when it was written. */
    static final String WRITTEN = "written";

    /** In an effect that deletes a revision only if it has not served before. */
    static final String UNUSED = "unused";

    /**
     * In the result of a change: the long-running operation that tells why it failed, where the answer was not lost.
     */
    static final String OPERATION = "operation";

    /** In the result of {@link #LOCATE}. */
    static final String URL = "url";

    /**
     * The Admin API shows at once what was written: a service has one current state, identified by its etag. A request
     * whose answer was lost may be carried out later than this, so each undo of what serves changes that etag.
     */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    /**
     * A request that arrives later is refused without a fence too, since its access token has ended. A token is valid for an
     * hour by default, and for 12 hours if an organization allows that (IAM Service Account Credentials API,
     * GenerateAccessTokenRequest.lifetime). No document says for how long the service itself may keep a request.
     */
    static final Duration LATEST = Duration.ofHours(12);

    private CloudRunEffects() {}

    /**
     * Creates a service that does not exist yet. Its first revision gets all traffic: Cloud Run refuses anything else.
     */
    static Effect create(CloudRunPrepareParameters r) {
        return effect(
                CREATE + ":" + r.names().service(),
                CREATE,
                args(r),
                "create service " + r.names().service() + " in " + r.names().region() + " with revision "
                        + r.revision() + " from " + r.spec().image()
                        + ", which gets all traffic at once since there is no other");
    }

    /**
     * Deploys a revision of a service that exists; the traffic stays as it is unless
     * {@link CloudRunPrepareParameters#atOnce}.
     */
    static Effect deploy(CloudRunPrepareParameters r) {
        String traffic = r.atOnce()
                ? ", which gets all traffic" + r.spec().settings().changes(r.had())
                : ", without traffic, at the tag " + r.tag();
        return effect(
                DEPLOY + ":" + r.revision(),
                DEPLOY,
                args(r),
                "create revision " + r.revision() + " from " + r.spec().image() + traffic + r.changes());
    }

    private static Map<String, String> args(CloudRunPrepareParameters r) {
        Map<String, String> args = new HashMap<>(r.spec().toArgs());
        args.put(REVISION, r.revision());
        args.put(TAG, r.tag());
        args.put(AT_ONCE, Boolean.toString(r.atOnce()));
        return args;
    }

    /** Reads the URL of a revision, so that the journal knows it. */
    static Effect locate(String revision, String tag) {
        return effect(
                LOCATE + ":" + revision,
                LOCATE,
                Map.of(REVISION, revision, TAG, tag),
                "read the address of revision " + revision);
    }

    /** Lets everybody call the service. */
    static Effect open(String service) {
        return effect(OPEN, OPEN, Map.of(), "let everybody call " + service + " (allUsers get roles/run.invoker)");
    }

    /** Lets only authorised callers call the service. */
    static Effect close(String service) {
        return effect(CLOSE, CLOSE, Map.of(), "take the right to call " + service + " from allUsers");
    }

    /** Gives an existing revision a tag, and with it a URL. */
    static Effect tag(String revision, String tag) {
        return effect(
                TAG_IT + ":" + tag,
                TAG_IT,
                Map.of(REVISION, revision, TAG, tag),
                "give revision " + revision + " the tag " + tag);
    }

    /** Sends a part of the traffic to a revision that is tested. */
    static Effect canary(String service, TrafficSplit to, String revision) {
        return effect(
                TRAFFIC + ":" + to.text(),
                TRAFFIC,
                Map.of(SHARES, to.text(), CANARY, revision),
                "send the traffic of " + service + " to " + to.sentence());
    }

    /**
     * Sends all traffic to its final revision.
     *
     * @param settings the settings that the service gets with it
     * @param changes the differences in them, for the plan, as {@link ServiceSettings#changes}
     * @param forget a revision that no rollback may use, "" for none
     */
    static Effect traffic(
            String service,
            TrafficSplit to,
            TrafficSplit from,
            ServiceSettings settings,
            String changes,
            String forget) {
        String instead = from.shares().isEmpty() ? "" : " instead of " + from.sentence();
        Map<String, String> args = new HashMap<>(settings.toArgs());
        args.putAll(Map.of(SHARES, to.text(), CANARY, "", FORGET, forget));
        return effect(
                TRAFFIC + ":" + to.text(),
                TRAFFIC,
                args,
                "send the traffic of " + service + " to " + to.sentence() + instead + changes);
    }

    /**
     * Changes nothing and waits until the traffic goes where it was sent: Cloud Run accepts a change, and makes it
     * later.
     *
     * @param within the time limit
     */
    static Effect serves(String service, TrafficSplit to, Duration within) {
        return new Effect(
                SERVES + ":" + to.text(),
                SERVES,
                Map.of(SHARES, to.text()),
                SETTLE,
                within,
                "see that the traffic of " + service + " goes to " + to.sentence());
    }

    /**
     * Returns an effect that only leaves the mark, for a deployment that finds everything as it should be, so that an
     * older deployment notices it.
     */
    static Effect claim(String service, String revision) {
        return effect(
                CLAIM + ":" + service,
                CLAIM,
                Map.of(REVISION, revision),
                "note on service " + service + " that " + revision + " stays what serves");
    }

    static Effect untag(String tag) {
        return effect(UNTAG + ":" + tag, UNTAG, Map.of(TAG, tag), "remove tag " + tag);
    }

    /**
     * Returns the effect on the access policy for an undo: it writes even where nothing is left to undo, so that the
     * service refuses a request of the undone operation that is still on its way.
     */
    static Effect fencing(Effect effect, State state) {
        Map<String, String> args = new HashMap<>(effect.args());
        args.put(WRITTEN, "");
        return fenced(
                new Effect(effect.key(), effect.verb(), args, effect.settle(), effect.within(), effect.sentence()),
                state);
    }

    /** Returns an effect of an undo, which writes even where nothing is left to undo, with the time until it has to. */
    static Effect fenced(Effect effect, State state) {
        return effect.fencedUntil(state.latest().plus(LATEST));
    }

    /** Deletes a candidate, unless it has served since. */
    static Effect deleteCandidate(String revision) {
        Effect delete = deleteRevision(revision);
        Map<String, String> args = new HashMap<>(delete.args());
        args.put(UNUSED, "");
        return effect(delete.key(), delete.verb(), args, delete.sentence());
    }

    /** Deletes a revision, unless it has traffic or a tag by then. */
    static Effect deleteRevision(String revision) {
        return effect(
                DELETE_REVISION + ":" + revision,
                DELETE_REVISION,
                Map.of(REVISION, revision),
                "delete revision " + revision);
    }

    /** Deletes a service. @param madeBy the deployment that made it; a service of another one is left alone */
    static Effect deleteService(String service, String madeBy) {
        return effect(
                DELETE_SERVICE + ":" + service, DELETE_SERVICE, Map.of("madeBy", madeBy), "delete service " + service);
    }

    /** Returns the long-running operation that {@code effect} has begun; "" where it is not known. */
    static String operation(Effect effect, State state) {
        return state.result(effect.key())
                .map(result -> result.data().getOrDefault(OPERATION, ""))
                .orElse("");
    }

    private static Effect effect(String key, String verb, Map<String, String> args, String sentence) {
        return new Effect(key, verb, args, SETTLE, sentence);
    }
}
