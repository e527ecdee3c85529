package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.CanaryVerdict;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.cloud.LateRequests;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * One Cloud Run service in memory, as late and as strict as the real one: a revision needs time until it is ready,
 * traffic follows later, and a revision with traffic or a tag cannot be deleted.
 */
final class RunWorld implements Effector, Observer.Reader, LateRequests {
    static final String OLD = "x-live-old";
    static final String NEW_VERSION = "v2";
    static final String OLD_VERSION = "v1";

    private static final Set<String> READS = Set.of(CloudRunEffects.LOCATE, CloudRunEffects.SERVES);

    enum Nature {
        GOOD,
        FAILS,
        MUTE,
        ANOTHER_VERSION
    }

    /** A revision; {@code age} counts the looks since it was made, and it is ready from the second one on. */
    static final class Rev {
        final Nature nature;
        int age;

        Rev(Nature nature, int age) {
            this.nature = nature;
            this.age = age;
        }

        boolean ready() {
            return nature != Nature.FAILS && age >= 2;
        }

        boolean answers() {
            return ready() && nature != Nature.MUTE;
        }
    }

    boolean exists;
    boolean open;
    String latest = "";
    String canary = "";
    TrafficSplit wanted = TrafficSplit.parse("");
    TrafficSplit served = TrafficSplit.parse("");
    final Map<String, Rev> revisions = new TreeMap<>();
    final Map<String, String> tags = new TreeMap<>();

    /** The mark of the operation that was the last to change what serves. */
    final AtomicReference<String> mark = new AtomicReference<>("");

    /** The number of times that each was really created. */
    final Map<String, Integer> created = new HashMap<>();

    /** The version that a user met and should not have met, "" if there was none. */
    String complaint = "";

    /** Whether steps of a canary are tested. */
    boolean tested;

    /** The step at which the tests fail, as a percentage; "" for none. */
    String failsAt = "";

    private int policies;
    private int looks;
    private final Nature next;

    /** @param next what is created behaves so */
    RunWorld(Nature next) {
        this.next = next;
    }

    /** Returns a world that serves the old version; another user has a tag on it. */
    RunWorld served() {
        exists = true;
        open = true;
        latest = OLD;
        revisions.put(OLD, new Rev(Nature.GOOD, 9));
        tags.put("theirs", OLD);
        wanted = TrafficSplit.all(OLD);
        served = wanted;
        return this;
    }

    /** Returns the etag: a fingerprint of the content, so that a write of the same content does not change it. */
    private String etag() {
        return String.join("|", exists + latest, wanted.text(), canary, tags.toString(), mark.get());
    }

    /** Each write of a policy gives it another etag, even a write of the same one. */
    private String precondition(Effect effect) {
        return switch (effect.verb()) {
            case CloudRunEffects.OPEN, CloudRunEffects.CLOSE -> Integer.toString(policies);
            case CloudRunEffects.CREATE, CloudRunEffects.DELETE_REVISION -> "none";
            default -> etag();
        };
    }

