package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec.Published;
import io.jenkins.plugins.pymacaron.docker.Containers;
import io.jenkins.plugins.pymacaron.docker.DockerUnavailableException;
import io.jenkins.plugins.pymacaron.docker.DockerUnavailableException.Why;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Applies {@link DockerEffects} on a Docker Engine. Each effect can be applied twice with the same result. */
final class DockerEffector implements Effector {
    /** The port inside a container with a network of its own, as PyMacaron's images expose it. */
    static final int INSIDE = 80;

    /** Only root may listen below this port on a network that is not the container's own. */
    private static final int FIRST_FREE_PORT = 1024;

    /** The reasons of the kernel for which an engine cannot end a container, now and at the next try (errno(3)). */
    private static final Pattern LASTING =
            Pattern.compile("(?i)permission denied|operation not permitted|device or resource busy");

    private final Containers containers;
    private final DockerStateReader reader;
    private final ContainerOwnership ownership;
    private final FailedLogs failed;
    private final LiveMarkStore marks;
    private final LostMark lost;
    private final boolean publishes;
    private final Map<String, String> variables;

    /**
     * Makes the effector.
     *
     * @param ownership tells which containers may be stopped and removed
     * @param failed is told of each container that is made, and asked before it is removed
     * @param marks of the environment
     * @param publishes whether the engine can publish ports; otherwise containers share the network of their machine
     * @param variables the environment of new containers, secrets included
     */
    DockerEffector(
            Containers containers,
            DockerStateReader reader,
            ContainerOwnership ownership,
            FailedLogs failed,
            LiveMarkStore marks,
            boolean publishes,
            Map<String, String> variables) {
        this.containers = containers;
        this.reader = reader;
        this.ownership = ownership;
        this.failed = failed;
        this.marks = marks;
        lost = new LostMark(reader);
        this.publishes = publishes;
        this.variables = Map.copyOf(variables);
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        try {
            String container = effect.args().get("container");
            Optional<ContainerFacts> found = containers.inspect(container);
            boolean running = found.filter(DockerStateReader::runs).isPresent();
            if (compares(effect, running)) {
                String read = marks.read();
                List<String> serving = running(reader.standing());
                String mark = lost.orFound(effect, serving, read);
                if (Expectation.isOver(effect, serving, mark)) {
                    return Lookup.present(Map.of());
                }
                if (!Expectation.isMarked(effect, mark)) {
                    // Another operation may have come to the same state: applying this effect says so.
                    return Lookup.ABSENT;
                }
            }
            boolean reached =
                    switch (effect.verb()) {
                        case DockerEffects.CREATE ->
                            found.filter(c -> isOf(ContainerCreation.read(effect.args()), c))
                                    .isPresent();
                        case DockerEffects.START -> running;
                        // A container that was started and does not answer is not restored: what the undo ends after it
                        // may still be needed.
                        case DockerEffects.RESTORE -> running && reader.answers(container);
                        case DockerEffects.CLAIM -> true;
                        case DockerEffects.UNCLAIM ->
                            marks.read().equals(Expectation.markBefore(effect).orElse(""));
                        case DockerEffects.STOP -> !running;
                        case DockerEffects.REMOVE -> found.isEmpty();
                        default -> throw new IllegalArgumentException(effect.verb());
                    };
            return reached ? Lookup.present(Map.of()) : Lookup.ABSENT;
        } catch (IOException e) {
            return Lookup.unknown(e.getMessage());
        }
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        String container = effect.args().get("container");
        try {
            boolean removes = effect.verb().equals(DockerEffects.REMOVE);
            Optional<ContainerFacts> there = removes ? look(() -> containers.inspect(container)) : Optional.empty();
            List<ContainerFacts> standing = List.of();
            if (compares(effect, there.filter(DockerStateReader::runs).isPresent())) {
                String mark = look(marks::read);
                standing = look(reader::standing);
                if (!isMine(effect, running(standing), mark)) {
                    return Map.of();
                }
            }
            switch (effect.verb()) {
                case DockerEffects.CREATE -> create(ContainerCreation.read(effect.args()));
                case DockerEffects.CLAIM -> {}
                case DockerEffects.UNCLAIM -> giveBack(effect);
                case DockerEffects.START -> {
                    refuseOthers(container, standing);
                    start(container);
                }
                case DockerEffects.RESTORE -> {
                    refuseOthers(container, standing);
                    start(container);
                    Optional<String> inTheWay = reader.awaitAnswer(container);
                    if (inTheWay.isPresent()) {
                        throw EffectException.rejected(inTheWay.get());
                    }
                }
                case DockerEffects.STOP -> {
                    refuseOthers(container, standing);
                    if (isBeside(effect)) {
                        end(() -> containers.stop(container, DockerEffects.GRACE));
                    }
                }
                case DockerEffects.REMOVE -> {
                    if (there.filter(ownership::mayEnd).isPresent() && isBeside(effect)) {
                        failed.leaving(container);
                        remove(effect, container);
                    }
                }
                default -> throw new IllegalArgumentException(effect.verb());
            }
            return Map.of();
        } catch (DockerUnavailableException e) {
            throw e.why() == Why.CONNECTION_LOST
                    ? EffectException.uncertain(e.getMessage(), e)
                    : EffectException.retry(e.getMessage());
        } catch (CommandFailedException e) {
            throw EffectException.rejected(e.getMessage());
        } catch (IOException e) {
            throw EffectException.uncertain(e.getMessage(), e);
        }
    }

