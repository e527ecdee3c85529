package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.config.Accept;
import io.jenkins.plugins.pymacaron.config.CloudRunKeys;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.Problem;
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
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A target of a service on Google Cloud Run: a revision is prepared without traffic, proven at its tag, and then gets
 * the traffic.
 */
public final class CloudRunTarget implements Target {
    private final Environment environment;
    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final IdTokenProxies doors;
    private final CloudRunStateReader reader;
    private final DeploymentReader standings;
    private final CloudRunLeaseStore leases;
    private final Effector effector;
    private final CloudRunPreparePlanner rollouts;
    private final CloudRunPreflight preflight;
    private final ServiceLog log;

    /** Makes the target; sends no request yet. */
    public CloudRunTarget(Environment environment, TargetContext surroundings) {
        this.environment = environment;
        names = CloudRunNames.of(environment.config(), environment.slot());
        connection = new CloudRunClient(surroundings);
        Calls calls = new Calls(CloudRunFailureMapper::of);
        Accept accept = environment.config().accept();
        Probe probe = new Probe(Proof.asking(environment.config(), true));
        doors = new IdTokenProxies(connection, environment.config().get(GoogleKeys.ALLOW_UNAUTHENTICATED));
        reader = new CloudRunStateReader(
                names, connection, calls, doors, probe, accept.consecutive(), front(environment));
        standings = new DeploymentReader(environment.label(), reader, doors, probe);
        leases = new CloudRunLeaseStore(names, connection, calls);
        effector = new CloudRunEffector(names, connection, calls, environment.file(), environment.variables(), leases);
        rollouts = new CloudRunPreparePlanner(environment, names, connection, calls, reader);
        preflight = new CloudRunPreflight(environment, names, connection, calls, reader, surroundings);
        log = new ServiceLog(names, connection, surroundings, Clock.systemUTC());
    }

    private static Optional<URI> front(Environment environment) {
        return environment.slot() == Slot.LIVE && environment.config().get(CloudRunKeys.GCP_PROVE_LIVE_URL)
                ? Optional.of(environment.config().liveUrl().uri())
                : Optional.empty();
    }

    @Override
    public String environment() {
        return environment.label();
    }

    @Override
    public List<Problem> preflight() throws InterruptedException {
        return preflight.problems();
    }

    @Override
    public Optional<Deployed> current() throws TargetException, InterruptedException {
        return standings.current();
    }

    @Override
    public List<Deployed> earlier() throws TargetException, InterruptedException {
        return standings.earlier();
    }

    @Override
    public Change prepare(Candidate candidate) throws TargetException, InterruptedException {
        // The mark is read before the state that it stands for: a change in between then counts as another's.
        Map<String, String> notes =
                reader.service().map(Service::getAnnotationsMap).orElse(Map.of());
        CloudRunPrepareParameters rollout = rollouts.of(candidate);
        Map<String, String> params = new HashMap<>(rollout.toParams());
        params.put(CloudRunPrepareOperation.LIVE_MARK, CloudRunMetadata.mark(notes));
        Change change = new Change(
                new CloudRunPrepareOperation(), params, CloudRunWaitConditions.hoped(rollout.deployed(), ""));
        return rollout.atOnce()
                ? change.claiming(CloudRunMetadata.mark(notes), candidate.version())
                : change.claimingCandidate(CloudRunMetadata.candidate(notes, rollout.tag()), candidate.version());
    }

    @Override
    public Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException {
        String mark = liveMark();
        CloudRunActivateParameters move = rollouts.forth(prepared, previous);
        return new Change(
                        new CloudRunActivateOperation(),
                        move.toParams(),
                        CloudRunWaitConditions.hoped(
                                move.deployed(), move.expected().orElse("")))
                .claiming(mark, prepared.version());
    }

    @Override
    public Change rollBack(Deployed bad, Deployed good) throws TargetException, InterruptedException {
        String mark = liveMark();
        CloudRunActivateParameters move = rollouts.back(bad, good);
        return new Change(
                        new CloudRunActivateOperation(),
                        move.toParams(),
                        CloudRunWaitConditions.hoped(move.deployed(), ""))
                .claiming(mark, good.version());
    }

    @Override
    public String liveMark() throws TargetException, InterruptedException {
        return reader.service()
                .map(s -> CloudRunMetadata.mark(s.getAnnotationsMap()))
                .orElse("");
    }

    @Override
    public Change withdraw(Deployed failed) throws TargetException, InterruptedException {
        Optional<Service> found = reader.service();
        if (found.isEmpty()) {
            return remove(CloudRunDeleteOperation.params(List.of(), List.of()));
        }
        Service service = found.get();
        boolean serves = TrafficSplit.wanted(service).has(failed.revision())
                || TrafficSplit.served(service).has(failed.revision());
        if (!serves) {
            return remove(CloudRunDeleteOperation.candidate(
                    ourTags(service, failed.revision()), failed.revision(), service.getAnnotationsMap()));
        }
        if (failed.deploymentId().equals(service.getAnnotationsMap().get(CloudRunMetadata.MADE_BY))) {
            return remove(CloudRunDeleteOperation.service(
                            names.service(), failed.deploymentId(), TrafficSplit.wanted(service)))
                    .claiming(CloudRunMetadata.mark(service.getAnnotationsMap()), failed.version());
        }
        throw new TargetException("revision " + failed.revision() + " still gets traffic of " + names.service()
                + ", and nothing else of ours is there; send the traffic elsewhere first: gcloud run services"
                + " update-traffic " + names.service() + " --region " + names.region()
                + " --to-revisions REVISION=100");
    }

