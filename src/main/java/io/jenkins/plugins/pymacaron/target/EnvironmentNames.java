package io.jenkins.plugins.pymacaron.target;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads texts of {@link EnvironmentId}, and the names that an earlier version knew environments by. */
public final class EnvironmentNames {
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
     * Whether both can be the same environment: an old name says neither which engine, project or region nor which file
     * it means, and so fits each of them.
     */
    public static boolean isSame(String one, String other) {
        return one.equals(other) || isOld(one) != isOld(other) && (isOld(one) ? fits(one, other) : fits(other, one));
    }

    private static boolean fits(String old, String id) {
        Map<String, String> parts = parts(id);
        String name = named(id, parts, "");
        boolean region = !parts.containsKey("engine")
                && old.startsWith(name)
                && old.substring(name.length()).matches("-\\d+");
        return old.equals(name) || region;
    }

    private static boolean isOld(String id) {
        return id.indexOf(':') < 0;
    }

    private static String named(String id, Map<String, String> parts, String env) {
        String live = parts.containsKey("live") ? "-" + parts.get("live") : "";
        return id.substring(0, id.indexOf(':')) + "/" + parts.getOrDefault("service", "") + env + "/"
                + parts.getOrDefault("slot", "") + live;
    }

    /** Empty for an old name. */
    private static Map<String, String> parts(String id) {
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
