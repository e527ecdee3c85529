package io.jenkins.plugins.pymacaron.target.gke;

import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.target.Candidate;
import io.jenkins.plugins.pymacaron.target.Change;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.LeaseStore;
import io.jenkins.plugins.pymacaron.target.Surroundings;
import io.jenkins.plugins.pymacaron.target.Target;
import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.Unchanged;
import io.jenkins.plugins.pymacaron.target.cloud.Calls;
import io.jenkins.plugins.pymacaron.target.cloud.LastingRefusal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A Deployment of Kubernetes, on GKE or wherever a kubeconfig leads to. */
public final class GkeTarget implements Target {
    private static final int PODS_SHOWN = 10;

    /** A log explains a failure; nobody waits for it. */
    private static final Duration LOG_WITHIN = Duration.ofSeconds(3);

    /** The controller needs milliseconds; one that does not answer is not waited for. */
    private static final int OBSERVATIONS = 10;

    private static final Duration OBSERVATION = Duration.ofSeconds(1);

    private final Environment environment;
    private final Surroundings surroundings;
    private final Names names;
    private final Connection connection;
    private final SecretValues values;
    private final Effector effector;
    private final RolloutReader reader;
    private final Calls calls = new Calls(Failures::of);
    private final LastingRefusal refusal = new LastingRefusal(Clock.systemUTC());

    /** Asks nothing yet. */
    public GkeTarget(Environment environment, Surroundings surroundings) {
        this.environment = environment;
        this.surroundings = surroundings;
        names = Names.of(environment);
        connection = new Connection(environment, new Access(environment, surroundings));
        values = new SecretValues(environment, surroundings);
        reader = new RolloutReader(environment, new Prover(environment));
        effector = new GkeEffector(connection, values, reader);
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
        Revisions revisions = revisions();
        return revisions.serving().map(revisions::deployed);
    }

    @Override
    public List<Deployed> earlier() throws TargetException, InterruptedException {
        Revisions revisions = revisions();
        return revisions.idle().stream().map(revisions::deployed).toList();
    }

    @Override
    public Change prepare(Candidate candidate) throws TargetException, InterruptedException {
        if (environment.slot() == Slot.LIVE) {
            return roll(ask(() -> rollouts().canary(candidate)));
        }
        Revisions revisions = observed();
        return roll(ask(() -> rollouts().serving(candidate, revisions, Optional.empty())))
                .claiming(revisions.mark(), candidate.version());
    }

    @Override
    public Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException {
        Revisions revisions = observed();
        String expected = previous.map(Deployed::deploymentId).orElse("");
        return roll(ask(() -> rollouts().serving(candidate, revisions, Optional.of(expected))))
                .claiming(revisions.mark(), candidate.version());
    }

    @Override
    public Change revert(Deployed bad, Deployed good) throws TargetException, InterruptedException {
        Revisions revisions = observed();
        if (revisions.of(Names.label(good.deploymentId())).isEmpty()) {
            throw new TargetException("the ReplicaSet of " + good.version() + " is gone from Deployment "
                    + names.deployment() + "; deploy that version again with --deploy " + good.version());
        }
        return roll(ask(() -> rollouts().again(revisions, good))).claiming(revisions.mark(), good.version());
    }

    @Override
    public Change withdraw(Deployed failed) throws TargetException, InterruptedException {
        Api api = connection.api();
        Revisions revisions = observed();
        Change change = remove(ask(() -> new Retirement(environment, api, revisions, values.pulls()).withdraw(failed)));
        boolean serves = Revisions.deploymentOf(failed.revision()).equals(names.deployment())
                && revisions.wanted().equals(Names.label(failed.deploymentId()));
        return serves ? change.claiming(revisions.mark(), failed.version()) : change;
    }

    @Override
    public Change retire(Deployed serving, int keep) throws TargetException, InterruptedException {
        Api api = connection.api();
        Revisions revisions = observed();
        return remove(ask(() -> new Retirement(environment, api, revisions, values.pulls()).retire(serving, keep)));
    }

    @Override
    public boolean standsApart() {
        return environment.slot() == Slot.LIVE;
    }

    /** The canary's Service, by a port of this machine: no address of it leads out of the cluster. */
    @Override
    public Optional<URI> apart(Deployed prepared) throws TargetException, InterruptedException {
        return Optional.of(new CanaryDoor(connection.api(), names.canary().service()).open());
    }

    @Override
    public String log(Deployed deployment, int lines) throws InterruptedException {
        try {
            Api api = connection.api();
            Map<String, String> mine = Map.of(Marks.DEPLOYMENT, Names.label(deployment.deploymentId()));
            Calls brief = Calls.brief(Failures::of, LOG_WITHIN);
            List<String> pods = brief
                    .read("list pods", () -> api.list(Kind.POD, mine).items())
                    .stream()
                    .map(pod -> Tree.at(pod, "metadata", "name"))
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
        return Stream.<Operation>of(new Roll(), new Remove())
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
            Api api = connection.api();
            Map<String, String> seen =
                    switch (subject.kind()) {
                        case RolloutSubject.KIND -> ask(() -> reader.read(api, RolloutSubject.read(subject.id())));
                        case Unchanged.ENVIRONMENT -> ask(() -> reader.environment(api, names));
                        default -> throw new IllegalArgumentException(subject.kind());
                    };
            refusal.passed();
            return seen;
        } catch (TargetException e) {
            return refusal.facts(e);
        }
    }

    /** Reading waits on a watch by itself; this is the pause between two proofs. */
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
        return Optional.of(new GkeLeases(connection, names, new Manifests(environment, names)));
    }

    private Rollouts rollouts() throws TargetException, InterruptedException {
        return new Rollouts(environment, connection.api(), values.pulls());
    }

    /** As {@link #revisions}, once the controller has seen a template that another tool has just written. */
    private Revisions observed() throws TargetException, InterruptedException {
        Api api = connection.api();
        Revisions revisions = revisions();
        for (int i = 0; i < OBSERVATIONS && !revisions.areObserved(); i++) {
            // The controller notes what it has seen on the Deployment, whose watch is a right that a deployment has.
            Api.Listing before = ask(() -> api.list(Kind.DEPLOYMENT, Map.of()));
            revisions = revisions();
            if (!revisions.areObserved()) {
                ask(() -> api.awaitChange(List.of(before), OBSERVATION));
            }
        }
        return revisions;
    }

    private Revisions revisions() throws TargetException, InterruptedException {
        Api api = connection.api();
        Optional<LiveUrl> own = new FrontManifests(environment, names).url();
        return ask(() -> {
            String url = own.map(Object::toString)
                    .or(() -> GkeEffector.address(api, names.ingress()).map(ip -> "http://" + ip))
                    .orElse("http://unknown");
            return Revisions.read(api, environment.label(), url, names);
        });
    }

    private <T> T ask(Callable<T> question) throws TargetException, InterruptedException {
        return calls.read("read Deployment " + names.deployment(), question);
    }

    private static Change roll(Rolling rolling) {
        return new Change(new Roll(), rolling.toParams(), Roll.hoped(rolling));
    }

    private static Change remove(List<Act> acts) {
        return new Change(new Remove(), Remove.params(acts), Map.of());
    }
}