    /**
     * Returns the operation that deletes tags and revisions of ours that are not needed; a revision that gets traffic
     * or has a foreign tag stays.
     */
    @Override
    public Change retire(Deployed serving, int keep) throws TargetException, InterruptedException {
        Optional<Service> found = reader.service();
        if (found.isEmpty()) {
            return remove(CloudRunDeleteOperation.params(List.of(), List.of()));
        }
        Service service = found.get();
        List<String> history = CloudRunMetadata.history(service.getAnnotationsMap()).stream()
                .filter(name -> !name.equals(serving.revision()))
                .toList();
        List<String> kept = history.subList(0, Math.min(keep, history.size()));
        Map<String, String> tags = TrafficSplit.tags(service);
        List<String> needed = new ArrayList<>(kept);
        needed.add(serving.revision());
        needed.addAll(TrafficSplit.wanted(service).shares().keySet());
        tags.entrySet().stream()
                .filter(e -> !CloudRunNames.isOurTag(e.getKey()))
                .map(Map.Entry::getValue)
                .forEach(needed::add);
        boolean failedToo = !environment.config().retention().keepFailed();
        List<String> old = new ArrayList<>();
        for (Revision revision : reader.revisions()) {
            String name = revision.getName().substring(revision.getName().lastIndexOf('/') + 1);
            if (CloudRunMetadata.isOurs(revision.getAnnotationsMap(), environment.label())
                    && !needed.contains(name)
                    && !service.getLatestCreatedRevision().endsWith("/" + name)
                    && (failedToo || history.contains(name) || isCopy(revision, name))) {
                old.add(name);
            }
        }
        List<String> stale =
                tags.keySet().stream().filter(CloudRunNames::isOurTag).toList();
        return remove(CloudRunDeleteOperation.params(stale, old, service.getAnnotationsMap()));
    }

    /**
     * Returns whether the revision was not made by its deployment, but came with another change of the service
     * ({@link ServiceUpdater}).
     */
    private boolean isCopy(Revision revision, String name) {
        String deployment = revision.getAnnotationsMap().getOrDefault(CloudRunMetadata.DEPLOYMENT, "");
        return IntStream.range(0, CloudRunPreparePlanner.ATTEMPTS)
                .noneMatch(attempt -> names.revision(deployment, attempt).equals(name));
    }

    private static Change remove(Map<String, String> params) {
        return new Change(new CloudRunDeleteOperation(), params, Map.of());
    }

    private static List<String> ourTags(Service service, String revision) {
        return TrafficSplit.tags(service).entrySet().stream()
                .filter(e -> CloudRunNames.isOurTag(e.getKey()) && e.getValue().equals(revision))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Returns the URL at which to ask the deployment from here: its own, or a {@link IdTokenProxy} to it where not
     * everybody may call it.
     */
    @Override
    public URI reach(Deployed deployment) throws TargetException, InterruptedException, IOException {
        Optional<Service> service = reader.service();
        return doors.to(service.map(Service::getUri).orElse(deployment.url()), deployment.url());
    }

    @Override
    public boolean standsApart() {
        return true;
    }

    /** Returns the URL of its tag. */
    @Override
    public Optional<URI> apart(Deployed prepared) throws TargetException, InterruptedException, IOException {
        Optional<Service> service = reader.service();
        boolean tagged = service.filter(s -> !ourTags(s, prepared.revision()).isEmpty())
                // A partial split does not matter: an interrupted canary goes on, and its next steps are tested too.
                .filter(s -> !TrafficSplit.wanted(s).equals(TrafficSplit.all(prepared.revision())))
                .isPresent();
        return tagged ? Optional.of(doors.to(service.get().getUri(), prepared.url())) : Optional.empty();
    }

    @Override
    public boolean isTried(Subject subject) {
        return CloudRunWaitConditions.isCanary(subject);
    }

    @Override
    public URI reachLive(URI live) throws TargetException, InterruptedException, IOException {
        Optional<Service> service = reader.service();
        return doors.to(service.map(Service::getUri).orElse(live.toString()), live.toString());
    }

    @Override
    public String log(Deployed deployment, int lines) throws InterruptedException {
        return String.join("\n", environment.shown(log.last(deployment.revision(), lines)));
    }

    @Override
    public List<String> byHand(Optional<Deployed> good) {
        String where = " " + names.service() + " --region " + names.region() + " --project " + names.project();
        return Stream.concat(
                        Stream.of("gcloud run services describe" + where),
                        good.stream()
                                .map(deployed -> "gcloud run services update-traffic" + where + " --to-revisions="
                                        + deployed.revision() + "=100"))
                .toList();
    }

    @Override
    public Optional<Operation> operation(String kind) {
        return Stream.<Operation>of(
                        new CloudRunPrepareOperation(), new CloudRunActivateOperation(), new CloudRunDeleteOperation())
                .filter(operation -> operation.kind().equals(kind))
                .findFirst();
    }

    @Override
    public Effector effector() {
        return effector;
    }

    @Override
    public Map<String, String> read(Subject subject) throws InterruptedException {
        return reader.read(subject, standings::currentId);
    }

    /** A stand-in on this machine counts no calls. */
    @Override
    public Backoff pace() {
        return connection.isOnThisMachine()
                ? Target.super.pace()
                : new Backoff(Duration.ofSeconds(1), 1.3, Duration.ofSeconds(5), 0.2);
    }

    @Override
    public Duration measureEvery() {
        return Duration.ofMillis(250);
    }

    @Override
    public Optional<LeaseStore> leases() {
        return Optional.of(leases);
    }
}
