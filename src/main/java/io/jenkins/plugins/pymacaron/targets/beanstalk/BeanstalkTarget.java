package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.Proof;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A target of AWS Elastic Beanstalk. Each deployment is an environment of its own; live is the one that owns the live
 * CNAME. Staging and live share the environments: the one that staging has accepted becomes live itself.
 */
public final class BeanstalkTarget implements Target {
    /**
     * AWS counts the calls of all users of an account and region: a pace of five seconds was never throttled, one of
     * two seconds was.
     */
    private static final Backoff PACE = new Backoff(Duration.ofSeconds(5), 1.1, Duration.ofSeconds(15), 0.2);

    /**
     * The folders of a service that go into its bundles: configuration files, and hooks and files for the proxy ("Advanced
     * environment customization with configuration files", "Extending Elastic Beanstalk Linux platforms", developer guide).
     */
    public static final Set<String> FOLDERS = Set.of(".ebextensions", ".platform");

    private final Environment environment;
    private final PymConfig config;
    private final String application;
    private final TargetContext surroundings;
    private final BeanstalkClient aws;
    private final Environments environments;
    private final ApplicationVersions versions;
    private final EventLog events;
    private final CnameOwners live;
    private final BeanstalkStateReader reader;
    private final Effector effector;
    private final LeaseStore leases;
    private final RollbackCandidates waysBack;
    private final ApplicationMarkStore marks;

    public BeanstalkTarget(Environment environment, TargetContext surroundings) {
        this.environment = environment;
        this.surroundings = surroundings;
        config = environment.config();
        application = config.find(AwsKeys.AWS_APPLICATION).orElse(config.name());
        aws = new BeanstalkClient(config, surroundings);
        environments = new Environments(aws, application);
        versions = new ApplicationVersions(aws, application, surroundings.files());
        waysBack = new RollbackCandidates(aws);
        events = new EventLog(aws, surroundings);
        live = new CnameOwners(environments, config.find(AwsKeys.AWS_LIVE_CNAME).orElse(""));
        reader = new BeanstalkStateReader(
                aws,
                environments,
                versions,
                events,
                Proof.of(config, false),
                Proof.of(config, true),
                scheme(),
                config.liveUrl().uri());
        marks = new ApplicationMarkStore(aws, environments, versions, live.prefix());
        effector = new BeanstalkEffector(
                aws, environments, versions, new EnvironmentCreator(aws, environments, environment.variables()), marks);
        leases = new BeanstalkLeaseStore(aws, environments, versions, environment.label());
    }

    private String scheme() {
        return config.find(AwsKeys.AWS_CERT_ARN).isPresent() ? "https" : "http";
    }

    @Override
    public String environment() {
        return environment.label();
    }

    @Override
    public List<Problem> preflight() throws InterruptedException {
        return new BeanstalkPreflight(environment, aws, environments, live, surroundings).problems();
    }

    @Override
    public String ingredients() {
        return surroundings.files().hash();
    }

    /**
     * Returns the deployment that serves, in staging too: a failed candidate there leaves it serving, and the same
     * deployment is found by it.
     */
    @Override
    public Optional<Deployed> current() throws TargetException, InterruptedException {
        return live.owner(environments.list()).map(this::deployed);
    }

    @Override
    public List<Deployed> earlier() throws TargetException, InterruptedException {
        if (environment.slot() == Slot.STAGING) {
            return List.of();
        }
        List<EnvironmentFacts> all = environments.list();
        List<Deployed> found = new ArrayList<>();
        for (EnvironmentFacts e : live.earlier(all, live.owner(all))) {
            if (waysBack.obstacle(e).isEmpty()) {
                found.add(deployed(e));
            }
        }
        return found;
    }

    private Deployed deployed(EnvironmentFacts e) {
        return CnameOwners.deployed(e, environment.label(), config.liveUrl().toString());
    }

    @Override
    public Change prepare(Candidate candidate) throws TargetException, InterruptedException {
        // The mark is read before the state that it stands for: a change in between then counts as another's.
        String mark = marks.read();
        BeanstalkPrepareParameters c = new BeanstalkPreparePlanner(
                        environment, application, aws, environments, versions, live, events)
                .of(candidate, scheme());
        return new Change(new BeanstalkPrepareOperation(), c.toParams(), BeanstalkWaitConditions.hoped(c))
                .claiming(mark, candidate.version());
    }

