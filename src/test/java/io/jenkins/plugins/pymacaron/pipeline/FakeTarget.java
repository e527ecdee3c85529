package io.jenkins.plugins.pymacaron.pipeline;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * An environment in memory, as in a cloud: a candidate is made beside the serving version, at an address of its own,
 * and gets the traffic later. Its versions answer GET /version on loopback, and {@link FakeFaults} say what goes wrong.
 */
public class FakeTarget implements Target, Effector, AutoCloseable {
    /** Keeps the effects of all environments back while a test takes a copy of all of them. */
    public static final ReadWriteLock EFFECTS = new ReentrantReadWriteLock();

    private static final Backoff PACE = new Backoff(Duration.ofMillis(1), 1.5, Duration.ofMillis(20), 0);

    private final String environment;
    private final HttpServer server;
    private final FakeWorld world = new FakeWorld();

    public final FakeFaults faults = new FakeFaults();

    /** Every effect that was applied, in order. */
    public final List<String> applied = new ArrayList<>();

    /** Whether a candidate gets a part of the traffic before it gets all of it. */
    public boolean canary;

    /** Whether a candidate is accepted at its own address before it serves. */
    public boolean apart;

    /** The versions that {@link #tidy} ends. */
    public List<String> expired = List.of();

    /** The versions that {@link #endRemoved} ends. */
    public List<String> unnamed = List.of();

    public Optional<LeaseStore> leases = Optional.empty();

    /** Told before ("?") and after ("!") an effect is applied, and before a change is settled ("="). */
    public Consumer<String> watcher = moment -> {};

    /** Whether {@link #prepare} for live may run while staging is accepted. */
    public boolean alone;

    /** Runs before each answer to users. */
    public volatile Runnable beforeAnswer = () -> {};

