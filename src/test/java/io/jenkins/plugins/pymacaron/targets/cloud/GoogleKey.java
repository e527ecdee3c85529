package io.jenkins.plugins.pymacaron.targets.cloud;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The key of the service accounts in play: one for all servers of a process, since a key takes a second to make. */
public final class GoogleKey {
    private static final KeyPair PAIR = make();

    private GoogleKey() {}

    private static KeyPair make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair pair() {
        return PAIR;
    }

    /** Returns the private key as the JSON key of an account has it. */
    public static String pem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(PAIR.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
