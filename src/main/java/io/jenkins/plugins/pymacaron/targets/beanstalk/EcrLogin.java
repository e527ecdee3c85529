package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a login to ECR from the AWS credential: user AWS, and a token for twelve hours. */
public final class EcrLogin {
    private static final Pattern REGISTRY =
            Pattern.compile("[0-9]{12}\\.dkr[.-]ecr(?:-fips)?\\.([a-z0-9-]+)\\.(?:amazonaws\\.com(?:\\.cn)?|on\\.aws)");

    private EcrLogin() {}

    static boolean isEcr(String registry) {
        return REGISTRY.matcher(registry).matches();
    }

    /** Returns the login; empty for any other registry. */
    public static Optional<RegistryLogin> of(PymConfig config, TargetContext surroundings)
            throws TargetException, InterruptedException {
        Matcher registry = REGISTRY.matcher(config.registry());
        if (!registry.matches()) {
            return Optional.empty();
        }
        try (BeanstalkClient aws = new BeanstalkClient(config, surroundings)) {
            String token = aws.calls().read("get a login to " + config.registry(), () -> aws.ecr(registry.group(1))
                    .getAuthorizationToken()
                    .authorizationData()
                    .get(0)
                    .authorizationToken());
            String both = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return Optional.of(new RegistryLogin(both.substring(0, colon), both.substring(colon + 1)));
        }
    }
}
