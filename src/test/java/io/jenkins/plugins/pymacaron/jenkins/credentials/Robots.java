package io.jenkins.plugins.pymacaron.jenkins.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.jenkins.plugins.credentials.oauth.GoogleRobotMetadataCredentials;
import com.google.jenkins.plugins.credentials.oauth.GoogleRobotMetadataCredentialsModule;
import com.google.jenkins.plugins.credentials.oauth.GoogleRobotPrivateKeyCredentials;
import com.google.jenkins.plugins.credentials.oauth.JsonServiceAccountConfig;
import com.google.jenkins.plugins.credentials.oauth.P12ServiceAccountConfig;
import com.google.jenkins.plugins.credentials.oauth.ServiceAccountConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Service accounts of google-oauth-plugin, as their forms make them. */
final class Robots {
    static final String EMAIL = "deployer@my-project.iam.gserviceaccount.com";

    private Robots() {}

    /** Returns an account with a key of its own. */
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

    /**
     * Returns an account with a key in the older of the two formats, which Google locks with the same words for all
     * users.
     */
    static StandardCredentials p12(String id, Path directory) throws Exception {
        Path file = directory.resolve(id + ".p12");
        String argv = "-genkeypair -alias privatekey -keyalg RSA -dname CN=deployer -storetype PKCS12"
                + " -storepass notasecret -keystore " + file;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(argv.split(" ")));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        assertThat(code).isZero();
        P12ServiceAccountConfig account = new P12ServiceAccountConfig(EMAIL);
        account.setFilename("key.p12");
        account.setSecretP12Key(SecretBytes.fromBytes(Files.readAllBytes(file)));
        return robot(id, account);
    }

    /** Returns an account without an uploaded key. */
    static StandardCredentials empty(String id) throws Exception {
        return robot(id, new JsonServiceAccountConfig());
    }

    private static StandardCredentials robot(String id, ServiceAccountConfig account) throws Exception {
        return new GoogleRobotPrivateKeyCredentials(CredentialsScope.GLOBAL, id, "my-project", "", account, null);
    }

    /** Returns the identity of the controller's machine: no store of another machine accepts it. */
    static StandardCredentials machine(String id) throws Exception {
        return new GoogleRobotMetadataCredentials(
                CredentialsScope.GLOBAL, id, "my-project", "", new GoogleRobotMetadataCredentialsModule());
    }
}