    @Override
    public Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException {
        String mark = marks.read();
        Optional<EnvironmentFacts> owner = live.owner(environments.list());
        // On the first deployment the candidate is made with the live CNAME; before that is done, no environment has
        // it.
        String from = owner.map(EnvironmentFacts::name).orElse("");
        return swap(
                at(prepared),
                from,
                Optional.of(previous.map(Deployed::deploymentId).orElse("")),
                mark);
    }

    @Override
    public Change rollBack(Deployed bad, Deployed good) throws TargetException, InterruptedException {
        String mark = marks.read();
        List<EnvironmentFacts> all = environments.list();
        EnvironmentFacts kept = all.stream()
                .filter(e -> e.name().equals(good.revision()) && !e.ending())
                .findFirst()
                .orElseThrow(() -> new TargetException("environment " + good.revision() + " of " + good.version()
                        + " is gone; deploy version " + good.version() + " again"));
        String from = live.owner(all).map(EnvironmentFacts::name).orElse("");
        Optional<String> end = waysBack.failedEnd(kept);
        if (end.isPresent()) {
            throw new TargetException("environment " + kept.name() + " of " + good.version()
                    + " is the rest of a termination that failed (" + end.get() + "); deploy version "
                    + good.version() + " again");
        }
        return swap(deployed(kept), from, Optional.empty(), mark);
    }

    private Change swap(Deployed to, String from, Optional<String> expected, String mark)
            throws TargetException, InterruptedException {
        BeanstalkActivateParameters s =
                new BeanstalkActivateParameters(to, from, live.cname(), expected, config.get(AwsKeys.AWS_RED_FOR));
        return new Change(new BeanstalkActivateOperation(), s.toParams(), BeanstalkWaitConditions.hoped(s))
                .claiming(mark, to.version());
    }

    /** Returns the deployment at the URL that users know. */
    private Deployed at(Deployed d) {
        return new Deployed(
                environment.label(),
                d.deploymentId(),
                d.version(),
                d.digest(),
                d.commit(),
                config.liveUrl().toString(),
                d.revision(),
                d.since());
    }

    @Override
    public Change withdraw(Deployed failed) throws TargetException, InterruptedException {
        String mark = marks.read();
        List<EnvironmentFacts> all = environments.list();
        // A live environment may go only if nothing was live before it.
        boolean first = live.earlier(all, live.owner(all)).isEmpty();
        Change change = retire(List.of(failed.revision()), List.of(), first);
        return first ? change.claiming(mark, failed.version()) : change;
    }

    @Override
    public Change retire(Deployed serving, int keep) throws TargetException, InterruptedException {
        List<EnvironmentFacts> all = environments.list();
        Optional<EnvironmentFacts> owner = live.owner(all);
        List<EnvironmentFacts> served = live.earlier(all, owner);
        List<EnvironmentFacts> earlier = new ArrayList<>();
        boolean inLive = environment.slot() == Slot.LIVE;
        Optional<Duration> longest = config.retention().keep();
        List<EnvironmentFacts> going = new ArrayList<>();
        for (EnvironmentFacts e : served) {
            // The remains of an environment that could not be terminated do not count as kept, and termination is tried
            // again.
            (waysBack.failedEnd(e).isPresent() ? going : earlier).add(e);
        }
        if (inLive) {
            // The environment before live stays warm until the next success, unless the configuration limits the time.
            earlier.stream().skip(Math.max(1, keep)).forEach(going::add);
            longest.ifPresent(limit -> earlier.stream()
                    .filter(e -> !going.contains(e) && CnameOwners.isOlder(e, all, limit, Instant.now()))
                    .forEach(going::add));
        }
        if (!config.retention().keepFailed()) {
            all.stream()
                    .filter(e ->
                            !e.ending() && !served.contains(e) && owner.stream().noneMatch(e::equals))
                    .filter(e -> inLive || environment.label().equals(e.tags().get(BeanstalkMetadata.ENVIRONMENT)))
                    .forEach(going::add);
        }
        String cname = live.cname();
        List<String> names = going.stream()
                .filter(e -> e.isOurs(config.name(), cname) && !e.name().equals(serving.revision()))
                .map(EnvironmentFacts::name)
                .toList();
        return retire(names, inLive ? oldVersions(all) : List.of(), false);
    }

    private List<String> oldVersions(List<EnvironmentFacts> all) throws TargetException, InterruptedException {
        return versions.old(
                all.stream().map(EnvironmentFacts::label).collect(Collectors.toSet()),
                config.retention().images());
    }

