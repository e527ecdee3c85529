package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import jenkins.authentication.tokens.api.AuthenticationTokenException;
import jenkins.authentication.tokens.api.AuthenticationTokenSource;
import org.jenkinsci.plugins.docker.commons.credentials.DockerRegistryToken;

/** Credentials of another plugin that have no password, and become the login of a registry as those of a cloud do. */
public final class TokenCredentials extends BaseStandardCredentials {
    private static final long serialVersionUID = 1L;

    private final Secret password;

    public TokenCredentials(String id, String password) {
        super(CredentialsScope.GLOBAL, id, "");
        this.password = Secret.fromString(password);
    }

    /** Installs it for the present Jenkins. */
    static void install() {
        ExtensionList.lookup(AuthenticationTokenSource.class).add(new Source());
    }

    /** Has the form of amazon-ecr and others. */
    public static final class Source extends AuthenticationTokenSource<DockerRegistryToken, TokenCredentials> {
        public Source() {
            super(DockerRegistryToken.class, TokenCredentials.class);
        }

        @NonNull
        @Override
        public DockerRegistryToken convert(@NonNull TokenCredentials credential) throws AuthenticationTokenException {
            if (credential.password.getPlainText().isEmpty()) {
                throw new AuthenticationTokenException("the cloud gave no token");
            }
            String login = "AWS:" + credential.password.getPlainText();
            return new DockerRegistryToken(
                    "nobody@example.org", Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