    /**
     * Returns whether the effect compares. A container that does not run serves no user, even if live has changed
     * since, so its removal compares nothing.
     */
    private static boolean compares(Effect effect, boolean running) {
        return Expectation.isOf(effect) && (running || !effect.verb().equals(DockerEffects.REMOVE));
    }

    /** Asks the engine, or its marks. */
    private interface Look<T> {
        T answer() throws IOException, InterruptedException;
    }

    /** Looks before a change: a look that fails refuses nothing, so the driver tries again while the effect has time. */
    private static <T> T look(Look<T> look) throws EffectException, InterruptedException {
        try {
            return look.answer();
        } catch (IOException e) {
            throw EffectException.retry(e.getMessage());
        }
    }

    /** Compares, and leaves the mark before anything changes. @return whether there is something to do */
    private boolean isMine(Effect effect, List<String> running, String found)
            throws InterruptedException, EffectException {
        String compared = look(() -> lost.orFound(effect, running, found));
        if (!Expectation.holds(effect, "what serves in the environment", running, compared)) {
            return false;
        }
        Optional<String> mark =
                effect.verb().equals(DockerEffects.UNCLAIM) ? Optional.empty() : Expectation.mark(effect);
        // A mark that was left without an answer is found by the next try.
        if (mark.isPresent() && !mark.get().equals(found) && !look(() -> marks.replace(found, mark.get()))) {
            throw EffectException.retry("another deployment changes the same at this moment");
        }
        return true;
    }

    /** Sets the mark of before, if the container of before runs again. */
    private void giveBack(Effect effect) throws InterruptedException, EffectException {
        String before = Expectation.markBefore(effect).orElse("");
        String found = look(marks::read);
        boolean mine = Expectation.mark(effect).filter(found::equals).isPresent();
        if (mine && isBeside(effect) && !look(() -> marks.replace(found, before))) {
            throw EffectException.retry("another deployment changes the same at this moment");
        }
    }

    private static List<String> running(List<ContainerFacts> standing) {
        return standing.stream()
                .filter(DockerStateReader::runs)
                .map(ContainerFacts::name)
                .toList();
    }

    private static boolean isOf(ContainerCreation creation, ContainerFacts there) {
        return Stream.of(DockerMetadata.DEPLOYMENT, DockerMetadata.ENVIRONMENT, DockerMetadata.IDENTITY)
                .allMatch(label -> Objects.equals(
                        creation.labels().get(label), there.labels().get(label)));
    }

    /**
     * Refuses a container of another owner. For a container that does not exist, the engine's own message is used.
     *
     * @param standing the containers that an earlier look has found in this environment, or empty where there was none
     */
    private void refuseOthers(String container, List<ContainerFacts> standing)
            throws InterruptedException, EffectException {
        if (standing.stream().anyMatch(c -> c.name().equals(container))) {
            return;
        }
        if (look(() -> containers.inspect(container))
                .filter(c -> !ownership.mayEnd(c))
                .isPresent()) {
            throw EffectException.rejected("container " + container + " is not of this environment; it is left alone");
        }
    }

