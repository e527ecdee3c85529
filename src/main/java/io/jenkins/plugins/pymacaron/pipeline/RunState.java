package io.jenkins.plugins.pymacaron.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a run has to know again when it is resumed: what was asked for, which stages are done, and what they made. Every
 * change is on the disk before it counts. Holds no secret.
 *
 * <p>Effects on a cloud are not kept here but in the journals beside it.
 */
final class RunState {
    private static final int SCHEMA = 1;
    private static final String BACK = "back";
    private static final String OWNER = "owner";
    private static final Set<String> OWN = Set.of("request", "temporary", "done", BACK, OWNER);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final ObjectNode root;

    private RunState(Path file, ObjectNode root) {
        this.file = file;
        this.root = root;
    }

    static RunState begin(Path directory, Map<String, String> request) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("schema", SCHEMA);
        root.put("pid", ProcessHandle.current().pid());
        RunState state = new RunState(directory.resolve("state.json"), root);
        state.put("request", request);
        return state;
    }

    /** @throws IOException when there is no state there that this version can read */
    static RunState open(Path directory) throws IOException {
        Path file = directory.resolve("state.json");
        try {
            if (!(JSON.readTree(file.toFile()) instanceof ObjectNode root)) {
                throw new IOException(file + " is damaged");
            }
            if (root.path("schema").asInt() != SCHEMA) {
                throw new IOException(file + " was written by another version; only that one can go on with it");
            }
            return new RunState(file, root);
        } catch (NoSuchFileException e) {
            throw new IOException("no run was kept in " + directory, e);
        }
    }

    static boolean isThere(Path directory) {
        return Files.exists(directory.resolve("state.json"));
    }

    /** What was kept under {@code name}, empty when nothing was. */
    Map<String, String> get(String name) {
        Map<String, String> values = new LinkedHashMap<>();
        root.path(name)
                .properties()
                .forEach(e -> values.put(e.getKey(), e.getValue().asText()));
        return values;
    }

    Optional<String> get(String name, String key) {
        return Optional.ofNullable(get(name).get(key));
    }

    void put(String name, Map<String, String> values) throws IOException {
        ObjectNode node = root.putObject(name);
        values.forEach(node::put);
        write();
    }

    /**
     * What stages hand on to others: everything of {@link #put}, but for what belongs to this run alone. What was
     * forgotten is there as an empty map, so that nobody who lays it over an older state remembers it again.
     */
    Map<String, Map<String, String>> handedOn() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        root.properties().forEach(e -> {
            if (e.getValue().isObject() && !OWN.contains(e.getKey())) {
                all.put(e.getKey(), get(e.getKey()));
            }
        });
        return all;
    }

    /** From now on there is only the way back in that slot, also for whoever finishes what this run leaves. */
    void onTheWayBack(Slot slot) throws IOException {
        put(BACK, Map.of("slot", slot.id()));
    }

    /** The slot that was on its way back when this run was cut off. */
    Optional<String> wayBack() {
        return get(BACK, "slot");
    }

    /** Several processes are one run to others who deploy to the same environment: this is one of them. */
    void isOf(String run) throws IOException {
        put(OWNER, Map.of("run", run));
    }

    /** What others know it by, where that is not its own id. */
    Optional<String> run() {
        return get(OWNER, "run");
    }

    /** The way back has come to its end. */
    void isBack() throws IOException {
        put(BACK, Map.of());
    }

    boolean isDone(Stage stage) {
        return root.path("done").has(stage.key());
    }

    void done(Stage stage, String note) throws IOException {
        root.withObjectProperty("done").put(stage.key(), note);
        write();
    }

    Optional<RunOutcome> outcome() {
        return Optional.ofNullable(root.get("outcome")).map(o -> RunOutcome.valueOf(o.asText()));
    }

    void end(RunOutcome outcome) throws IOException {
        root.put("outcome", outcome.name());
        write();
    }

    private void write() throws IOException {
        Undisturbed.write(this::writeNow);
    }

    private void writeNow() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