    public FakeTarget(String environment) throws IOException {
        this.environment = environment;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            beforeAnswer.run();
            String answer = answerAt(exchange.getRequestURI().getPath());
            byte[] body = ("{\"version\": \"" + answer + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.isEmpty() ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** Without a slash at its end. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** As it is before anything was deployed, with nothing wrong. */
    public synchronized void clear() {
        world.become(new FakeWorld());
        faults.clear();
        applied.clear();
        canary = false;
        apart = false;
        alone = false;
        beforeAnswer = () -> {};
        expired = List.of();
        unnamed = List.of();
        leases = Optional.empty();
        watcher = moment -> {};
    }

    /** As an earlier deployment has left it. */
    public synchronized Deployed serving(String version, String commit) {
        Deployed deployed = deployed(new Candidate(version, "image", version, "sha256:" + version, commit));
        world.create(deployed);
        world.route(deployed.revision());
        return deployed;
    }

    /** As {@link #serving}, by another run, which leaves its mark. */
    public synchronized void overtakenBy(String version, String mark) {
        serving(version, "c-" + version);
        world.mark(mark);
    }

    /** Ends the serving version, as a user does by hand. */
    public synchronized void stop() {
        world.route("");
    }

    /** Returns a copy of the environment. Its caller holds {@link #EFFECTS}, so that nothing changes meanwhile. */
    public FakeWorld moment() {
        return world.copy();
    }

    public synchronized void rollBackTo(FakeWorld moment) {
        world.become(moment);
    }

    /** Returns the version that answers to users, "" for none. */
    public synchronized String answer() {
        return answerAt("/version");
    }

    public synchronized List<String> versions() {
        return world.revisions().values().stream().map(Deployed::version).toList();
    }

    private synchronized String answerAt(String path) {
        String[] parts = path.split("/");
        String revision = parts.length > 2 && parts[1].equals("revision") ? parts[2] : world.serving();
        Deployed deployed = world.revisions().get(revision);
        return deployed == null ? "" : faults.answers.getOrDefault(deployed.version(), deployed.version());
    }

    private Deployed deployed(Candidate c) {
        return new Deployed(
                environment,
                c.deploymentId(),
                c.version(),
                c.digest(),
                c.commit(),
                url(),
                "r-" + c.deploymentId(),
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    private boolean isStaging() {
        return environment.endsWith("staging");
    }

    private Change change(String kind, Map<String, String> params) {
        watcher.accept("=" + kind);
        return new Change(
                new FakeOperation(kind),
                params,
                Map.of(
                        FakeOperation.MADE,
                        Map.of(FakeOperation.READY, "true"),
                        FakeOperation.TRIED,
                        Map.of(FakeOperation.READY, "true")));
    }

    private synchronized Map<String, String> params(Deployed deployed) {
        Map<String, String> params = new HashMap<>(deployed.toMap());
        deployed.toMap().forEach((name, value) -> params.put("deployed." + name, value));
        params.put(FakeOperation.FROM, world.serving());
        return params;
    }

    @Override
    public String environment() {
        return environment;
    }

    @Override
    public List<Problem> preflight() {
        return List.of();
    }

    @Override
    public synchronized Optional<Deployed> current() throws TargetException {
        faults.read();
        return Optional.ofNullable(world.revisions().get(world.serving()));
    }

    @Override
    public synchronized List<Deployed> earlier() throws TargetException {
        faults.read();
        return world.earlier();
    }

    @Override
    public synchronized Change prepare(Candidate candidate) throws TargetException {
        faults.settle("prepare");
        Deployed next = deployed(candidate);
        Map<String, String> params = params(next);
        if (!world.revisions().containsKey(next.revision())) {
            params.put(FakeOperation.CREATE, next.revision());
        }
        if (isStaging()) {
            params.put(FakeOperation.ROUTE, next.revision());
        }
        Change change = change("fake.prepare", params);
        return isStaging() ? change.claiming(world.mark(), next.version()) : change;
    }

    @Override
    public synchronized Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous)
            throws TargetException {
        faults.settle("activate");
        Map<String, String> params = params(prepared);
        if (canary && previous.isPresent()) {
            params.put(FakeOperation.SHARE, prepared.revision());
        }
        params.put(FakeOperation.ROUTE, prepared.revision());
        return change("fake.activate", params).claiming(world.mark(), prepared.version());
    }

    @Override
    public synchronized Change rollBack(Deployed bad, Deployed good) throws TargetException {
        faults.settle("rollBack");
        Map<String, String> params = params(good);
        params.put(FakeOperation.ROUTE, good.revision());
        return change("fake.rollback", params).claiming(world.mark(), good.version());
    }

    @Override
    public synchronized Change withdraw(Deployed failed) throws TargetException {
        faults.settle("withdraw");
        Map<String, String> params = params(failed);
        params.put(FakeOperation.DELETE, failed.revision());
        Change change = change("fake.withdraw", params);
        return world.serving().equals(failed.revision()) ? change.claiming(world.mark(), failed.version()) : change;
    }

    @Override
    public synchronized Change retire(Deployed serving, int keep) throws TargetException {
        faults.settle("retire");
        List<String> kept =
                world.earlier().stream().limit(keep).map(Deployed::revision).toList();
        return deleting(world.revisions().keySet().stream()
                .filter(revision -> !revision.equals(serving.revision()) && !kept.contains(revision))
                .toList());
    }

    private Change deleting(List<String> revisions) {
        return change("fake.delete", Map.of(FakeOperation.DELETE, String.join(" ", revisions)));
    }

    @Override
    public synchronized Optional<Change> tidy() {
        return expired.isEmpty() ? Optional.empty() : Optional.of(deleting(expired));
    }

    @Override
    public Optional<Change> endRemoved(int keep) {
        return unnamed.isEmpty() ? Optional.empty() : Optional.of(deleting(unnamed));
    }

    @Override
    public String log(Deployed deployment, int lines) {
        return faults.logs.getOrDefault(deployment.version(), "");
    }

    @Override
    public Optional<Operation> operation(String kind) {
        return kind.startsWith("fake.") ? Optional.of(new FakeOperation(kind)) : Optional.empty();
    }

    @Override
    public Effector effector() {
        return this;
    }

    @Override
    public synchronized Map<String, String> read(Subject subject) {
        return subject.kind().equals(FakeOperation.MADE)
                ? faults.readiness(world.revisions().get(subject.id()))
                : Map.of(FakeOperation.READY, "true");
    }

    @Override
    public synchronized Lookup find(Effect effect) {
        if (Expectation.isOver(effect, "", world.mark())) {
            return Lookup.present(Map.of());
        }
        String revision = effect.args().get("program");
        boolean reached =
                switch (effect.verb()) {
                    case FakeOperation.CREATE -> world.revisions().containsKey(revision);
                    case FakeOperation.DELETE -> !world.revisions().containsKey(revision);
                    case FakeOperation.ROUTE -> world.serving().equals(revision);
                    default -> false;
                };
        return reached && Expectation.isMarked(effect, world.mark()) ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException {
        watcher.accept("?" + effect.key());
        EFFECTS.readLock().lock();
        try {
            applyNow(effect);
        } finally {
            EFFECTS.readLock().unlock();
        }
        watcher.accept("!" + effect.key());
        faults.afterApplying(effect);
        return Map.of();
    }

    private synchronized void applyNow(Effect effect) throws EffectException {
        faults.beforeApplying(effect);
        if (Expectation.holds(effect, "what serves", "", world.mark())) {
            applied.add(effect.key());
            change(effect);
            Expectation.mark(effect).ifPresent(world::mark);
        }
    }

    private void change(Effect effect) throws EffectException {
        String revision = effect.args().get("program");
        switch (effect.verb()) {
            case FakeOperation.CREATE ->
                world.create(Deployed.fromMap(effect.args()).orElseThrow());
            case FakeOperation.DELETE -> world.delete(revision);
            case FakeOperation.ROUTE -> {
                if (!revision.isEmpty() && !world.revisions().containsKey(revision)) {
                    throw EffectException.rejected("there is no " + revision);
                }
                world.route(faults.losesLive ? "" : revision);
            }
            default -> world.route(world.serving());
        }
    }

    @Override
    public boolean preparesAlone() {
        return alone && !isStaging();
    }

    @Override
    public boolean standsApart() {
        return apart && !isStaging();
    }

    @Override
    public synchronized Optional<URI> apart(Deployed prepared) {
        return apart ? Optional.of(URI.create(url() + "/revision/" + prepared.revision())) : Optional.empty();
    }

    @Override
    public boolean isTried(Subject subject) {
        return subject.kind().equals(FakeOperation.TRIED);
    }

    @Override
    public Backoff pace() {
        return PACE;
    }

    @Override
    public List<String> byHand(Optional<Deployed> good) {
        return List.of("fake show " + environment);
    }

    @Override
    public synchronized String liveMark() {
        return world.mark();
    }

    @Override
    public Optional<LeaseStore> leases() {
        return leases;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
