package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.cloud.LateRequests;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A namespace in memory: one Deployment, its ReplicaSets, and other objects by name. */
final class World implements Effector, Observer.Reader, LateRequests {
    /** The behaviour of a deployment once its pods are made. */
    enum Nature {
        GOOD,
        CRASHES,
        NEVER_READY,
        ANOTHER_VERSION,
        ANOTHER_DIGEST
    }

    private static final Set<String> READS = Set.of(GkeEffects.SERVES, GkeEffects.ENDED, GkeEffects.ADDRESS);

    final Map<String, String> objects = new TreeMap<>();
    final Set<String> sets = new TreeSet<>();
    String wanted = "";
    String serving = "";

    /** Whether there was a moment in which nothing served that had served before. */
    boolean gap;

    /** Returns the mark on the Deployment. */
    Supplier<String> mark = () -> "";

    private final Map<String, String> contents = new TreeMap<>();
    private final Map<String, String> versions = new TreeMap<>();
    private int version;
    private final InstantSource clock;
    private final Random random;
    private final Map<String, Nature> natures = new HashMap<>();
    private final double refused;
    private Instant since = Instant.MIN;

    /** Since when pods of what served before are ending; they answer for some seconds. */
    private Instant ending = Instant.MIN;

    /** Returns whether only {@link #serving} can answer. */
    boolean isAlone() {
        settle();
        return wanted.equals(serving) && ending.plusSeconds(20).isBefore(clock.instant());
    }

    /** @param refused how often a change is refused for good, from 0 to 1 */
    World(InstantSource clock, long seed, double refused) {
        this.clock = clock;
        this.random = new Random(seed);
        this.refused = refused;
    }

    void nature(String deployment, Nature nature) {
        natures.put(deployment, nature);
    }

    /** Makes it serve already. */
    void serves(String deployment) {
        sets.add(deployment);
        wanted = deployment;
        serving = deployment;
    }

    private static String key(GkeEffects act) {
        return act.kind().title() + "/" + act.name();
    }

    /** Gives each object that has changed a new version; a write of the same content is no change. */
    private void track() {
        Map<String, String> now = new TreeMap<>(objects);
        now.put("Deployment", wanted.isEmpty() ? "" : wanted + mark.get());
        sets.forEach(set -> now.put("set " + set, Boolean.toString(wanted.equals(set))));
        Set<String> all = new TreeSet<>(now.keySet());
        all.addAll(contents.keySet());
        for (String name : all) {
            String content = now.getOrDefault(name, "");
            if (!content.equals(contents.put(name, content))) {
                versions.put(name, content.isEmpty() ? "" : Integer.toString(++version));
            }
        }
    }

    /** Returns the version of an object; "" where there is none. */
    private String version(GkeEffects act) {
        track();
        String name = act.kind() == Kind.DEPLOYMENT
                ? "Deployment"
                : act.kind() == Kind.REPLICA_SET ? "set " + act.deployment() : key(act);
        return versions.getOrDefault(name, "");
    }

