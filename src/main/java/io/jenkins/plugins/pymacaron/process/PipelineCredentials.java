package io.jenkins.plugins.pymacaron.process;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The variables by which the pipeline itself gets credentials: of the image registry, of clouds, of clusters. No
 * program needs them: docker, git and the clouds' libraries get them in other ways. So {@link Processes} gives them to
 * no program.
 */
public final class PipelineCredentials {
    /** The variables that are read. */
    public static final Set<String> WITHHELD = Set.of(
            "PYM_REGISTRY_USER",
            "PYM_REGISTRY_PASSWORD",
            "PYM_X_AUTH",
            "PYM_DEPLOYMENT_KEY",
            "PYM_AWS_ACCESS_KEY_ID",
            "PYM_AWS_SECRET_ACCESS_KEY",
            "PYM_AWS_SESSION_TOKEN",
            "PYM_GCP_KEY",
            "PYM_GCP_TOKEN",
            "PYM_KUBECONFIG");

    /**
     * The variables that AWS's own tools read (docs.aws.amazon.com/cli, "Environment variables"), where the pipeline
     * deploys with them. Helpers of docker and git may need them, code of the repository does not.
     */
    public static final Set<String> AWS = Set.of(
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN");

    /**
     * Their families, so that a variable of a later version is withheld before anything reads it. As an expression that
     * Java and POSIX (extended) read the same.
     */
    public static final String FAMILIES =
            "PYM_(REGISTRY|DEPLOYMENT|AWS|GCP|GKE)_[A-Z0-9_]+|PYM_(KUBECONFIG|X_AUTH)(_[A-Z0-9_]*)?";

    private static final Pattern OWN = Pattern.compile(FAMILIES);

    private static final Set<String> SECRET = Set.of(
            "PYM_REGISTRY_PASSWORD",
            "PYM_X_AUTH",
            "PYM_DEPLOYMENT_KEY",
            "PYM_AWS_SECRET_ACCESS_KEY",
            "PYM_AWS_SESSION_TOKEN",
            "PYM_GCP_KEY",
            "PYM_GCP_TOKEN",
            "PYM_KUBECONFIG",
            // These are AWS's own variables of the shell, which a service's tests may need too.
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN");

    /**
     * The fields with the secrets of a kubeconfig (k8s.io/client-go, tools/clientcmd/api/v1, AuthInfo) and of the JSON
     * of Google's credentials.
     */
    private static final Pattern FIELDS = Pattern.compile(
            "\"?\\b(?:token|password|client-key-data|id-token|access-token|refresh-token|refresh_token|client_secret)\"?"
                    + "\\s*:\\s*[\"']?([^\\s\"',}]{3,})");

    private PipelineCredentials() {}

    /** Returns whether a variable of that name is the pipeline's own and reaches no other program and no service. */
    public static boolean isOwn(String name) {
        return OWN.matcher(name).matches();
    }

    /** Returns the texts to hide: the values, and the secrets within those values that are files. */
    public static Stream<String> secretsIn(Map<String, String> environment) {
        return SECRET.stream()
                .map(environment::get)
                .filter(value -> value != null && !value.isEmpty())
                .flatMap(value -> Stream.concat(Stream.of(value), secretsWithin(value)));
    }

    /** Returns the texts to hide of a kubeconfig, or of the JSON of a Google credential. @param file its content */
    public static Stream<String> secretsWithin(String file) {
        return FIELDS.matcher(file).results().map(found -> found.group(1)).flatMap(value -> {
            // A cluster, or a library, may print the decoded text of a key's base64.
            try {
                return Stream.of(value, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Stream.of(value);
            }
        });
    }
}
