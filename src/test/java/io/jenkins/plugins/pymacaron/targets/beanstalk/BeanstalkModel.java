package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Elastic Beanstalk in memory: as slow, as late to show what was done, and as strict as the real one. */
final class BeanstalkModel implements Effector, Observer.Reader {
    static final String CNAME = "hello-live.eu-west-1.elasticbeanstalk.com";

    private static final Instant NEVER = Instant.MAX;

    /** The fate of an environment. */
    enum Nature {
        GOOD,
        RED,
        /** Its launch does not end before it is aborted. */
        STUCK,
        FAILS_TO_LAUNCH,
        MUTE,
        ANOTHER_VERSION,
        /** Good at its own address, and not at the URL of users. */
        WRONG_WHEN_LIVE
    }

    /** An environment. */
    static final class Env {
        final String name;
        final String label;
        final Nature nature;
        String cname;
        Instant visible;
        Instant readyAt;
        /** Until then health is Red, though nothing is wrong. */
        Instant redUntil;

        boolean terminated;

        Env(String name, String label, Nature nature, String cname, Instant visible, Instant readyAt) {
            this.name = name;
            this.label = label;
            this.nature = nature;
            this.cname = cname;
            this.visible = visible;
            this.readyAt = readyAt;
            this.redUntil = readyAt;
        }
    }

    final Map<String, Env> envs = new TreeMap<>();
    final Set<String> versions = new TreeSet<>();
    final Map<String, Integer> created = new HashMap<>();

    /** Every owner that live has had. */
    final StringBuilder owners = new StringBuilder();

    private final VirtualTime time;
    private final Random random;
    private final Nature nature;
    private final String version;

    BeanstalkModel(VirtualTime time, long seed, Nature nature, String version) {
        this.time = time;
        this.random = new Random(seed);
        this.nature = nature;
        this.version = version;
    }

    /** Adds one that exists and is Ready. */
    Env add(String name, String cname) {
        Env env = new Env(name, "label-" + name, Nature.GOOD, cname, time.instant(), time.instant());
        envs.put(name, env);
        return env;
    }

    Optional<Env> owner() {
        return envs.values().stream()
                .filter(e -> !e.terminated && e.cname.equals(CNAME))
                .findFirst();
    }

    /** Returns whether it is live, and the swap that made it so is over. */
    boolean serves(String name) {
        return owner().filter(e -> e.name.equals(name) && ready(e)).isPresent();
    }

    boolean ready(Env env) {
        return !time.instant().isBefore(env.readyAt);
    }

