package io.jenkins.plugins.pymacaron.jenkins.agent;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import jenkins.security.HMACConfidentialKey;

/** The key of deployment ids: one for all agents of this controller, so that they use the same names. */
final class DeploymentKey {
    static final String VARIABLE = "PYM_DEPLOYMENT_KEY";

    private static final HMACConfidentialKey SECRET = new HMACConfidentialKey(DeploymentKey.class, "deployment-ids");

    private DeploymentKey() {}

    static String hex() {
        return HexFormat.of().formatHex(SECRET.mac("deployment ids".getBytes(StandardCharsets.UTF_8)));
    }
}
