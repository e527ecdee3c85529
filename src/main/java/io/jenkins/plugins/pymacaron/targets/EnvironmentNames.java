package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
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

/** Reads texts of {@link EnvironmentId}, and the names that an earlier version knew environments by. */
public final class EnvironmentNames {
    private static final String BEANSTALK = DeployTarget.BEANSTALK.id() + ":";
    private static final String DOCKER = DeployTarget.DOCKER.id() + ":";

    private EnvironmentNames() {}

    /**
     * What people see, such as {@code docker/hello@qa/live}, or {@code cloud-run/hello/live (us-east1)}.
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

    /** With all that it is told apart by, for a list that has two of one name. */
    public static String full(String id) {
        Map<String, String> parts = parts(id);
        parts.keySet().removeAll(Set.of("service", "slot", "env", "live", "region"));
        return parts.isEmpty() ? shown(id) : shown(id) + " " + parts;
    }

    /**
     * Whether both can be the same environment: an old name says neither which engine, account, project or region nor
     * which file it means, and so fits each of them; and an identity without its account or engine fits that of each.
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

    /**
     * Whether it is of an engine or account that is not known: nobody could be asked, or an earlier version did not ask.
     */
    public static boolean isVague(String id) {
        return !isOld(id) && !parts(id).keySet().containsAll(asked(id));
    }

    /** What no configuration says. */
    private static Set<String> asked(String id) {
        return id.startsWith(BEANSTALK)
                ? Set.of(EnvironmentId.ACCOUNT)
                : id.startsWith(DOCKER) ? Set.of(EnvironmentId.ENGINE) : Set.of();
    }

    /**
     * What is known under an old name, or without account or engine, belongs to the one environment that it can have meant.
     *
     * @param known all that there are
     * @return that one, if there is only one; otherwise what was given
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

    /** Under which of the keys something is known of an environment: its own, or one that it adopts. */
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

    /** Whether both say where they are, and it is not the same engine, account or region. */
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

    /** An earlier version took the region only from the configuration, too. */
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

    /** What an identity says, by its names, such as {@code region}; empty for an old name. */
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
