package io.jenkins.plugins.pymacaron.jenkins.history;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.pymacaron.jenkins.run.DurableName;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The deployments of a job, in a file of its own beside the job's configuration, which outlives discarded builds. Each
 * deployment is a line of JSON, added at the end and on the disk before it counts; a line that was cut off is ignored.
 */
public final class DeploymentHistory {
    /** The size of some ten thousand deployments; older ones are no longer shown. */
    private static final long READ_BYTES = 4 << 20;

    /** The number of jobs whose history stays in memory. */
    private static final int MOST_READ = 20;

    /** One lock serves all jobs, because deployments are rare. */
    private static final Object LOCK = new Object();

    private static final JsonMapper JSON = JsonMapper.builder()
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The last read files, while there is memory for them: a page of a long history does not parse it each time. */
    private static final Map<Path, SoftReference<Content>> READ = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, SoftReference<Content>> eldest) {
            return size() > MOST_READ;
        }
    };

    private final Path directory;
    private final Path file;

    /** Tells whether a file has changed. */
    private record State(long size, FileTime modified, Object key) {}

    private record Content(State state, List<DeploymentEntry> entries, List<AcceptanceEntry> acceptances) {}

    private DeploymentHistory(Path directory) {
        this.directory = directory;
        file = directory.resolve("pymacaron-deployments.jsonl");
    }

    @NonNull
    public static DeploymentHistory of(@NonNull Job<?, ?> job) {
        return in(job.getRootDir().toPath());
    }

    static DeploymentHistory in(Path directory) {
        return new DeploymentHistory(directory);
    }

    void add(Collection<DeploymentEntry> entries) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (DeploymentEntry entry : entries) {
            lines.append(JSON.writeValueAsString(entry)).append('\n');
        }
        append(lines.toString());
    }

    /**
     * Adds an acceptance once, even after repeated calls. An earlier version of this class ignores the line, because it
     * names no environment.
     */
    void add(AcceptanceEntry accepted) throws IOException {
        if (!acceptances().contains(accepted)) {
            append(JSON.writeValueAsString(accepted) + "\n");
        }
    }

    private void append(String lines) throws IOException {
        synchronized (LOCK) {
            Files.createDirectories(directory);
            boolean fresh = !Files.exists(file);
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long size = channel.size();
                ByteBuffer last = ByteBuffer.allocate(1);
                // A line that a crash cut off must not damage the next one.
                boolean torn = size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
                channel.position(size);
                ByteBuffer bytes = ByteBuffer.wrap(((torn ? "\n" : "") + lines).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (fresh) {
                DurableName.sync(file);
            }
        }
    }

    public boolean isEmpty() {
        return !Files.exists(file);
    }

    /** Returns all entries, the newest first. */
    @NonNull
    public List<DeploymentEntry> entries() throws IOException {
        return read().entries();
    }

    /** Returns the results of the tests, the newest first, as far as there were tests. */
    @NonNull
    List<AcceptanceEntry> acceptances() throws IOException {
        return read().acceptances();
    }

    private Content read() throws IOException {
        State state;
        boolean whole;
        byte[] bytes;
        synchronized (LOCK) {
            if (!Files.exists(file)) {
                return new Content(null, List.of(), List.of());
            }
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            state = new State(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
            Content known =
                    Optional.ofNullable(READ.get(file)).map(SoftReference::get).orElse(null);
            if (known != null && known.state().equals(state)) {
                return known;
            }
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                long from = Math.max(0, in.length() - READ_BYTES);
                whole = from == 0;
                in.seek(from);
                bytes = new byte[(int) (in.length() - from)];
                in.readFully(bytes);
            }
        }
        // Outside of the lock, which the ends of all stages take.
        Content content = parse(state, bytes, whole);
        synchronized (LOCK) {
            READ.put(file, new SoftReference<>(content));
        }
        return content;
    }

    /** Reads the lines. @param whole whether the first of them has its beginning */
    private static Content parse(State state, byte[] bytes, boolean whole) {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        List<DeploymentEntry> entries = new ArrayList<>();
        List<AcceptanceEntry> acceptances = new ArrayList<>();
        for (int i = lines.size() - 1; i >= (whole ? 0 : 1); i--) {
            Optional<JsonNode> line = parse(lines.get(i));
            line.flatMap(json -> parse(json, DeploymentEntry.class))
                    .filter(entry -> !entry.environment().isEmpty())
                    .ifPresent(entries::add);
            line.flatMap(json -> parse(json, AcceptanceEntry.class))
                    .filter(AcceptanceEntry::isOne)
                    .ifPresent(acceptances::add);
        }
        return new Content(state, List.copyOf(entries), List.copyOf(acceptances));
    }

    /**
     * Returns the entries by the identity of the environment, live before staging, each with the newest first. An entry
     * that an earlier version has written under a name belongs to the one environment of that name, if there is only
     * one.
     */
    @NonNull
    public Map<String, List<DeploymentEntry>> byEnvironment() throws IOException {
        Map<String, List<DeploymentEntry>> all = new LinkedHashMap<>();
        List<DeploymentEntry> entries = entries();
        Set<String> known = entries.stream().map(DeploymentEntry::identity).collect(Collectors.toSet());
        for (String slot : List.of("live", "staging")) {
            entries.stream().filter(entry -> entry.slot().equals(slot)).forEach(entry -> all.computeIfAbsent(
                            EnvironmentNames.adopted(entry.identity(), known), e -> new ArrayList<>())
                    .add(entry));
        }
        return all;
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            return Optional.ofNullable(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static <E> Optional<E> parse(JsonNode line, Class<E> type) {
        try {
            return Optional.ofNullable(JSON.treeToValue(line, type));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