    @Override
    public BooleanSupplier send(Effect effect) {
        GkeEffects act = GkeEffects.of(effect);
        String sent = version(act);
        boolean nothing =
                READS.contains(act.verb()) || sent.isEmpty() && !act.verb().equals(GkeEffects.APPLY);
        return () -> {
            if (nothing || !sent.isEmpty() && !sent.equals(version(act))) {
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
        track();
        Map<String, String> result = applied(effect);
        track();
        return result;
    }

    private Map<String, String> applied(Effect effect) throws EffectException {
        settle();
        GkeEffects act = GkeEffects.of(effect);
        boolean forward = act.verb().equals(GkeEffects.APPLY) && !act.sentence().startsWith("restore");
        if (forward && random.nextDouble() < refused) {
            throw EffectException.rejected("forbidden");
        }
        switch (act.verb()) {
            case GkeEffects.APPLY -> {
                objects.put(key(act), JsonTree.hash(act.manifest().orElseThrow()));
                if (act.kind() == Kind.DEPLOYMENT) {
                    roll(JsonTree.at(
                            act.manifest().orElseThrow(),
                            "spec",
                            "template",
                            "metadata",
                            "labels",
                            GkeMetadata.DEPLOYMENT));
                }
            }
            case GkeEffects.DELETE -> {
                objects.remove(key(act));
                if (act.kind() == Kind.DEPLOYMENT) {
                    ending = serving.isEmpty() ? ending : clock.instant();
                    wanted = "";
                    serving = "";
                    sets.clear();
                }
            }
            case GkeEffects.TEMPLATE -> {
                if (!sets.contains(act.deployment())) {
                    throw EffectException.rejected("gone");
                }
                roll(act.deployment());
            }
            case GkeEffects.SERVES -> {
                if (!servesAlone(act.deployment())) {
                    throw EffectException.retry("the other one still answers");
                }
            }
            case GkeEffects.ENDED -> {
                if (!isAlone()) {
                    throw EffectException.retry("a pod still answers");
                }
            }
            case GkeEffects.FORGET -> {
                if (wanted.equals(act.deployment())) {
                    throw EffectException.rejected("still used");
                }
                if (serving.equals(act.deployment())) {
                    throw EffectException.retry("its pods are still needed");
                }
                sets.remove(act.deployment());
            }
            default -> throw new IllegalArgumentException(act.verb());
        }
        return Map.of();
    }

    private void roll(String deployment) {
        sets.add(deployment);
        if (!wanted.equals(deployment)) {
            wanted = deployment;
            since = clock.instant();
        }
    }

    private boolean servesAlone(String deployment) {
        return isAlone() && serving.equals(deployment);
    }

    /** Pods are ready half a minute after the template was taken; the old ones serve until then. */
    void settle() {
        Nature nature = natures.getOrDefault(wanted, Nature.GOOD);
        boolean comes = nature != Nature.CRASHES && nature != Nature.NEVER_READY;
        if (!wanted.isEmpty() && comes && since.plusSeconds(30).isBefore(clock.instant())) {
            if (!serving.isEmpty() && !serving.equals(wanted)) {
                ending = clock.instant();
            }
            serving = wanted;
        }
        gap |= serving.isEmpty();
    }

    @Override
    public Lookup find(Effect effect) {
        settle();
        GkeEffects act = GkeEffects.of(effect);
        boolean there =
                switch (act.verb()) {
                    case GkeEffects.APPLY ->
                        JsonTree.hash(act.manifest().orElseThrow()).equals(objects.get(key(act)));
                    case GkeEffects.DELETE -> !objects.containsKey(key(act));
                    case GkeEffects.TEMPLATE -> wanted.equals(act.deployment());
                    case GkeEffects.SERVES -> servesAlone(act.deployment());
                    case GkeEffects.ENDED -> isAlone();
                    case GkeEffects.FORGET -> !sets.contains(act.deployment());
                    default -> throw new IllegalArgumentException(act.verb());
                };
        return there ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    @Override
    public Map<String, String> read(Subject subject) {
        settle();
        return facts(subject);
    }

    private Map<String, String> facts(Subject subject) {
        if (subject.kind().equals(LiveUnchangedCheck.ENVIRONMENT)) {
            return serving.isEmpty() ? Map.of() : Map.of(LiveUnchangedCheck.DEPLOYMENT, serving);
        }
        String id = GkeWaitConditions.read(subject.id()).id();
        Nature nature = natures.getOrDefault(id, Nature.GOOD);
        if (!wanted.equals(id)) {
            return Map.of(GkeDeployOperation.FAILED, "was changed by somebody else");
        }
        if (nature == Nature.CRASHES) {
            return Map.of(GkeDeployOperation.FAILED, "has a pod that ended");
        }
        if (!serving.equals(id)) {
            return Map.of(GkeDeployOperation.PROGRESS, "0 of 1");
        }
        return Map.of(
                GkeDeployOperation.VERSION,
                nature == Nature.ANOTHER_VERSION ? "another" : "version of " + id,
                GkeDeployOperation.DIGEST,
                nature == Nature.ANOTHER_DIGEST ? "another" : "digest of " + id);
    }
}
