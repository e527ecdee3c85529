package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider;
import com.cloudbees.jenkins.plugins.awscredentials.AWSCredentialsImpl;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** Credentials of tests, in Jenkins and in folders. */
public final class Stores {
    private Stores() {}

    public static void add(StandardCredentials credentials) throws Exception {
        SystemCredentialsProvider.getInstance().getCredentials().add(credentials);
        SystemCredentialsProvider.getInstance().save();
    }

    public static void add(Folder folder, Credentials credentials) throws Exception {
        StreamSupport.stream(CredentialsProvider.lookupStores(folder).spliterator(), false)
                .filter(s -> s.getProvider() instanceof FolderCredentialsProvider && s.getContext() == folder)
                .findFirst()
                .orElseThrow()
                .addCredentials(Domain.global(), credentials);
    }

    public static StandardCredentials text(String id, String secret) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(secret));
    }

    public static StandardCredentials file(String id, byte[] content) {
        return new FileCredentialsImpl(CredentialsScope.GLOBAL, id, "", id + ".txt", SecretBytes.fromBytes(content));
    }

    public static StandardCredentials file(String id, String content) {
        return file(id, content.getBytes(StandardCharsets.UTF_8));
    }

    public static StandardCredentials aws(String id) {
        return aws(id, "AKIAEXAMPLE", "s");
    }

    public static StandardCredentials aws(String id, String key, String secret) {
        return new AWSCredentialsImpl(CredentialsScope.GLOBAL, id, key, secret, "");
    }

    public static StandardCredentials login(String id, String user, String password) {
        try {
            return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, "", user, password);
        } catch (hudson.model.Descriptor.FormException e) {
            throw new AssertionError(e);
        }
    }
}
