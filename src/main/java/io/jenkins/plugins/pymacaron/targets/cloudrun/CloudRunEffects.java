package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What can be done to a service. Each names the state to reach, so that doing it twice is once. */
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
    /** In the result of a change: the operation that tells why it came to nothing, where the answer was not lost. */
    static final String OPERATION = "operation";

    /** In the result of {@link #LOCATE}. */
    static final String URL = "url";

    /** Reads of the Admin API show what was written: a service has one current state, told apart by its etag. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private CloudRunEffects() {}

    /** A service that is not there yet. Its first revision gets all traffic: Cloud Run refuses anything else. */
    static Effect create(CloudRunPrepareParameters r) {
        return effect(
                CREATE + ":" + r.names().service(),
                CREATE,
                args(r),
                "create service " + r.names().service() + " in " + r.names().region() + " with revision "
                        + r.revision() + " from " + r.spec().image()
                        + ", which gets all traffic at once since there is no other");
    }

    /** A revision of a service that is there; the traffic stays as it is unless {@link CloudRunPrepareParameters#atOnce}. */
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

    /** Reads where a revision answers, so that the journal knows it. */
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

    /** Lets only those call the service who may. */
    static Effect close(String service) {
        return effect(CLOSE, CLOSE, Map.of(), "take the right to call " + service + " from allUsers");
    }

    /** Gives a revision that is there a tag, and with it a URL. */
    static Effect tag(String revision, String tag) {
        return effect(
                TAG_IT + ":" + tag,
                TAG_IT,
                Map.of(REVISION, revision, TAG, tag),
                "give revision " + revision + " the tag " + tag);
    }

    /** A part of the traffic for a revision that is being tried. */
    static Effect canary(String service, TrafficSplit to, String revision) {
        return effect(
                TRAFFIC + ":" + to.text(),
                TRAFFIC,
                Map.of(SHARES, to.text(), CANARY, revision),
                "send the traffic of " + service + " to " + to.sentence());
    }

    /**
     * All traffic to where it stays.
     *
     * @param settings what the service gets with it
     * @param changes what is different in them, for the plan, as {@link ServiceSettings#changes}
     * @param forget a revision that is not to be gone back to, "" for none
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
     * Changes nothing: the traffic goes where it was sent. Cloud Run takes a change, and makes it later.
     *
     * @param within how long that may take
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

    /** Nothing else, for a deployment that finds everything as it should be: who deployed before is to know of it. */
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

    static Effect deleteRevision(String revision) {
        return effect(
                DELETE_REVISION + ":" + revision,
                DELETE_REVISION,
                Map.of(REVISION, revision),
                "delete revision " + revision);
    }

    /** @param madeBy the deployment that made it; anybody else's is left alone */
    static Effect deleteService(String service, String madeBy) {
        return effect(
                DELETE_SERVICE + ":" + service, DELETE_SERVICE, Map.of("madeBy", madeBy), "delete service " + service);
    }

    /** The operation that {@code effect} has begun; "" where that is not known. */
    static String operation(Effect effect, State state) {
        return state.result(effect.key())
                .map(result -> result.data().getOrDefault(OPERATION, ""))
                .orElse("");
    }

    private static Effect effect(String key, String verb, Map<String, String> args, String sentence) {
        return new Effect(key, verb, args, SETTLE, sentence);
    }
}
