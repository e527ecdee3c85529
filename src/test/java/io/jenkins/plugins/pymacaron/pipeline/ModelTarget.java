package io.jenkins.plugins.pymacaron.pipeline;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.Step;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A port of a machine that really answers GET /version, and the programs that want it, in memory: the one that served
 * leaves the port before the next one takes it. Any effect can be refused, and a program can die when it is started
 * again.
 */
public final class ModelTarget implements Target, Effector, AutoCloseable {
    private static final String STOP = "stop";
    private static final String START = "start";
    private static final String CREATE = "create";
    private static final String REMOVE = "remove";

    private final String environment;
    private final Set<String> refused;
    private final List<String> applied;
    private final HttpServer server;
    private final Map<String, Deployed> programs = new LinkedHashMap<>();
    private final Effector compared;
    private String running = "";

    /** The mark of the operation that was the last to change what serves. */
    public final AtomicReference<String> mark = new AtomicReference<>("");

    /** The lease store, for tests of the lease. */
    public Optional<LeaseStore> leases = Optional.empty();

    /** Happens while an effect is applied, and while a version is answered. */
    public Runnable meanwhile = () -> {};

    /** Programs that do not come up when they are started. */
    Set<String> dead = Set.of();

    /** A program that answers with a version that no deployment has given it. */
    String wrong = "";

