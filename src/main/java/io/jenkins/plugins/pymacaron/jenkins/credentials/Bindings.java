package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import jenkins.authentication.tokens.api.AuthenticationTokens;
import org.jenkinsci.plugins.docker.commons.credentials.DockerRegistryToken;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * Looks up credentials for one process of one build, in the build's own context: credentials of its folder are found,
 * those of other folders are not, and each use is recorded.
 */
public final class Bindings {
    /** Linux accepts no longer variable. */
    private static final int MAX_FILE = 128 << 10;

    private final Run<?, ?> run;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Set<String> secretNames = new LinkedHashSet<>();

    private Bindings(Run<?, ?> run) {
        this.run = run;
    }

    /**
     * Looks up all credentials.
     *
     * @param secrets ids of credentials by the names of the variables that get them
     * @param wanted names of variables that the service needs: one without an id gets the credential of its own name,
     *     if there is one. The caller has checked that the authors of the names may ask for credentials
     * @throws AbortException with one line, for a credential that is missing or of an unsupported type
     */
    @NonNull
    public static BoundSecrets resolve(
            @NonNull Run<?, ?> run,
            @NonNull CredentialIds ids,
            @NonNull Map<String, String> secrets,
            @NonNull Collection<String> wanted,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        Bindings bindings = new Bindings(run);
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            if (!SecretBinding.isName(secret.getKey())) {
                throw new AbortException(Messages.SecretBinding_noName(secret.getKey()));
            }
            bindings.bind(secret.getKey(), bindings.find(secret.getKey(), secret.getValue()));
        }
        for (String name : wanted) {
            if (SecretBinding.isName(name) && !bindings.environment.containsKey(name)) {
                StandardCredentials found =
                        CredentialsProvider.findCredentialById(name, StandardCredentials.class, run);
                if (found != null) {
                    bindings.bind(name, found);
                }
            }
        }
        String docker = ids.getDocker();
        if (docker != null) {
            bindings.login(docker);
        }
        CloudBindings clouds = new CloudBindings(bindings);
        clouds.aws(ids.getAws());
        clouds.gcp(ids.getGcp());
        clouds.kubeconfig(ids.getKubeconfig());
        return new BoundSecrets(bindings.environment, bindings.secretNames);
    }

    /** Looks up a credential. @param use its purpose, in the words of the message */
    StandardCredentials find(String use, String id) throws AbortException {
        StandardCredentials found = CredentialsProvider.findCredentialById(id, StandardCredentials.class, run);
        if (found == null) {
            throw new AbortException(
                    Messages.Bindings_missing(id, use, run.getParent().getFullName()));
        }
        return found;
    }

    private void bind(String name, StandardCredentials found) throws IOException {
        if (found instanceof StringCredentials text) {
            put(name, text.getSecret().getPlainText());
        } else if (found instanceof FileCredentials file) {
            put(name, content(file));
        } else if (found instanceof StandardUsernamePasswordCredentials login) {
            environment.put(name + "_USR", login.getUsername());
            put(name + "_PSW", login.getPassword().getPlainText());
        } else {
            throw new AbortException(Messages.Bindings_secretType(found.getId(), name));
        }
        used(found);
    }

    /** Adds a variable that is no secret. */
    void plain(String name, String value) {
        environment.put(name, value);
    }

    void used(StandardCredentials found) {
        CredentialsProvider.track(run, found);
    }

    void put(String name, String value) {
        environment.put(name, value);
        secretNames.add(name);
    }

    /**
     * Returns the content as text. Variables contain text: bytes that are no UTF-8 would arrive changed, and a zero
     * byte would not arrive at all.
     */
    static String content(FileCredentials file) throws IOException {
        byte[] bytes;
        try (InputStream in = file.getContent()) {
            bytes = in.readNBytes(MAX_FILE + 1);
        }
        if (bytes.length > MAX_FILE) {
            throw new AbortException(Messages.Bindings_fileSize(file.getId(), MAX_FILE >> 10));
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf(0) < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // The exception below says it.
        }
        throw new AbortException(Messages.Bindings_fileText(file.getId()));
    }

    /** Adds a login by docker-commons' tokens, which other plugins make of other types, such as those of amazon-ecr. */
    private void login(String id) throws IOException, InterruptedException {
        StandardCredentials found = find(Messages.Bindings_registry(), id);
        DockerRegistryToken token = AuthenticationTokens.convert(DockerRegistryToken.class, found);
        String[] login = token == null
                ? new String[0]
                : new String(Base64.getDecoder().decode(token.getToken()), StandardCharsets.UTF_8).split(":", 2);
        if (login.length != 2) {
            throw new AbortException(Messages.Bindings_registryType(id));
        }
        environment.put("PYM_REGISTRY_USER", login[0]);
        put("PYM_REGISTRY_PASSWORD", login[1]);
        CredentialsProvider.track(run, found);
    }
}
