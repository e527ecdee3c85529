package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Base64;

/**
 * Reads service accounts of the plugin google-oauth-plugin, by the names of its public methods. A dependency on that
 * plugin, even an optional one, would put the Google libraries that it bundles before our newer ones: here, and on each
 * agent, which gets the libraries that are found here.
 */
final class GoogleServiceAccounts {
    private static final String ROBOT = "com.google.jenkins.plugins.credentials.oauth.GoogleRobot";

    private GoogleServiceAccounts() {}

    /** Returns whether a key belongs to it, in either of the two formats. */
    static boolean hasKey(Credentials credentials) {
        return credentials.getClass().getName().equals(ROBOT + "PrivateKeyCredentials");
    }

    /**
     * Returns whether it stands for the identity of the controller's own machine, which an agent elsewhere cannot have.
     */
    static boolean isMachine(Credentials credentials) {
        return credentials.getClass().getName().equals(ROBOT + "MetadataCredentials");
    }

    /**
     * Returns the key in Google's JSON form. The ids of key and account are left out; a signature does not need them.
     *
     * @param robot one that {@link #hasKey}
     * @throws AbortException with one line, if there is no key in it
     */
    @NonNull
    static String key(StandardCredentials robot) throws AbortException {
        try {
            Object account = call(robot, "getServiceAccountConfig");
            if (account != null
                    && call(account, "getAccountId") instanceof String email
                    && call(account, "getPrivateKey") instanceof PrivateKey key) {
                return JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "service_account")
                        .put("client_email", email)
                        .put("client_id", "")
                        .put("private_key_id", "")
                        .put("private_key", pem(key))
                        .toString();
            }
        } catch (ReflectiveOperationException e) {
            throw (AbortException)
                    new AbortException(Messages.GoogleServiceAccounts_otherVersion(robot.getId())).initCause(e);
        }
        throw new AbortException(Messages.GoogleServiceAccounts_noKey(robot.getId()));
    }

    private static Object call(Object of, String method) throws ReflectiveOperationException {
        return of.getClass().getMethod(method).invoke(of);
    }

    private static String pem(PrivateKey key) {
        byte[] newLine = "\n".getBytes(StandardCharsets.US_ASCII);
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, newLine).encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