    private Duration upTo(int seconds) {
        return Duration.ofMillis(random.nextInt(seconds * 1000));
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException {
        Map<String, String> args = effect.args();
        switch (effect.verb()) {
            case BeanstalkEffects.APPLICATION, BeanstalkEffects.UPLOAD -> {}
            case BeanstalkEffects.VERSION -> {
                if (!versions.add(args.get("label"))) {
                    throw EffectException.rejected("it exists");
                }
            }
            case BeanstalkEffects.FORGET -> versions.remove(args.get("label"));
            case BeanstalkEffects.CREATE -> create(args);
            case BeanstalkEffects.ADDRESS -> {
                return Map.of("endpoint", args.get("name") + ".elb");
            }
            case BeanstalkEffects.CLAIM -> {}
            case BeanstalkEffects.SERVES -> {
                if (!serves(args.get("to"))) {
                    throw EffectException.retry("Updating");
                }
            }
            case BeanstalkEffects.OWN -> own(args);
            case BeanstalkEffects.TERMINATE -> terminate(args);
            default -> throw new IllegalArgumentException(effect.verb());
        }
        return Map.of();
    }

    private void create(Map<String, String> args) throws EffectException {
        String name = args.get("name");
        String cname = args.get("prefix") + CNAME.substring(CNAME.indexOf('.'));
        boolean taken = envs.values().stream().anyMatch(e -> !e.terminated && e.cname.equals(cname));
        if (envs.containsKey(name) || taken || !versions.contains(args.get("label"))) {
            throw EffectException.rejected("InvalidParameterValue");
        }
        Instant now = time.instant();
        Instant launched = now.plus(Duration.ofMinutes(2)).plus(upTo(400));
        Env env = new Env(
                name, args.get("label"), nature, cname, now.plus(upTo(25)), nature == Nature.STUCK ? NEVER : launched);
        env.redUntil = nature == Nature.RED ? NEVER : launched.plus(upTo(120));
        envs.put(name, env);
        created.merge(name, 1, Integer::sum);
        note();
    }

    private void own(Map<String, String> args) throws EffectException {
        Env to = envs.get(args.get("to"));
        Env from = envs.get(args.get("from"));
        if (to == null || to.terminated) {
            throw EffectException.rejected("it is gone");
        }
        if (to.cname.equals(CNAME)) {
            return;
        }
        if (from == null || from.terminated || !from.cname.equals(CNAME)) {
            throw EffectException.rejected("somebody else changed live");
        }
        if (!ready(to) || !ready(from)) {
            throw EffectException.retry("Updating");
        }
        from.cname = to.cname;
        to.cname = CNAME;
        Instant until = time.instant().plus(Duration.ofSeconds(20)).plus(upTo(90));
        to.readyAt = until;
        to.redUntil = to.nature == Nature.RED ? NEVER : until.plus(upTo(120));
        from.readyAt = until;
        note();
    }

    private void terminate(Map<String, String> args) throws EffectException {
        Env env = envs.get(args.get("name"));
        if (visible(args.get("name")).isEmpty()) {
            if (time.instant().isBefore(Instant.parse(args.get("shown")))) {
                throw EffectException.retry("not listed yet");
            }
            return;
        }
        if (env.cname.equals(CNAME) && !Boolean.parseBoolean(args.get("even"))) {
            throw EffectException.rejected("it is live");
        }
        if (!ready(env)) {
            if (env.readyAt.equals(NEVER)) {
                env.readyAt = time.instant().plus(upTo(90));
            }
            throw EffectException.retry("Launching");
        }
        env.terminated = true;
        note();
    }

    private void note() {
        String owner = owner().map(e -> e.name).orElse("-");
        if (!owners.toString().endsWith(" " + owner)) {
            owners.append(' ').append(owner);
        }
    }

    @Override
    public Lookup find(Effect effect) {
        Map<String, String> args = effect.args();
        boolean there =
                switch (effect.verb()) {
                    case BeanstalkEffects.APPLICATION, BeanstalkEffects.UPLOAD -> true;
                    case BeanstalkEffects.VERSION -> versions.contains(args.get("label"));
                    case BeanstalkEffects.FORGET -> !versions.contains(args.get("label"));
                    case BeanstalkEffects.CREATE -> visible(args.get("name")).isPresent();
                    case BeanstalkEffects.ADDRESS -> false;
                    case BeanstalkEffects.CLAIM -> true;
                    case BeanstalkEffects.SERVES -> serves(args.get("to"));
                    case BeanstalkEffects.OWN ->
                        owner().filter(e -> e.name.equals(args.get("to"))).isPresent();
                    case BeanstalkEffects.TERMINATE ->
                        visible(args.get("name")).isEmpty()
                                && !time.instant().isBefore(Instant.parse(args.get("shown")));
                    default -> throw new IllegalArgumentException(effect.verb());
                };
        return there ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    private Optional<Env> visible(String name) {
        return Optional.ofNullable(envs.get(name))
                .filter(e -> !e.terminated && !time.instant().isBefore(e.visible));
    }

    @Override
    public Map<String, String> read(Subject s) {
        return switch (s.kind()) {
            case BeanstalkWaitConditions.VERSION ->
                Map.of(BeanstalkWaitConditions.STATUS, random.nextInt(3) == 0 ? "PROCESSED" : "PROCESSING");
            case "environment" ->
                owner().map(e -> Map.of("deployment", "deployment-" + e.name)).orElse(Map.of());
            case BeanstalkWaitConditions.CANDIDATE ->
                visible(s.id()).map(e -> seen(e, false)).orElse(Map.of("error", "not there"));
            case BeanstalkWaitConditions.LIVE -> {
                String name = s.id().substring(0, s.id().indexOf(' '));
                Map<String, String> facts =
                        new HashMap<>(visible(name).map(e -> seen(e, true)).orElse(Map.of()));
                facts.put(
                        BeanstalkWaitConditions.OWNER, owner().map(e -> e.name).orElse(""));
                yield facts;
            }
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    private Map<String, String> seen(Env e, boolean live) {
        Map<String, String> facts = new HashMap<>();
        facts.put(BeanstalkWaitConditions.LABEL, e.label);
        facts.put(BeanstalkWaitConditions.STATUS, ready(e) ? "Ready" : "Launching");
        boolean red = time.instant().isBefore(e.redUntil);
        facts.put(BeanstalkWaitConditions.HEALTH, !ready(e) ? "Grey" : red ? "Red" : "Green");
        if (ready(e) && red) {
            facts.put(
                    BeanstalkWaitConditions.RED_FOR,
                    Duration.between(e.readyAt, time.instant()).toString());
        }
        if (e.nature == Nature.FAILS_TO_LAUNCH && time.instant().isAfter(e.readyAt.minusSeconds(60))) {
            facts.put(BeanstalkWaitConditions.FAILED, "Failed to launch environment.");
        }
        if (live && e.nature == Nature.WRONG_WHEN_LIVE || e.nature == Nature.MUTE) {
            facts.put("error", "no answer");
        } else if (ready(e)) {
            facts.put("version", e.nature == Nature.ANOTHER_VERSION ? "v0" : version);
        }
        return facts;
    }
}
