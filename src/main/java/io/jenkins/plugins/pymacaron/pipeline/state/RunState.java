package io.jenkins.plugins.pymacaron.pipeline.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.DurableFiles;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The state that a resumed run needs: the request, the finished stages, and their results. Every change is on the disk
 * before it counts. It contains no secret.
 *
 * <p>Effects on a cloud are not kept here but in the journals beside it.
 */
public final class RunState {
    private static final int SCHEMA = 2;
    private static final String ROLLBACK = "rollingBack";
    private static final String ACCEPTING = "accepting";
    private static final String OWNER = "owner";
    private static final String CLEANED = "cleaned";
    private static final Set<String> OWN =
            Set.of("request", "temporary", "done", ROLLBACK, ACCEPTING, OWNER, CLEANED, RunOrigin.KEY);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final ObjectNode root;

    private RunState(Path file, ObjectNode root) {
        this.file = file;
        this.root = root;
    }

    public static RunState begin(Path directory, Map<String, String> request) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("schema", SCHEMA);
        root.put("pid", ProcessHandle.current().pid());
        RunState state = new RunState(file(directory), root);
        state.put("request", request);
        return state;
    }

    /** Opens the state. @throws IOException when there is no state that this version can read */
    public static RunState open(Path directory) throws IOException {
        Path file = file(directory);
        try {
            if (!(JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode root)) {
                throw new IOException(file + " is damaged");
            }
            if (root.path("schema").asInt() != SCHEMA) {
                throw new IOException(file + " was written by another version; only that version can continue it");
            }
            return new RunState(file, root);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged", e);
        } catch (NoSuchFileException e) {
            throw new IOException("no run was kept in " + directory, e);
        }
    }

    /** Returns the state that a run has kept, if there is one and this version can read it. */
    public static Optional<RunState> ifReadable(Path directory) {
        try {
            return isThere(directory) ? Optional.of(open(directory)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the reasons why states of runs that may not be over cannot be read, a line each. Such a run hinders
     * nothing else.
     */
    public static List<String> unreadable(PymDirectory pym) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String id : pym.runs()) {
            try {
                if (isThere(pym.run(id)) && !isOver(pym.run(id))) {
                    open(pym.run(id));
                }
            } catch (IOException e) {
                lines.add(IoMessages.of(e) + ". The changes of that run are not undone; look at them, then remove "
                        + pym.run(id));
            }
        }
        return lines;
    }

    /** Returns whether the run has ended, by the state of any version. */
    private static boolean isOver(Path directory) {
        try {
            JsonNode outcome = JSON.readTree(file(directory).toFile()).path("outcome");
            return outcome.isTextual() && !outcome.asText().equals(RunOutcome.ROLLBACK_FAILED.name());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the id of the run, the name of its directory. */
    public String id() {
        return String.valueOf(file.toAbsolutePath().resolveSibling("").getFileName());
    }

    private static Path file(Path directory) {
        return directory.resolve("state.json");
    }

    public static boolean isThere(Path directory) {
        return Files.exists(file(directory));
    }

    /** Returns the entries under {@code name}, empty when there are none. */
    public synchronized Map<String, String> get(String name) {
        Map<String, String> values = new LinkedHashMap<>();
        root.path(name)
                .properties()
                .forEach(e -> values.put(e.getKey(), e.getValue().asText()));
        return values;
    }

    public Optional<String> get(String name, String key) {
        return Optional.ofNullable(get(name).get(key));
    }

    public synchronized void put(String name, Map<String, String> values) throws IOException {
        ObjectNode node = root.putObject(name);
        values.forEach(node::put);
        write();
    }

    /**
     * Returns the entries for other stages: everything of {@link #put}, except entries of this run alone. A removed
     * entry is an empty map, so that laying it over an older state does not bring it back.
     */
    public synchronized Map<String, Map<String, String>> handedOn() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        root.properties().forEach(e -> {
            if (e.getValue().isObject() && !OWN.contains(e.getKey())) {
                all.put(e.getKey(), get(e.getKey()));
            }
        });
        return all;
    }

    /** Allows only a rollback in that slot from now on, also for a process that finishes what this run leaves. */
    public void beginRollback(Slot slot) throws IOException {
        put(ROLLBACK, Map.of("slot", slot.id()));
    }

    /** Returns the slot whose rollback was going on when this run was interrupted. */
    public Optional<String> rollbackSlot() {
        return get(ROLLBACK, "slot");
    }

    /** Notes that this process is to accept that slot, and does nothing else. */
    public void beginAcceptance(Slot slot) throws IOException {
        put(ACCEPTING, Map.of("slot", slot.id()));
    }

    /** Returns the slot that this process was to accept, and has neither accepted nor rolled back. */
    public synchronized Optional<String> unacceptedSlot() {
        return get(ACCEPTING, "slot")
                .filter(slot ->
                        root.path("done").isEmpty() && !root.path(CLEANED).asBoolean());
    }

    /** Returns the directory of the run. */
    public Path directory() {
        return file.toAbsolutePath().resolveSibling("");
    }

    /** Returns whether it has done any stage. */
    public synchronized boolean hasDone() {
        return !root.path("done").isEmpty();
    }

    /**
     * Notes that this process belongs to a run of several processes, which others that deploy to the same environment
     * see as one.
     */
    public void isOf(String run) throws IOException {
        put(OWNER, Map.of("run", run));
    }

    /** Returns the name by which others know the run, where that is not its own id. */
    public Optional<String> run() {
        return get(OWNER, "run");
    }

    /** Notes that the rollback has ended. */
    public void endRollback() throws IOException {
        put(ROLLBACK, Map.of());
    }

    public synchronized boolean isDone(Stage stage) {
        return root.path("done").has(stage.key());
    }

    public synchronized void done(Stage stage, String note) throws IOException {
        root.withObjectProperty("done").put(stage.key(), note);
        write();
    }

    /**
     * Returns whether it left something to undo: it never ended, or its rollback failed and was not completed since.
     */
    public synchronized boolean hasLeft() {
        return isUnfinished() || hasRollbackFailed() && !root.path(CLEANED).asBoolean();
    }

    /**
     * Returns whether it never ended. A run that ended in its preflight has changed nothing, so it does not count. A
     * stage in a process of its own is over once it is done, even if its process ended before it could report: its
     * results are handed on by then.
     */
    public synchronized boolean isUnfinished() {
        return outcome().isEmpty()
                && get("source", "commit").isPresent()
                && !(run().isPresent() && !root.path("done").isEmpty());
    }

    /** Returns whether it ended with something left. */
    public boolean hasRollbackFailed() {
        return outcome().equals(Optional.of(RunOutcome.ROLLBACK_FAILED));
    }

    /** Notes that what it had left is undone. */
    public synchronized void cleaned() throws IOException {
        if (outcome().isEmpty()) {
            root.put("outcome", RunOutcome.INTERRUPTED.name());
        }
        root.put(CLEANED, true);
        write();
    }

    synchronized Optional<RunOutcome> outcome() {
        String name = root.path("outcome").asText();
        // A later version may know outcomes that this one does not.
        return name.isEmpty()
                ? Optional.empty()
                : Stream.of(RunOutcome.values())
                        .filter(o -> o.name().equals(name))
                        .findFirst()
                        .or(() -> Optional.of(RunOutcome.DEPLOY_FAILED));
    }

    public synchronized void end(RunOutcome outcome) throws IOException {
        root.put("outcome", outcome.name());
        write();
    }

    private void write() throws IOException {
        Uninterruptibles.write(this::writeNow);
    }

    private void writeNow() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        DurableFiles.file(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.entry(file);
    }
}
