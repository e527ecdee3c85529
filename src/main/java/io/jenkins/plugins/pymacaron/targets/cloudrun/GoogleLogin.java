package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.util.Optional;

/** Makes a login to Artifact Registry from the credential that deploys: an access token, valid for an hour. */
public final class GoogleLogin {
    /** The user name that Artifact Registry expects with an access token ("Setting up authentication for Docker"). */
    private static final String USER = "oauth2accesstoken";

    private GoogleLogin() {}

    /**
     * Returns the login. It is empty where the registry is not Google's, or where neither key nor token is given: then
     * docker may have a login of its own.
     */
    public static Optional<RegistryLogin> of(PymConfig config, TargetContext surroundings) throws TargetException {
        boolean given = !surroundings.get(GoogleCredential.KEY).isBlank()
                || !surroundings.get(GoogleCredential.TOKEN).isBlank();
        if (!given || !ConfigurationChecks.isGoogles(config.registry())) {
            return Optional.empty();
        }
        return Optional.of(
                new RegistryLogin(USER, GoogleCredential.open(surroundings).accessToken()));
    }
}