    /** Returns whether the container of {@link DockerEffects#BESIDE} runs, if the effect names one. */
    private boolean isBeside(Effect effect) throws InterruptedException, EffectException {
        Optional<String> serving = Optional.ofNullable(effect.args().get(DockerEffects.BESIDE));
        return serving.isEmpty()
                || look(() -> containers.inspect(serving.get()))
                        .filter(DockerStateReader::runs)
                        .isPresent();
    }

    private void remove(Effect effect, String container) throws IOException, InterruptedException, EffectException {
        if (DockerEffects.onlyIfStopped(effect)) {
            containers.removeStopped(container);
        } else {
            end(() -> containers.remove(container));
        }
    }

    /** Starts a container. An engine that says that it failed may have started it all the same. */
    private void start(String container) throws IOException, InterruptedException, EffectException {
        try {
            containers.start(container);
        } catch (CommandFailedException e) {
            if (afterwards(container, e).filter(DockerStateReader::runs).isEmpty()) {
                throw e;
            }
        }
    }

    /** Stops or removes a container. */
    private interface End {
        void call() throws IOException, InterruptedException;
    }

    /**
     * Ends a container. A failure is no proof that it goes on: an engine that has sent the signal and saw no exit for a
     * while answers with an error, and the container ends later (moby, daemon/kill.go: "tried to kill container, but did
     * not receive an exit event").
     */
    private static void end(End end) throws IOException, InterruptedException, EffectException {
        try {
            end.call();
        } catch (CommandFailedException e) {
            if (LASTING.matcher(e.getMessage()).find()) {
                throw e;
            }
            throw EffectException.uncertain(e.getMessage(), e);
        }
    }

    private void create(ContainerCreation c) throws IOException, InterruptedException, EffectException {
        try {
            containers.create(spec(c));
            failed.made(c);
        } catch (CommandFailedException e) {
            // The engine makes no second container of a name, so no look is needed before.
            Optional<ContainerFacts> there = afterwards(c.container(), e);
            if (there.isEmpty()) {
                throw e;
            }
            if (!isOf(c, there.get())) {
                throw EffectException.rejected(
                        "there is a container " + c.container() + " that is not ours; remove or rename it");
            }
        }
    }

    /** Looks for a container that the engine has not made, or perhaps has. */
    private Optional<ContainerFacts> afterwards(String container, CommandFailedException failure)
            throws InterruptedException, EffectException {
        try {
            return containers.inspect(container);
        } catch (IOException e) {
            throw EffectException.uncertain(failure.getMessage() + "; " + e.getMessage(), e);
        }
    }

    private ContainerSpec spec(ContainerCreation c) {
        ContainerSpec spec = ContainerSpec.of(c.image())
                .named(c.container())
                .with(variables)
                .labelled(c.labels())
                .restarting(c.keepAlive() ? "unless-stopped" : "no");
        String bind = Hosts.listening(
                c.labels().getOrDefault(DockerMetadata.ADDRESS, c.labels().get(DockerMetadata.URL)));
        if (publishes) {
            return spec.with(Map.of("PORT", Integer.toString(INSIDE)))
                    .publishing(new Published(INSIDE, Optional.of(c.port()), bind));
        }
        Map<String, String> listening = new TreeMap<>();
        listening.put("PORT", Integer.toString(c.port()));
        if (!bind.equals(Hosts.EVERYWHERE)) {
            listening.put("PYM_HOST", bind);
        }
        if (c.probePort() != 0) {
            listening.put("PYM_PROBE_PORT", Integer.toString(c.probePort()));
            listening.put("PYM_REUSE_PORT", "1");
            Optional.ofNullable(c.labels().get(DockerMetadata.TESTS))
                    .ifPresent(url ->
                            listening.put("PYM_TEST_BIND", URI.create(url).getAuthority()));
        }
        ContainerSpec shared = spec.onHostNetwork().with(listening);
        return c.port() < FIRST_FREE_PORT ? shared.as("0:0") : shared;
    }
}