    @Override
    public BooleanSupplier send(Effect effect) {
        String sent = precondition(effect);
        return () -> {
            if (!sent.equals(precondition(effect)) || READS.contains(effect.verb())) {
                return false;
            }
            try {
                apply(effect);
                return true;
            } catch (EffectException e) {
                return false;
            }
        };
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException {
        Map<String, String> args = effect.args();
        String revision = args.get(CloudRunEffects.REVISION);
        if (!exists && !effect.verb().equals(CloudRunEffects.CREATE)) {
            if (effect.verb().startsWith("delete")) {
                return Map.of();
            }
            throw EffectException.rejected("no such service");
        }
        switch (effect.verb()) {
            case CloudRunEffects.CREATE -> {
                if (exists) {
                    throw EffectException.rejected("it exists already");
                }
                exists = true;
                make(revision);
                wanted = TrafficSplit.all(revision);
            }
            case CloudRunEffects.DEPLOY -> {
                if (revisions.containsKey(revision)) {
                    throw EffectException.rejected("revision " + revision + " exists already");
                }
                make(revision);
                if (Boolean.parseBoolean(args.get(CloudRunEffects.AT_ONCE))) {
                    wanted = TrafficSplit.all(revision);
                } else {
                    tags.put(args.get(CloudRunEffects.TAG), revision);
                }
            }
            case CloudRunEffects.LOCATE -> {
                return Map.of(CloudRunEffects.URL, "https://" + args.get(CloudRunEffects.TAG) + "x");
            }
            case CloudRunEffects.CLAIM -> {}
            case CloudRunEffects.SERVES -> {
                if (!serves(args)) {
                    throw EffectException.retry("the traffic goes to " + served.sentence());
                }
            }
            case CloudRunEffects.OPEN, CloudRunEffects.CLOSE -> {
                open = effect.verb().equals(CloudRunEffects.OPEN);
                policies++;
            }
            case CloudRunEffects.TRAFFIC -> {
                TrafficSplit to = TrafficSplit.parse(args.get(CloudRunEffects.SHARES));
                if (!revisions.keySet().containsAll(to.shares().keySet())) {
                    throw EffectException.rejected("no such revision");
                }
                wanted = to;
                canary = args.get(CloudRunEffects.CANARY);
                if (canary.isEmpty()) {
                    tags.keySet().removeIf(CloudRunNames::isOurTag);
                }
            }
            case CloudRunEffects.TAG_IT -> tags.put(args.get(CloudRunEffects.TAG), revision);
            case CloudRunEffects.UNTAG -> tags.remove(args.get(CloudRunEffects.TAG));
            case CloudRunEffects.DELETE_REVISION -> {
                if (revision.equals(latest) || wanted.has(revision)) {
                    return Map.of();
                }
                if (served.has(revision) || tags.containsValue(revision)) {
                    throw EffectException.rejected("revision " + revision + " is used");
                }
                revisions.remove(revision);
            }
            case CloudRunEffects.DELETE_SERVICE -> {
                exists = false;
                open = false;
                mark.set("");
                revisions.clear();
                tags.clear();
                wanted = TrafficSplit.parse("");
                served = wanted;
            }
            default -> throw new IllegalArgumentException(effect.verb());
        }
        return Map.of();
    }

    private boolean serves(Map<String, String> args) {
        goOn();
        return served.text().equals(args.get(CloudRunEffects.SHARES));
    }

    private void make(String revision) {
        created.merge(revision, 1, Integer::sum);
        revisions.put(revision, new Rev(next, 0));
        latest = revision;
    }

    @Override
    public Lookup find(Effect effect) {
        Map<String, String> args = effect.args();
        String revision = args.get(CloudRunEffects.REVISION);
        boolean found =
                switch (effect.verb()) {
                    case CloudRunEffects.CREATE -> exists && latest.equals(revision);
                    case CloudRunEffects.DEPLOY -> revisions.containsKey(revision);
                    case CloudRunEffects.LOCATE -> false;
                    case CloudRunEffects.CLAIM -> true;
                    case CloudRunEffects.SERVES -> serves(args);
                    case CloudRunEffects.OPEN -> open && !args.containsKey(CloudRunEffects.WRITTEN);
                    case CloudRunEffects.CLOSE -> !open && !args.containsKey(CloudRunEffects.WRITTEN);
                    case CloudRunEffects.TRAFFIC ->
                        wanted.text().equals(args.get(CloudRunEffects.SHARES))
                                && canary.equals(args.get(CloudRunEffects.CANARY));
                    case CloudRunEffects.TAG_IT -> revision.equals(tags.get(args.get(CloudRunEffects.TAG)));
                    case CloudRunEffects.UNTAG -> !tags.containsKey(args.get(CloudRunEffects.TAG));
                    case CloudRunEffects.DELETE_REVISION ->
                        !revisions.containsKey(revision) || revision.equals(latest) || wanted.has(revision);
                    case CloudRunEffects.DELETE_SERVICE -> !exists;
                    default -> throw new IllegalArgumentException(effect.verb());
                };
        return found ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    @Override
    public Map<String, String> read(Subject subject) {
        goOn();
        return look(subject);
    }

    /** Time passes: revisions start, and the traffic goes where it is wanted once all of it can be answered. */
    void goOn() {
        revisions.values().forEach(rev -> rev.age++);
        if (wanted.shares().keySet().stream()
                .allMatch(name ->
                        revisions.containsKey(name) && revisions.get(name).ready())) {
            served = wanted;
        }
        served.shares().keySet().stream()
                .filter(name ->
                        !revisions.containsKey(name) || !revisions.get(name).answers())
                .forEach(name -> complaint = name + " gets traffic and does not answer");
    }

    private Map<String, String> look(Subject subject) {
        String[] words = (subject.id() + " ").split(" ", -1);
        if (subject.kind().equals(LiveUnchangedCheck.ENVIRONMENT)) {
            return served.shares().keySet().stream()
                    .filter(name -> served.shares().size() == 1 || !name.equals(canary))
                    .findFirst()
                    .map(name -> Map.of(LiveUnchangedCheck.DEPLOYMENT, name))
                    .orElse(Map.of());
        }
        Rev rev = revisions.get(words[0]);
        Map<String, String> facts = new HashMap<>();
        facts.put(
                CloudRunWaitConditions.STATE,
                rev == null ? "pending" : rev.nature == Nature.FAILS ? "failed" : rev.ready() ? "ready" : "pending");
        if (subject.kind().equals(CloudRunWaitConditions.TAG)) {
            if (rev == null || !rev.answers() || !words[0].equals(tags.get(words[1]))) {
                facts.put(LiveUnchangedCheck.ERROR, "nobody answers");
            } else {
                facts.put(CloudRunWaitConditions.VERSIONS, version(words[0]));
            }
        } else if (subject.kind().equals(CloudRunWaitConditions.LIVE)) {
            facts.put(CloudRunWaitConditions.TRAFFIC, served.text());
            boolean silent = served.shares().isEmpty()
                    || served.shares().keySet().stream()
                            .anyMatch(name -> !revisions.get(name).answers());
            if (silent) {
                facts.put(LiveUnchangedCheck.ERROR, "nobody answers");
            } else {
                facts.put(
                        CloudRunWaitConditions.VERSIONS,
                        String.join(
                                " ",
                                served.shares().keySet().stream()
                                        .map(this::version)
                                        .toList()));
            }
        }
        if (tested && CloudRunWaitConditions.isCanary(subject)) {
            // They take their time, and are begun anew by a process that takes over.
            boolean running = looks++ % 3 != 2;
            facts.put(
                    CanaryVerdict.ACCEPTED,
                    running ? "" : words[2].equals(failsAt) ? "tests failed" : CanaryVerdict.PASSED);
        }
        return facts;
    }

    private String version(String revision) {
        Nature nature = revisions.get(revision).nature;
        return nature == Nature.ANOTHER_VERSION ? "another" : revision.equals(OLD) ? OLD_VERSION : NEW_VERSION;
    }
}
