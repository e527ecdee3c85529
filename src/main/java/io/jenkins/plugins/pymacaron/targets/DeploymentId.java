package io.jenkins.plugins.pymacaron.targets;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names a deployment: the version and a short hash of everything else that distinguishes it: its configuration, digest
 * and secrets. So a redeployment of a version with another secret is a deployment of its own.
 *
 * <p>Many people can read the names and labels that contain the hash. The hash is keyed with a key that never leaves
 * its owner, and cut to 32 bits, so that it cannot be used to test guesses of the secrets.
 */
public final class DeploymentId {
    private static final int HEX_DIGITS = 8;

    private DeploymentId() {}

    /**
     * Returns the id.
     *
     * @param key at least 16 random bytes
     * @param settings the canonical text of the configuration of the slot
     * @param variables the environment variables of the container, secrets included
     */
    public static String of(String version, String digest, String settings, Map<String, String> variables, byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException("a key of at least 16 bytes, not " + key.length);
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            add(mac, digest);
            add(mac, settings);
            new TreeMap<>(variables).forEach((name, value) -> {
                add(mac, name);
                add(mac, value);
            });
            String hash = HexFormat.of().formatHex(mac.doFinal());
            return version + "-" + hash.substring(0, HEX_DIGITS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Adds the length first, so that no two lists of parts give the same bytes. */
    private static void add(Mac mac, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        mac.update(bytes);
    }
}
