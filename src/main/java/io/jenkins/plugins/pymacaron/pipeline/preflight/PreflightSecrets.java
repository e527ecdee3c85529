package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.accept.Jwt;
import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.SecretRules;
import io.jenkins.plugins.pymacaron.config.Secrets;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the secrets of a run, and hides them. */
final class PreflightSecrets {
    private final RunRequest request;
    private final Map<String, String> inherited;
    private final RunProgress progress;
    private Set<String> names = Set.of();

    PreflightSecrets(RunRequest request, Map<String, String> inherited, RunProgress progress) {
        this.request = request;
        this.inherited = inherited;
        this.progress = progress;
    }

    /** Masks the values of these environment variables too. */
    void named(Collection<String> variables) {
        names = Set.copyOf(variables);
    }

    /** Returns a mask of all secrets, which the progress hides from now on too. */
    SecretMask mask(List<PymConfig> configs, Optional<String> token, Optional<RegistryLogin> login) {
        Set<String> values = values(configs);
        token.ifPresent(values::add);
        login.map(RegistryLogin::password).ifPresent(values::add);
        progress.hide(values);
        values.addAll(known());
        return new SecretMask(values);
    }

    /** Returns the secrets that the configurations name, as far as they are set. */
    Set<String> values(List<PymConfig> configs) {
        return configs.stream()
                .flatMap(config -> config.envSecrets().stream())
                .map(inherited::get)
                .filter(value -> value != null && !value.isEmpty())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Returns the secrets that are known without the configuration. */
    Set<String> known() {
        Set<String> values = new HashSet<>();
        names.stream()
                .map(inherited::get)
                .filter(value -> value != null && !value.isEmpty())
                .forEach(values::add);
        request.token().ifPresent(values::add);
        PipelineCredentials.secretsIn(inherited).forEach(values::add);
        return values;
    }

    /** Returns the values of the secrets that the configuration names. */
    Secrets of(PymConfig config) {
        try {
            return SecretRules.resolve(config, inherited);
        } catch (ConfigException e) {
            // The preflight reports it, among all the others.
            return Secrets.NONE;
        }
    }

    /** Returns the token that the acceptance tests use for a service with authentication. */
    static Optional<String> token(PymConfig config, Secrets secrets) {
        Optional<String> secret = config.jwtSecret().map(secrets::meaning).filter(s -> !s.isEmpty());
        if (secret.isEmpty()
                || config.jwtIssuer().isEmpty()
                || config.jwtAudience().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Jwt.token(
                secrets.meaning(config.jwtIssuer().get()),
                secrets.meaning(config.jwtAudience().get()),
                secrets.meaning(config.defaultUserId()),
                secret.get(),
                Instant.now(),
                config.jwtTokenTimeout()));
    }
}