    /**
     * @param refused keys of effects, each behind the environment and a space, that are certainly not applied
     * @param applied is told the same of what was
     */
    public ModelTarget(String environment, Set<String> refused, List<String> applied) throws IOException {
        this.environment = environment;
        this.refused = refused;
        this.applied = applied;
        compared = new Compared(this, List::of, mark);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/version", exchange -> {
            byte[] body = ("{\"version\": \"" + answer() + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(running.isEmpty() ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    public URL url() {
        return new URL(server.getAddress().getPort());
    }

    record URL(int port) {
        @Override
        public String toString() {
            return "http://127.0.0.1:" + port;
        }
    }

    /** Returns the version that answers, "" for none. */
    public synchronized String answer() {
        meanwhile.run();
        return running.isEmpty()
                ? ""
                : running.equals(wrong) ? "wrong" : programs.get(running).version();
    }

    synchronized boolean serves(String program) {
        return running.equals(program);
    }

    public synchronized List<String> programs() {
        return List.copyOf(programs.keySet());
    }

    /** Returns the state that an earlier deployment has left. */
    public synchronized ModelTarget serving(String version) {
        Deployed deployed = deployed(new Candidate(version, "image", version, "sha256:" + version, "c-" + version));
        programs.put(deployed.revision(), deployed);
        running = deployed.revision();
        return this;
    }

    /** Returns the state before any deployment. */
    synchronized ModelTarget empty() {
        programs.clear();
        running = "";
        dead = Set.of();
        meanwhile = () -> {};
        leases = Optional.empty();
        mark.set("");
        return this;
    }

    private Deployed deployed(Candidate c) {
        return new Deployed(
                environment,
                c.deploymentId(),
                c.version(),
                c.digest(),
                c.commit(),
                url().toString(),
                "box-" + c.deploymentId(),
                Instant.parse("2026-01-02T03:04:05Z"));
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
    public synchronized Optional<Deployed> current() {
        return Optional.ofNullable(programs.get(running));
    }

    @Override
    public synchronized List<Deployed> earlier() {
        return programs.values().stream()
                .filter(d -> !d.revision().equals(running))
                .toList();
    }

    @Override
    public Change prepare(Candidate candidate) {
        return environment.endsWith("live")
                ? new Change(new Drop(), deployed(candidate).toMap(), Map.of())
                : swap(deployed(candidate), current());
    }

    @Override
    public Change activate(Candidate candidate, Deployed prepared, Optional<Deployed> previous) {
        return swap(deployed(candidate), current());
    }

    @Override
    public Change rollBack(Deployed bad, Deployed good) {
        return swap(good, current());
    }

    @Override
    public Change withdraw(Deployed failed) {
        Change change = new Change(new Drop(), Map.of("program", failed.revision()), Map.of());
        return running.equals(failed.revision()) ? change.claiming(mark.get(), failed.version()) : change;
    }

    @Override
    public Change retire(Deployed serving, int keep) {
        return new Change(new Drop(), Map.of(), Map.of());
    }

    private Change swap(Deployed next, Optional<Deployed> old) {
        Map<String, String> params = new HashMap<>(next.toMap());
        params.put("creates", Boolean.toString(!programs().contains(next.revision())));
        old.filter(o -> !o.revision().equals(next.revision())).ifPresent(o -> params.put("old", o.revision()));
        return new Change(new Swap(), params, Map.of()).claiming(mark.get(), next.version());
    }

    private static Effect effect(String verb, String program, Map<String, String> more) {
        Map<String, String> args = new HashMap<>(more);
        args.put("program", program);
        return new Effect(verb + ":" + program, verb, args, Duration.ZERO, verb + " " + program);
    }

    private static final class Swap implements Operation {
        @Override
        public String kind() {
            return "model.swap";
        }

        private static List<Effect> line(State state) {
            String program = state.params().get("revision");
            List<Effect> line = new ArrayList<>();
            if (Boolean.parseBoolean(state.params().get("creates"))) {
                line.add(effect(CREATE, program, state.params()));
            }
            Optional.ofNullable(state.params().get("old")).ifPresent(old -> line.add(effect(STOP, old, Map.of())));
            line.add(effect(START, program, Map.of()));
            Optional<Claim> claim = Claim.in(state.params());
            // A container that is made beside the serving one changes nothing of live.
            line.replaceAll(effect ->
                    effect.verb().equals(CREATE) ? effect : Expectation.forth(effect, List.of(Expectation.ANY), claim));
            return line;
        }

        @Override
        public Decision decide(State state, Optional<Observation> latest, Instant now) {
            return Step.next(line(state).stream().<Step>map(Step.Do::new).toList(), state, latest, now, state.params());
        }

        @Override
        public List<Effect> undo(State state) {
            String program = state.params().get("revision");
            List<Effect> back = new ArrayList<>();
            for (Effect effect : line(state)) {
                boolean touched = state.touched(effect.key());
                if (touched && effect.verb().equals(CREATE)) {
                    back.add(effect(REMOVE, program, Map.of()));
                } else if (touched && effect.verb().equals(STOP)) {
                    back.add(effect(START, effect.args().get("program"), Map.of()));
                } else if (touched && !Boolean.parseBoolean(state.params().get("creates"))) {
                    back.add(0, effect(STOP, program, Map.of()));
                }
            }
            Optional<Claim> claim = Claim.in(state.params());
            back.replaceAll(effect -> Expectation.undo(effect, List.of(Expectation.ANY), claim));
            return back;
        }
    }

    private static final class Drop implements Operation {
        @Override
        public String kind() {
            return "model.drop";
        }

        @Override
        public Decision decide(State state, Optional<Observation> latest, Instant now) {
            List<Step> line = Optional.ofNullable(state.params().get("program"))
                    .<Step>map(program -> new Step.Do(effect(REMOVE, program, Map.of())))
                    .stream()
                    .toList();
            return Step.next(line, state, latest, now, state.params());
        }

        @Override
        public List<Effect> undo(State state) {
            return List.of();
        }
    }

    @Override
    public String log(Deployed deployment, int lines) {
        return "";
    }

    @Override
    public Optional<Operation> operation(String kind) {
        return List.<Operation>of(new Swap(), new Drop()).stream()
                .filter(operation -> operation.kind().equals(kind))
                .findFirst();
    }

    @Override
    public Effector effector() {
        return compared;
    }

    @Override
    public String liveMark() {
        return mark.get();
    }

    @Override
    public Optional<LeaseStore> leases() {
        return leases;
    }

    @Override
    public Map<String, String> read(Subject subject) {
        return Map.of();
    }

    @Override
    public synchronized Lookup find(Effect effect) {
        String program = effect.args().get("program");
        boolean reached =
                switch (effect.verb()) {
                    case CREATE -> programs.containsKey(program);
                    case REMOVE -> !programs.containsKey(program);
                    case START -> running.equals(program);
                    default -> !running.equals(program);
                };
        return reached ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    @Override
    public synchronized Map<String, String> apply(Effect effect) throws EffectException {
        String program = effect.args().get("program");
        if (refused.contains(environment + " " + effect.key())) {
            throw EffectException.rejected("refused");
        }
        applied.add(environment + " " + effect.key());
        meanwhile.run();
        switch (effect.verb()) {
            case CREATE -> programs.put(program, Deployed.fromMap(effect.args()).orElseThrow());
            case REMOVE -> {
                programs.remove(program);
                running = running.equals(program) ? "" : running;
            }
            case START -> {
                if (running.isEmpty() && programs.containsKey(program) && !dead.contains(program)) {
                    running = program;
                }
            }
            default -> running = running.equals(program) ? "" : running;
        }
        return Map.of();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
