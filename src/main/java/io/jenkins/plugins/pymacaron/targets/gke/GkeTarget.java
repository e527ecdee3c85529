package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.config.LiveUrl;
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
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.LastingRefusal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A target of a Deployment of Kubernetes, on GKE or in any cluster of a kubeconfig. */
public final class GkeTarget implements Target {
    private static final int PODS_SHOWN = 10;

    /** A log explains a failure; the run does not wait longer for it. */
    private static final Duration LOG_WITHIN = Duration.ofSeconds(3);

    /** The controller needs milliseconds; the target does not wait for one that does not answer. */
    private static final int OBSERVATIONS = 10;

    private static final Duration OBSERVATION = Duration.ofSeconds(1);

    private final Environment environment;
    private final TargetContext surroundings;
    private final GkeNames names;
    private final GkeClient connection;
    private final SecretValues values;
    private final Effector effector;
    private final GkeStateReader reader;
    private final Calls calls = new Calls(GkeFailureMapper::of);
    private final LastingRefusal refusal;

    /** Makes the target; sends no request yet. */
    public GkeTarget(Environment environment, TargetContext surroundings) {
        this.environment = environment;
        this.surroundings = surroundings;
        names = GkeNames.of(environment);
        connection = new GkeClient(environment, new ClusterAccess(environment, surroundings));
        values = new SecretValues(environment, surroundings);
        reader = new GkeStateReader(environment, new VersionProver(environment));
        effector = new GkeEffector(connection, values, reader);
        refusal = new LastingRefusal(surroundings.clock());
    }

    @Override
    public String environment() {
        return environment.label();
    }

    @Override
    public String scope() throws TargetException, InterruptedException {
        return connection.api().server() + " " + names.namespace();
    }

    @Override
    public List<Problem> preflight() throws InterruptedException {
        return new GkePreflight(environment, surroundings.log()).look(connection);
    }

    @Override
    public Optional<Deployed> current() throws TargetException, InterruptedException {
        ReplicaSetRevisions revisions = revisions();
        return revisions.serving().map(revisions::deployed);
    }

    @Override
    public List<Deployed> earlier() throws TargetException, InterruptedException {
        ReplicaSetRevisions revisions = revisions();
        return revisions.idle().stream().map(revisions::deployed).toList();
    }

    @Override
    public Change prepare(Candidate candidate) throws TargetException, InterruptedException {
        if (environment.slot() == Slot.LIVE) {
            ReplicaSetRevisions left = canary();
            return roll(ask(() -> rollouts().canary(candidate, left)))
                    .claimingCandidate(left.mark(), candidate.version());
        }
        ReplicaSetRevisions revisions = observed();
        return roll(ask(() -> rollouts().serving(candidate, revisions, Optional.empty())))
                .claiming(revisions.mark(), candidate.version());
    }

    @Override
    public Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException {
        ReplicaSetRevisions revisions = observed();
        String expected = previous.map(Deployed::deploymentId).orElse("");
        return roll(ask(() -> rollouts().serving(candidate, revisions, Optional.of(expected))))
                .claiming(revisions.mark(), candidate.version());
    }

    @Override
    public Change rollBack(Deployed bad, Deployed good) throws TargetException, InterruptedException {
        ReplicaSetRevisions revisions = observed();
        if (revisions.of(GkeNames.label(good.deploymentId())).isEmpty()) {
            throw new TargetException("the ReplicaSet of " + good.version() + " is gone from Deployment "
                    + names.deployment() + "; deploy version " + good.version() + " again");
        }
        return roll(ask(() -> rollouts().again(revisions, good))).claiming(revisions.mark(), good.version());
    }

    @Override
    public Change withdraw(Deployed failed) throws TargetException, InterruptedException {
        KubernetesApi api = connection.api();
        if (GkeRetentionPlanner.isCanary(names, failed)) {
            ReplicaSetRevisions canary = canary();
            List<GkeEffects> acts =
                    ask(() -> new GkeRetentionPlanner(environment, api, canary, values.pulls()).withdraw(failed));
            return new Change(
                            new GkeDeleteOperation(),
                            GkeDeleteOperation.canary(acts, names.canary().deployment()),
                            Map.of())
                    .claimingCandidate(canary.mark(), failed.version());
        }
        ReplicaSetRevisions revisions = observed();
        Change change = remove(
                ask(() -> new GkeRetentionPlanner(environment, api, revisions, values.pulls()).withdraw(failed)));
        boolean serves = ReplicaSetRevisions.deploymentOf(failed.revision()).equals(names.deployment())
                && revisions.wanted().equals(GkeNames.label(failed.deploymentId()));
        return serves ? change.claiming(revisions.mark(), failed.version()) : change;
    }

    @Override
    public Change retire(Deployed serving, int keep) throws TargetException, InterruptedException {
        KubernetesApi api = connection.api();
        ReplicaSetRevisions revisions = observed();
        return remove(
                ask(() -> new GkeRetentionPlanner(environment, api, revisions, values.pulls()).retire(serving, keep)));
    }

    @Override
    public boolean standsApart() {
        return environment.slot() == Slot.LIVE;
    }

    /** Returns the canary's Service, by a port of this machine: it has no address outside of the cluster. */
    @Override
    public Optional<URI> apart(Deployed prepared) throws TargetException, InterruptedException {
        return Optional.of(new CanaryDoor(connection.api(), names.canary().service()).open());
    }