    @Override
    public Optional<Change> tidy() throws TargetException, InterruptedException {
        if (environment.slot() == Slot.STAGING) {
            return Optional.empty();
        }
        List<EnvironmentFacts> all = environments.list();
        Optional<EnvironmentFacts> owner = live.owner(all);
        String cname = live.cname();
        Optional<Duration> longest = config.retention().keep();
        List<String> names = new ArrayList<>();
        // If nothing is live, the environment that served last is the one for a rollback.
        if (owner.isPresent() && longest.isPresent()) {
            live.earlier(all, owner).stream()
                    .filter(e -> e.isOurs(config.name(), cname))
                    .filter(e -> CnameOwners.isOlder(e, all, longest.get(), Instant.now()))
                    .forEach(e -> names.add(e.name()));
        }
        List<String> labels = oldVersions(all);
        return names.isEmpty() && labels.isEmpty() ? Optional.empty() : Optional.of(retire(names, labels, false));
    }

    @Override
    public Optional<Instant> keptUntil() throws TargetException, InterruptedException {
        Optional<Duration> longest = config.retention().keep();
        if (environment.slot() == Slot.STAGING || longest.isEmpty()) {
            return Optional.empty();
        }
        List<EnvironmentFacts> all = environments.list();
        Optional<EnvironmentFacts> owner = live.owner(all);
        List<EnvironmentFacts> earlier = owner.isPresent() ? live.earlier(all, owner) : List.of();
        String cname = live.cname();
        return earlier.stream()
                .filter(e -> e.isOurs(config.name(), cname))
                .map(e -> CnameOwners.replaced(e, all).plus(longest.get()))
                .min(Comparator.naturalOrder());
    }

    private Change retire(List<String> names, List<String> labels, boolean even)
            throws TargetException, InterruptedException {
        return new Change(
                new BeanstalkDeleteOperation(),
                BeanstalkDeleteOperation.params(names, labels, application, config.name(), live.cname(), even),
                Map.of());
    }

    /**
     * Returns the events of the service about it; the instances' own logs go to CloudWatch where that is configured.
     */
    @Override
    public String log(Deployed deployment, int lines) throws InterruptedException {
        try {
            Optional<EnvironmentFacts> e = environments.find(deployment.revision());
            return e.isEmpty() ? "" : String.join("\n", events.last(e.get().id(), lines));
        } catch (TargetException e) {
            return "";
        }
    }

    @Override
    public List<String> byHand(Optional<Deployed> good) {
        String region = " --region " + config.find(AwsKeys.AWS_REGION).orElseThrow();
        return Stream.concat(
                        Stream.of("aws elasticbeanstalk describe-environments --application-name " + application
                                + region),
                        good.stream()
                                .map(deployed -> "aws elasticbeanstalk swap-environment-cnames"
                                        + " --source-environment-name " + deployed.revision()
                                        + " --destination-environment-name THE_ONE_WITH_THE_CNAME_OF_LIVE" + region))
                .toList();
    }

    @Override
    public Optional<Operation> operation(String kind) {
        return Stream.<Operation>of(
                        new BeanstalkPrepareOperation(),
                        new BeanstalkActivateOperation(),
                        new BeanstalkDeleteOperation())
                .filter(operation -> operation.kind().equals(kind))
                .findFirst();
    }

    @Override
    public Effector effector() {
        return effector;
    }

    @Override
    public Map<String, String> read(Subject subject) throws InterruptedException {
        return reader.read(subject, live);
    }

    /** A stand-in on this machine counts no calls. */
    @Override
    public Backoff pace() {
        return aws.isOnThisMachine() ? Target.super.pace() : PACE;
    }

    @Override
    public Duration measureEvery() {
        return Duration.ofSeconds(1);
    }

    /** Returns true for a candidate of its own; a candidate that staging has made was accepted there. */
    @Override
    public boolean standsApart() {
        return true;
    }

    /** Returns its own endpoint; a first candidate has the CNAME of live from its beginning, and so serves. */
    @Override
    public Optional<URI> apart(Deployed prepared) throws TargetException, InterruptedException {
        return live.owner(environments.list())
                .filter(owner -> !owner.name().equals(prepared.revision()))
                .map(owner -> URI.create(prepared.url()));
    }

    @Override
    public boolean adopts(Target staging) {
        return staging instanceof BeanstalkTarget other
                && other.application.equals(application)
                && other.config.find(AwsKeys.AWS_REGION).equals(config.find(AwsKeys.AWS_REGION))
                && other.config.find(AwsKeys.AWS_USER).equals(config.find(AwsKeys.AWS_USER));
    }

    @Override
    public String liveMark() throws TargetException, InterruptedException {
        return marks.read();
    }

    @Override
    public Optional<LeaseStore> leases() {
        return Optional.of(leases);
    }
}
