package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.jenkins.plugins.credentials.oauth.GoogleRobotMetadataCredentials;
import com.google.jenkins.plugins.credentials.oauth.GoogleRobotMetadataCredentialsModule;
import com.google.jenkins.plugins.credentials.oauth.GoogleRobotPrivateKeyCredentials;
import com.google.jenkins.plugins.credentials.oauth.JsonServiceAccountConfig;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Service accounts of google-oauth-plugin, as their forms make them. */
final class Robots {
    static final String EMAIL = "deployer@my-project.iam.gserviceaccount.com";

    private Robots() {}

    /** With a key of its own. */
    static StandardCredentials json(String id) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        String uploaded = JsonNodeFactory.instance
                .objectNode()
                .put("type", "service_account")
                .put("client_email", EMAIL)
                .put(
                        "private_key",
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder().encodeToString(key) + "\n-----END PRIVATE KEY-----\n")
                .toString();
        JsonServiceAccountConfig account = new JsonServiceAccountConfig();
        account.setFilename("key.json");
        account.setSecretJsonKey(SecretBytes.fromBytes(uploaded.getBytes(StandardCharsets.UTF_8)));
        return robot(id, account);
    }

    /** Nobody has uploaded a key yet. */
    static StandardCredentials empty(String id) throws Exception {
        return robot(id, new JsonServiceAccountConfig());
    }

    private static StandardCredentials robot(String id, JsonServiceAccountConfig account) throws Exception {
        return new GoogleRobotPrivateKeyCredentials(CredentialsScope.GLOBAL, id, "my-project", "", account, null);
    }

    /** Who the controller's machine is: no store of another machine takes it. */
    static StandardCredentials machine(String id) throws Exception {
        return new GoogleRobotMetadataCredentials(
                CredentialsScope.GLOBAL, id, "my-project", "", new GoogleRobotMetadataCredentialsModule());
    }
}