    @Override
    public String log(Deployed deployment, int lines) throws InterruptedException {
        try {
            KubernetesApi api = connection.api();
            Map<String, String> mine = Map.of(GkeMetadata.DEPLOYMENT, GkeNames.label(deployment.deploymentId()));
            Calls brief = Calls.brief(GkeFailureMapper::of, LOG_WITHIN);
            List<String> pods = brief
                    .read("list pods", () -> api.list(Kind.POD, mine).items())
                    .stream()
                    .map(pod -> JsonTree.at(pod, "metadata", "name"))
                    .limit(PODS_SHOWN)
                    .toList();
            List<String> all = new ArrayList<>();
            for (String pod : pods) {
                // Any of them may have answered the request that failed.
                List<String> shown = environment.shown(brief.read(
                        "read the log",
                        () -> api.log(pod, names.container(), false, Math.max(1, lines / pods.size()))));
                if (pods.size() > 1) {
                    all.add("== " + pod);
                }
                all.addAll(shown);
            }
            return String.join("\n", all);
        } catch (TargetException e) {
            return "";
        }
    }

    @Override
    public List<String> byHand(Optional<Deployed> good) {
        String kubectl = "kubectl --namespace " + names.namespace() + " ";
        return good.isEmpty()
                ? List.of(kubectl + "get deployments,replicasets")
                : List.of(
                        kubectl + "rollout history deployment/" + names.deployment(),
                        kubectl + "rollout undo deployment/" + names.deployment());
    }

    @Override
    public Optional<Operation> operation(String kind) {
        return Stream.<Operation>of(new GkeDeployOperation(), new GkeDeleteOperation())
                .filter(operation -> operation.kind().equals(kind))
                .findFirst();
    }

    @Override
    public Effector effector() {
        return effector;
    }

    @Override
    public Map<String, String> read(Subject subject) throws InterruptedException {
        try {
            KubernetesApi api = connection.api();
            Map<String, String> seen =
                    switch (subject.kind()) {
                        case GkeWaitConditions.KIND ->
                            ask(() -> reader.read(api, GkeWaitConditions.read(subject.id())));
                        case LiveUnchangedCheck.ENVIRONMENT -> ask(() -> reader.environment(api, names));
                        default -> throw new IllegalArgumentException(subject.kind());
                    };
            refusal.passed();
            return seen;
        } catch (TargetException e) {
            return refusal.facts(e);
        }
    }

    /** Returns the pause between two proofs; a read waits on a watch by itself. */
    @Override
    public Backoff pace() {
        return new Backoff(Duration.ofMillis(200), 1.3, Duration.ofSeconds(5), 0.2);
    }

    @Override
    public Duration measureEvery() {
        return Duration.ofMillis(100);
    }

    @Override
    public String liveMark() throws TargetException, InterruptedException {
        return revisions().mark();
    }

    @Override
    public Optional<LeaseStore> leases() {
        return Optional.of(new GkeLeaseStore(connection, names, new DeploymentManifests(environment, names)));
    }

    private GkeDeployPlanner rollouts() throws TargetException, InterruptedException {
        return new GkeDeployPlanner(environment, connection.api(), values.pulls());
    }

    /** Returns {@link #revisions} once the controller has seen a template that another tool has just written. */
    private ReplicaSetRevisions observed() throws TargetException, InterruptedException {
        KubernetesApi api = connection.api();
        ReplicaSetRevisions revisions = revisions();
        for (int i = 0; i < OBSERVATIONS && !revisions.areObserved(); i++) {
            // The controller notes on the Deployment what it has seen; a deployment has the right to watch the
            // Deployment.
            KubernetesApi.Listing before = ask(() -> api.list(Kind.DEPLOYMENT, Map.of()));
            revisions = revisions();
            if (!revisions.areObserved()) {
                ask(() -> api.awaitChange(List.of(before), OBSERVATION));
            }
        }
        return revisions;
    }

    private ReplicaSetRevisions revisions() throws TargetException, InterruptedException {
        KubernetesApi api = connection.api();
        Optional<LiveUrl> own = new FrontManifests(environment, names).url();
        Optional<LoadBalancer> balancer = LoadBalancer.of(environment, names);
        return ask(() -> {
            String url = own.map(Object::toString)
                    .or(() -> balancer.flatMap(b -> b.address(api)).map(ip -> "http://" + ip))
                    .orElse("http://unknown");
            return ReplicaSetRevisions.read(api, environment.label(), url, names);
        });
    }

    /** Returns the canary, which may be of an earlier run. */
    private ReplicaSetRevisions canary() throws TargetException, InterruptedException {
        KubernetesApi api = connection.api();
        return ask(() -> ReplicaSetRevisions.read(api, environment.label(), "", names.canary()));
    }

    private <T> T ask(Callable<T> question) throws TargetException, InterruptedException {
        return calls.read("read Deployment " + names.deployment(), question);
    }

    private static Change roll(GkeDeployParameters rolling) {
        return new Change(new GkeDeployOperation(), rolling.toParams(), GkeDeployOperation.hoped(rolling));
    }

    private static Change remove(List<GkeEffects> acts) {
        return new Change(new GkeDeleteOperation(), GkeDeleteOperation.params(acts), Map.of());
    }
}
