package io.jenkins.plugins.pymacaron.pipeline.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.operation.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The acceptances that runs of a project have passed within a day. Each is known by a keyed hash of all its inputs, from
 * which no secret can be read or guessed, and sealed with the same key, so that no other program can make one or change
 * its time.
 *
 * <p>A run takes the file away and writes it again only if it ends well. So a run that fails, is cut off, or rolls back
 * leaves no record.
 */
public final class AcceptanceRecords {
    /** Longer than a working day, and short enough that a changed surrounding is not overlooked for long. */
    static final Duration COUNTS = Duration.ofHours(24);

    private static final int SCHEMA = 1;
    private static final int MOST_BYTES = 1 << 20;
    private static final String MAC = "HmacSHA256";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final byte[] key;
    private final InstantSource clock;
    private final Map<String, Passed> records = new LinkedHashMap<>();

    private AcceptanceRecords(Path file, byte[] key, InstantSource clock) {
        this.file = file;
        this.key = key.clone();
        this.clock = clock;
    }

    /**
     * Takes the records out of the file, which is gone then. A file that cannot be read has none.
     *
     * @param key of the project's deployments
     * @throws IOException where the file cannot be removed
     */
    public static AcceptanceRecords take(Path file, byte[] key, InstantSource clock) throws IOException {
        AcceptanceRecords taken = new AcceptanceRecords(file, key, clock);
        try {
            taken.read();
        } catch (IOException e) {
            // A crash has damaged the file: all is accepted again.
            taken.records.clear();
        }
        forget(file);
        return taken;
    }

    /** Removes the file. */
    public static void forget(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            DurableFiles.entry(file);
        }
    }

    /**
     * An acceptance that has passed.
     *
     * @param run the run that made it
     * @param note its result, such as "12 tests passed"
     * @param live the hash of what served in live at the end of the last run that it counted for
     */
    public record Passed(String run, Instant at, String note, String live) {
        /** Returns the same acceptance for another live. */
        public Passed with(String another) {
            return new Passed(run, at, note, another);
        }
    }

    /** Returns the hash that an acceptance is known by. @param about all its inputs, in order */
    public String subject(Collection<String> about) {
        return hash("acceptance", about);
    }

    private String seal(String subject, Passed passed) {
        return hash("record", List.of(subject, passed.run(), passed.at().toString(), passed.note(), passed.live()));
    }

    /** Hashes the parts. @param use one of several for which the key serves */
    private String hash(String use, Collection<String> parts) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            add(mac, use);
            parts.forEach(part -> add(mac, part));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    /** Adds the length first, so that no two lists of parts give the same bytes. */
    private static void add(Mac mac, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        mac.update(bytes);
    }

    /** Returns the acceptance, if it still counts. */
    public Optional<Passed> find(String subject) {
        return Optional.ofNullable(records.get(subject)).filter(this::counts);
    }

    /** Adds an acceptance, for {@link #write}. */
    public void add(String subject, Passed passed) {
        records.put(subject, passed);
    }

    /** Writes the records that still count, for the next run. */
    public void write() throws IOException {
        ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
        ObjectNode all = root.putObject("accepted");
        records.forEach((subject, passed) -> {
            if (counts(passed)) {
                all.putObject(subject)
                        .put("run", passed.run())
                        .put("at", passed.at().toString())
                        .put("note", passed.note())
                        .put("live", passed.live())
                        .put("seal", seal(subject, passed));
            }
        });
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, JSON.writeValueAsBytes(root));
        DurableFiles.file(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.entry(file);
    }

    private void read() throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
            return;
        }
        JsonNode root = JSON.readTree(Files.readAllBytes(file));
        if (root.path("schema").asInt() == SCHEMA) {
            root.path("accepted").properties().forEach(one -> read(one.getKey(), one.getValue()));
        }
    }

    private void read(String subject, JsonNode kept) {
        try {
            Passed passed = new Passed(
                    kept.path("run").asText(),
                    Instant.parse(kept.path("at").asText()),
                    kept.path("note").asText(),
                    kept.path("live").asText());
            if (MessageDigest.isEqual(
                    seal(subject, passed).getBytes(StandardCharsets.US_ASCII),
                    kept.path("seal").asText().getBytes(StandardCharsets.UTF_8))) {
                records.put(subject, passed);
            }
        } catch (DateTimeException e) {
            // It is no record of ours.
        }
    }

    /** A time to come is one of a clock that was wrong. */
    private boolean counts(Passed passed) {
        Instant now = clock.instant();
        return !passed.at().isAfter(now) && passed.at().isAfter(now.minus(COUNTS));
    }
}
