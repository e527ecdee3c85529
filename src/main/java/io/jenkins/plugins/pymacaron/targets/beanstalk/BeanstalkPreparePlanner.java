package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Settles, before anything happens, which environment a candidate gets, or which one it has already. */
final class BeanstalkPreparePlanner {
    /** The time that remains for the stage to explain why an environment is not there in time. */
    private static final Duration TO_EXPLAIN = Duration.ofSeconds(30);

    private final Environment environment;
    private final PymConfig config;
    private final String application;
    private final BeanstalkClient aws;
    private final Environments environments;
    private final ApplicationVersions versions;
    private final CnameOwners live;
    private final EventLog events;

    BeanstalkPreparePlanner(
            Environment environment,
            String application,
            BeanstalkClient aws,
            Environments environments,
            ApplicationVersions versions,
            CnameOwners live,
            EventLog events) {
        this.environment = environment;
        this.config = environment.config();
        this.application = application;
        this.aws = aws;
        this.environments = environments;
        this.versions = versions;
        this.live = live;
        this.events = events;
    }

    BeanstalkPrepareParameters of(Candidate candidate, String scheme) throws TargetException, InterruptedException {
        List<String> refusals = EnvironmentProperties.refusals(config.get(AwsKeys.AWS_BUNDLE), environment.variables());
        if (!refusals.isEmpty()) {
            throw new TargetException(String.join("; ", refusals));
        }
        List<EnvironmentFacts> all = environments.list();
        Optional<EnvironmentFacts> owner = live.owner(all);
        String cname = live.cname();
        Map<String, String> version = version(candidate);
        Optional<EnvironmentFacts> same = all.stream()
                .filter(e -> e.isOurs(config.name(), cname)
                        && candidate.deploymentId().equals(CnameOwners.deployment(e)))
                // An environment that staging has accepted may be Red for a moment; one that failed there is made anew.
                .filter(e -> !e.ending()
                        && (environment.slot() == Slot.LIVE || !e.health().equals("Red")))
                // If the live CNAME has no owner, an environment without it cannot get it.
                .filter(e -> owner.isPresent() || live.prefix().isEmpty() || e.owns(cname))
                .findFirst();
        if (same.isPresent()) {
            version.put("label", same.get().label());
        }
        String name = same.isPresent() ? same.get().name() : freeName(candidate, all);
        String prefix = owner.isEmpty() && !live.prefix().isEmpty() ? live.prefix() : name;
        Map<String, String> creation = same.isPresent()
                ? Map.of("name", name, "label", version.get("label"), "prefix", prefix)
                : EnvironmentCreator.args(
                        application,
                        name,
                        version.get("label"),
                        prefix,
                        PlatformChoice.choose(aws, config),
                        BeanstalkMetadata.of(environment, candidate, prefix),
                        EnvironmentSettings.of(
                                config, owner.isPresent() ? EnvironmentSettings.carried(aws, owner.get()) : Map.of()));
        boolean newApplication = all.isEmpty() && !versions.hasApplication();
        return new BeanstalkPrepareParameters(
                deployed(candidate, name, scheme, prefix),
                version,
                creation,
                newApplication,
                same.isEmpty()
                        && (newApplication
                                || versions.find(version.get("label")).isEmpty()),
                same.isEmpty(),
                cname,
                config.name(),
                scheme,
                config.retention().keepFailed(),
                within(),
                config.get(AwsKeys.AWS_RED_FOR),
                same.isPresent() ? events.newest(same.get().id()) : "");
    }

    /**
     * Returns a free name. A name is free again only some time after its environment is gone, and its CNAME may belong
     * to any account.
     */
    private String freeName(Candidate candidate, List<EnvironmentFacts> all)
            throws TargetException, InterruptedException {
        Set<String> taken = all.stream().map(EnvironmentFacts::name).collect(Collectors.toSet());
        while (true) {
            String name = BeanstalkNames.environment(config.name(), candidate.deploymentId(), taken);
            if (environments.isFree(name)) {
                return name;
            }
            taken.add(name);
        }
    }

    private Map<String, String> version(Candidate candidate) throws TargetException, InterruptedException {
        boolean ecr = EcrLogin.isEcr(config.registry());
        Optional<String> own = config.find(AwsKeys.DOCKER_BUCKET);
        Bundle bundle = versions.bundle(
                config.get(AwsKeys.AWS_BUNDLE),
                candidate.image(),
                ecr ? "" : own.orElse(""),
                config.get(AwsKeys.AWS_HTTPS_REDIRECT));
        String hash = bundle.hash();
        Map<String, String> version = new HashMap<>();
        version.put("application", application);
        version.put("label", BeanstalkNames.label(candidate.version(), hash));
        version.put("bucket", own.isPresent() ? own.get() : regionsOwn());
        version.put("storage", Boolean.toString(own.isEmpty()));
        // The key contains the label, not the content: deleting one version deletes its bundle, and two versions may
        // name one image.
        version.put("key", "pymacaron/" + application + "/" + version.get("label") + ".zip");
        version.putAll(ApplicationVersions.params(bundle));
        return version;
    }

    /** Returns the region's bucket, as CreateStorageLocation names it; that call makes it if needed. */
    private String regionsOwn() throws TargetException, InterruptedException {
        String account = aws.calls().read("tell the AWS account", () -> aws.sts()
                .getCallerIdentity()
                .account());
        return "elasticbeanstalk-" + aws.region() + "-" + account;
    }

    private Deployed deployed(Candidate candidate, String name, String scheme, String prefix)
            throws TargetException, InterruptedException {
        return new Deployed(
                environment.label(),
                candidate.deploymentId(),
                candidate.version(),
                candidate.digest(),
                candidate.commit(),
                scheme + "://" + environments.fullCname(prefix),
                name,
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private Duration within() {
        String stage = environment.slot() == Slot.LIVE ? "promote" : "staging";
        return config.timeouts().of(stage).minus(TO_EXPLAIN);
    }
}
