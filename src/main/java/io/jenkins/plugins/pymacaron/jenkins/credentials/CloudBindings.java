package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import java.io.IOException;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;

/** Adds credentials of clouds, in variables of the pipeline's own that no test of a service gets. */
final class CloudBindings {
    private static final String GCP_KEY = "PYM_GCP_KEY";

    private final Bindings bindings;

    CloudBindings(Bindings bindings) {
        this.bindings = bindings;
    }

    /**
     * Adds an AWS credential; with a role, that of a session, which is made for each process anew and is valid for the
     * time that the credential names.
     */
    void aws(@CheckForNull String id) throws AbortException {
        if (id == null) {
            return;
        }
        StandardCredentials found = bindings.find(Messages.CloudBindings_aws(), id);
        if (!(found instanceof AmazonWebServicesCredentials account)) {
            throw new AbortException(Messages.CloudBindings_awsType(id));
        }
        AwsCredentials keys;
        try {
            keys = account.resolveCredentials();
        } catch (SdkException e) {
            throw new AbortException(Messages.CloudBindings_awsRefused(
                    id, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
        bindings.plain("PYM_AWS_ACCESS_KEY_ID", keys.accessKeyId());
        bindings.put("PYM_AWS_SECRET_ACCESS_KEY", keys.secretAccessKey());
        if (keys instanceof AwsSessionCredentials session) {
            bindings.put("PYM_AWS_SESSION_TOKEN", session.sessionToken());
        }
        bindings.used(found);
    }

    /**
     * Adds a Google credential, always a key: an access token would end after an hour, in the middle of a deployment.
     */
    void gcp(@CheckForNull String id) throws IOException {
        if (id == null) {
            return;
        }
        StandardCredentials found = bindings.find(Messages.CloudBindings_gcp(), id);
        if (GoogleServiceAccounts.isMachine(found)) {
            throw new AbortException(Messages.CloudBindings_gcpMachine(id));
        }
        if (GoogleServiceAccounts.hasKey(found)) {
            bindings.put(GCP_KEY, GoogleServiceAccounts.key(found));
        } else if (found instanceof FileCredentials file) {
            bindings.put(GCP_KEY, Bindings.content(file));
        } else {
            throw new AbortException(Messages.CloudBindings_gcpType(id));
        }
        bindings.used(found);
    }

    void kubeconfig(@CheckForNull String id) throws IOException {
        if (id == null) {
            return;
        }
        StandardCredentials found = bindings.find(Messages.CloudBindings_kubeconfig(), id);
        if (!(found instanceof FileCredentials file)) {
            throw new AbortException(Messages.CloudBindings_fileType(id, Messages.CloudBindings_kubeconfig()));
        }
        bindings.put("PYM_KUBECONFIG", Bindings.content(file));
        bindings.used(found);
    }
}
