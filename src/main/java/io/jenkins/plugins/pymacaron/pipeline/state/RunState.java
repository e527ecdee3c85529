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
 * What a run has to know again when it is resumed: what was asked for, which stages are done, and what they made. Every
 * change is on the disk before it counts. Holds no secret.
 *
 * <p>Effects on a cloud are not kept here but in the journals beside it.
 */
public final class RunState {
    private static final int SCHEMA = 1;
    private static final String BACK = "back";
    private static final String OWNER = "owner";
    private static final String CLEANED = "cleaned";
    private static final Set<String> OWN = Set.of("request", "temporary", "done", BACK, OWNER, CLEANED, RunOrigin.KEY);
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

    /** @throws IOException when there is no state there that this version can read */
    public static RunState open(Path directory) throws IOException {
        Path file = file(directory);
        try {
            if (!(JSON.readTree(file.toFile()) instanceof ObjectNode root)) {
                throw new IOException(file + " is damaged");
            }
            if (root.path("schema").asInt() != SCHEMA) {
                throw new IOException(file + " was written by another version; only that one can go on with it");
            }
            return new RunState(file, root);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged", e);
        } catch (NoSuchFileException e) {
            throw new IOException("no run was kept in " + directory, e);
        }
    }

    /** The state that a run has kept, if there is one and this version can read it. */
    public static Optional<RunState> ifReadable(Path directory) {
        try {
            return isThere(directory) ? Optional.of(open(directory)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Why states cannot be read of runs that may not be over, a line each. Such a run is in the way of nothing else. */
    public static List<String> unreadable(PymDirectory pym) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String id : pym.runs()) {
            try {
                if (isThere(pym.run(id)) && !isOver(pym.run(id))) {
                    open(pym.run(id));
                }
            } catch (IOException e) {
                lines.add(IoMessages.of(e) + ". What that run has left is not undone; look at it, then remove "
                        + pym.run(id));
            }
        }
        return lines;
    }

    /** Whether it has come to its end, whichever version has written that. */
    private static boolean isOver(Path directory) {
        try {
            JsonNode outcome = JSON.readTree(file(directory).toFile()).path("outcome");
            return outcome.isTextual() && !outcome.asText().equals(RunOutcome.ROLLBACK_FAILED.name());
        } catch (IOException e) {
            return false;
        }
    }

    private static Path file(Path directory) {
        return directory.resolve("state.json");
    }

    public static boolean isThere(Path directory) {
        return Files.exists(file(directory));
    }

    /** What was kept under {@code name}, empty when nothing was. */
    public Map<String, String> get(String name) {
        Map<String, String> values = new LinkedHashMap<>();
        root.path(name)
                .properties()
                .forEach(e -> values.put(e.getKey(), e.getValue().asText()));
        return values;
    }

    public Optional<String> get(String name, String key) {
        return Optional.ofNullable(get(name).get(key));
    }

    public void put(String name, Map<String, String> values) throws IOException {
        ObjectNode node = root.putObject(name);
        values.forEach(node::put);
        write();
    }

    /**
     * What stages hand on to others: everything of {@link #put}, but for what belongs to this run alone. What was
     * forgotten is there as an empty map, so that nobody who lays it over an older state remembers it again.
     */
    public Map<String, Map<String, String>> handedOn() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        root.properties().forEach(e -> {
            if (e.getValue().isObject() && !OWN.contains(e.getKey())) {
                all.put(e.getKey(), get(e.getKey()));
            }
        });
        return all;
    }

    /** From now on there is only the way back in that slot, also for whoever finishes what this run leaves. */
    public void onTheWayBack(Slot slot) throws IOException {
        put(BACK, Map.of("slot", slot.id()));
    }

    /** The slot that was on its way back when this run was cut off. */
    public Optional<String> wayBack() {
        return get(BACK, "slot");
    }

    /** Several processes are one run to others who deploy to the same environment: this is one of them. */
    public void isOf(String run) throws IOException {
        put(OWNER, Map.of("run", run));
    }

    /** What others know it by, where that is not its own id. */
    public Optional<String> run() {
        return get(OWNER, "run");
    }

    /** The way back has come to its end. */
    public void isBack() throws IOException {
        put(BACK, Map.of());
    }

    public boolean isDone(Stage stage) {
        return root.path("done").has(stage.key());
    }

    public void done(Stage stage, String note) throws IOException {
        root.withObjectProperty("done").put(stage.key(), note);
        write();
    }

    /** Whether it left something to undo: it never came to an end, or its way back failed and nobody was able to since. */
    public boolean hasLeft() {
        return isUnfinished() || wayBackFailed() && !root.path(CLEANED).asBoolean();
    }

    /**
     * Whether it never came to an end. One that ended in its preflight has changed nothing, so there is nothing of it. A stage in a process of its own is over once it is done, though its process ended
     * before it could say so: what it has made is handed on by then.
     */
    public boolean isUnfinished() {
        return outcome().isEmpty()
                && get("source", "commit").isPresent()
                && !(run().isPresent() && !root.path("done").isEmpty());
    }

    /** Whether it came to its end with something left. */
    public boolean wayBackFailed() {
        return outcome().equals(Optional.of(RunOutcome.ROLLBACK_FAILED));
    }

    /** What it had left is undone. */
    public void cleaned() throws IOException {
        if (outcome().isEmpty()) {
            root.put("outcome", RunOutcome.INTERRUPTED.name());
        }
        root.put(CLEANED, true);
        write();
    }

    Optional<RunOutcome> outcome() {
        String name = root.path("outcome").asText();
        // A later version may know outcomes that this one does not.
        return name.isEmpty()
                ? Optional.empty()
                : Stream.of(RunOutcome.values())
                        .filter(o -> o.name().equals(name))
                        .findFirst()
                        .or(() -> Optional.of(RunOutcome.DEPLOY_FAILED));
    }

    public void end(RunOutcome outcome) throws IOException {
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
