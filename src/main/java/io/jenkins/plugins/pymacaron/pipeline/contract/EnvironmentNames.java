package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.targets.EnvironmentId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the texts of {@link EnvironmentId}, and the names by which an earlier version knew environments. */
public final class EnvironmentNames {
    private static final String BEANSTALK = DeployTarget.BEANSTALK.id() + ":";
    private static final String DOCKER = DeployTarget.DOCKER.id() + ":";

    private EnvironmentNames() {}

    /**
     * Returns the name that people see, such as {@code docker/hello@qa/live}, or
     * {@code cloud-run/hello/live (us-east1)}.
     *
     * @param id an identity, or an old name, which is shown as it is
     */
    public static String shown(String id) {
        Map<String, String> parts = parts(id);
        if (parts.isEmpty()) {
            return id;
        }
        String env = parts.containsKey("env") ? "@" + parts.get("env") : "";
        String region = parts.containsKey("region") ? " (" + parts.get("region") + ")" : "";
        return named(id, parts, env) + region;
    }

    /** Returns the name with all its distinguishing properties, for a list that has two environments of one name. */
    public static String full(String id) {
        Map<String, String> parts = parts(id);
        parts.keySet().removeAll(Set.of("service", "slot", "env", "live", "region"));
        return parts.isEmpty() ? shown(id) : shown(id) + " " + parts;
    }

    /**
     * Returns whether both can be the same environment. An old name does not contain the engine, account, project,
     * region or file, so it matches all of them. An identity without its account or engine matches every account or
     * engine.
     */
    public static boolean isSame(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        if (isOld(one) != isOld(other)) {
            return isOld(one) ? fits(one, other) : fits(other, one);
        }
        return isVague(one) != isVague(other) && (isVague(one) ? isWithout(one, other) : isWithout(other, one));
    }

    /** Returns whether the engine or account is not known: it did not answer, or an earlier version did not ask. */
    public static boolean isVague(String id) {
        return !isOld(id) && !parts(id).keySet().containsAll(asked(id));
    }

    /** Returns the keys that no configuration contains. */
    private static Set<String> asked(String id) {
        return id.startsWith(BEANSTALK)
                ? Set.of(EnvironmentId.ACCOUNT)
                : id.startsWith(DOCKER) ? Set.of(EnvironmentId.ENGINE) : Set.of();
    }

    /**
     * Returns the id under which to keep an entry. An entry under an old name, or without account or engine, belongs to
     * the one environment that it can mean.
     *
     * @param known all known ids
     * @return the matching id, if there is only one; otherwise the given id
     */
    public static String adopted(String id, Collection<String> known) {
        List<String> fitting = known.stream()
                .filter(other -> knows(other) > knows(id) && isSame(id, other))
                .distinct()
                .toList();
        int most = fitting.stream().mapToInt(EnvironmentNames::knows).max().orElse(0);
        List<String> best =
                fitting.stream().filter(other -> knows(other) == most).toList();
        return best.size() == 1 ? best.get(0) : id;
    }

    /** Returns the key under which something is known of an environment: its own key, or one that it adopts. */
    public static Optional<String> find(String environment, Collection<String> keys) {
        if (keys.contains(environment)) {
            return Optional.of(environment);
        }
        List<String> all = new ArrayList<>(keys);
        all.add(environment);
        return keys.stream()
                .filter(key -> adopted(key, all).equals(environment)
                        || adopted(environment, keys).equals(key))
                .findFirst();
    }

    /** Returns whether both ids contain their place, and differ in engine, account or region. */
    public static boolean isElsewhere(String one, String other) {
        Map<String, String> mine = parts(one);
        Map<String, String> others = parts(other);
        return Stream.of(EnvironmentId.ENGINE, EnvironmentId.ACCOUNT, EnvironmentId.REGION)
                .anyMatch(part -> mine.containsKey(part)
                        && others.containsKey(part)
                        && !mine.get(part).equals(others.get(part)));
    }

    private static int knows(String id) {
        return isOld(id) ? 0 : isVague(id) ? 1 : 2;
    }

    /**
     * Returns whether the vague id is the whole one without the parts that no configuration contains. An earlier
     * version took the region from the configuration only.
     */
    private static boolean isWithout(String vague, String whole) {
        Map<String, String> less = parts(vague);
        less.remove("profile");
        Map<String, String> more = parts(whole);
        more.keySet().removeAll(asked(whole));
        if (!less.containsKey(EnvironmentId.REGION)) {
            more.remove(EnvironmentId.REGION);
        }
        return target(vague).equals(target(whole)) && less.equals(more);
    }

    private static boolean fits(String old, String id) {
        Map<String, String> parts = parts(id);
        String name = named(id, parts, "");
        boolean region = !parts.containsKey("engine")
                && old.startsWith(name)
                && old.substring(name.length()).matches("-\\d+");
        return old.equals(name) || region;
    }

    private static String target(String id) {
        return id.substring(0, id.indexOf(':'));
    }

    private static boolean isOld(String id) {
        return id.indexOf(':') < 0;
    }

    private static String named(String id, Map<String, String> parts, String env) {
        String live = parts.containsKey("live") ? "-" + parts.get("live") : "";
        return target(id) + "/" + parts.getOrDefault("service", "") + env + "/" + parts.getOrDefault("slot", "") + live;
    }

    /** Returns the parts of an identity by their names, such as {@code region}; empty for an old name. */
    public static Map<String, String> parts(String id) {
        Map<String, String> parts = new TreeMap<>();
        if (!isOld(id)) {
            for (String part : id.substring(id.indexOf(':') + 1).split(";")) {
                int is = part.indexOf('=');
                if (is > 0) {
                    parts.put(part.substring(0, is), decoded(part.substring(is + 1)));
                }
            }
        }
        return parts;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
