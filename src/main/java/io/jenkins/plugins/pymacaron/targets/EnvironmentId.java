package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Identifies an environment by its place, so that two services, clusters, engines or configuration files of one name
 * are two environments. Two ids are equal if their texts are.
 *
 * @param target {@link io.jenkins.plugins.pymacaron.config.DeployTarget#id}
 * @param place the properties by which the target finds it, for instance {@code account} and {@code region}; without
 *     empty values
 * @param env the ENV of the file {@code pym-config.ENV.yaml}; empty for {@code pym-config.yaml}
 */
public record EnvironmentId(String target, Map<String, String> place, String service, Slot slot, String env) {
    /** The key of the id of the Docker Engine. */
    public static final String ENGINE = "engine";

    /** The key of the AWS account. */
    public static final String ACCOUNT = "account";

    public static final String REGION = "region";

    private static final int SHORT = 16;

    public EnvironmentId {
        Objects.requireNonNull(target);
        Objects.requireNonNull(service);
        Objects.requireNonNull(slot);
        Objects.requireNonNull(env);
        place = Map.copyOf(place);
    }

    /**
     * Returns the id of an environment.
     *
     * @param index 0, but for the second and later regions of live
     * @param where see {@link Environment}
     */
    static EnvironmentId of(Slot slot, int index, PymConfig config, Map<String, String> where) {
        Map<String, String> place = new TreeMap<>();
        switch (config.target()) {
            case DOCKER -> {
                place.put(ENGINE, where.getOrDefault(ENGINE, ""));
                // Addresses may change, so the place in the list distinguishes the live environments of one engine.
                place.put("live", index == 0 ? "" : Integer.toString(index + 1));
            }
            case BEANSTALK -> {
                // An application belongs to an account and a region; two live environments of one application differ in
                // their CNAME.
                String account = where.getOrDefault(ACCOUNT, "");
                place.put(ACCOUNT, account);
                place.put(
                        REGION,
                        where.getOrDefault(
                                REGION, config.find(AwsKeys.AWS_REGION).orElse("")));
                place.put("cname", config.find(AwsKeys.AWS_LIVE_CNAME).orElse(""));
                // This value stands for the account where the account is not known.
                place.put(
                        "profile",
                        account.isEmpty() ? config.find(AwsKeys.AWS_USER).orElse("") : "");
                place.put("application", config.find(AwsKeys.AWS_APPLICATION).orElse(config.name()));
            }
            case CLOUD_RUN -> {
                place.put("project", project(config));
                place.put(REGION, config.get(GoogleKeys.GCP_REGION));
            }
            case GKE -> {
                place.put("context", config.find(GoogleKeys.GKE_CONTEXT).orElse(""));
                if (config.find(GoogleKeys.GKE_CONTEXT).isEmpty()) {
                    place.put("project", project(config));
                    place.put(REGION, config.get(GoogleKeys.GCP_REGION));
                    place.put("cluster", config.find(GoogleKeys.GKE_CLUSTER).orElse(""));
                }
                place.put("namespace", config.find(GoogleKeys.GKE_NAMESPACE).orElse(config.name()));
            }
        }
        place.values().removeIf(String::isEmpty);
        return new EnvironmentId(
                config.target().id(),
                place,
                config.name(),
                slot,
                config.environment().orElse(""));
    }

    private static String project(PymConfig config) {
        return config.find(GoogleKeys.GCP_PROJECT)
                .orElseGet(() -> config.dockerRepo().replaceFirst("/.*", ""));
    }

    /**
     * Returns the same id without the engine. Labels on an engine need not name it, and stay valid when its id changes.
     */
    public EnvironmentId anywhere() {
        Map<String, String> rest = new TreeMap<>(place);
        rest.remove(ENGINE);
        rest.remove("live");
        return new EnvironmentId(target, rest, service, slot, env);
    }

    /**
     * Returns the id as text, for instance {@code cloud-run:env=qa;project=p;region=r;service=hello;slot=live}. The
     * text of an existing environment never changes.
     */
    public String text() {
        Map<String, String> parts = new TreeMap<>(place);
        parts.put("service", service);
        parts.put("slot", slot.id());
        if (!env.isEmpty()) {
            parts.put("env", env);
        }
        StringBuilder text = new StringBuilder();
        parts.forEach((name, value) -> text.append(text.isEmpty() ? "" : ";")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return target + ":" + text;
    }

    /** Returns the hash of {@link #text}, 16 hexadecimal digits, for names of files. */
    public String hash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, SHORT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text();
    }
}
