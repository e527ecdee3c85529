package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.operation.DurableFiles;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.targets.Lease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The directory {@code .pym/} in the user's project: the runs with their journals and reports, the lock and the key of
 * deployment ids. Only its owner can read it, and it ignores itself in git, so that a checkout never looks changed.
 */
public final class PymDirectory {
    private static final int RUNS_KEPT = 20;
    private static final int KEY_BYTES = 32;
    /** The length of the time at the beginning of run ids. */
    public static final int TIME_LENGTH = "yyyyMMdd-HHmmss-SSS".length();

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final Optional<byte[]> key;
    private final String queue;

    private PymDirectory(Path path) {
        this(path, Optional.empty(), "");
    }

    private PymDirectory(Path path, Optional<byte[]> key, String queue) {
        this.path = path;
        this.key = key;
        this.queue = queue;
    }

    /** Returns the directory with a key that is kept elsewhere. */
    public PymDirectory with(byte[] othersKey) {
        return new PymDirectory(path, Optional.of(othersKey.clone()), queue);
    }

    /** Returns the directory of a run that has its turn from that queue, one of several in a system with one key. */
    public PymDirectory inQueue(String name) {
        return new PymDirectory(path, key, name);
    }

    /** Opens the directory of the project at {@code project}, and makes it if need be. */
    public static PymDirectory of(Path project) throws IOException {
        Path path = project.resolve(".pym");
        privateDirectory(path);
        privateDirectory(path.resolve("runs"));
        Path ignore = path.resolve(".gitignore");
        if (!Files.exists(ignore)) {
            Files.writeString(ignore, "# Made by pymdeploy; nothing here belongs in a commit.\n*\n");
        }
        return new PymDirectory(path);
    }

    /**
     * Opens the directory as {@link #of} does, but refuses a directory that does not look like a project, so that
     * nothing is left where pymdeploy was started by mistake.
     */
    public static PymDirectory ofProject(Path directory) throws IOException {
        boolean inRepository = false;
        for (Path path = directory.toAbsolutePath(); path != null; path = path.getParent()) {
            inRepository |= Files.exists(path.resolve(".git"));
        }
        if (!inRepository) {
            throw new IOException(directory + " is not in a git repository; run pymdeploy where the service's"
                    + " pym-config.yaml is");
        }
        try (DirectoryStream<Path> configs = Files.newDirectoryStream(directory, "pym-config*.yaml")) {
            if (!configs.iterator().hasNext()) {
                throw new IOException("there is no pym-config.yaml in " + directory
                        + "; run pymdeploy where the service has it, or make one (see docs/configuration.md)");
            }
        }
        return of(directory);
    }

    /** Returns the directory of the project if there is one; nothing is made. */
    public static Optional<PymDirectory> find(Path project) {
        Path path = project.resolve(".pym");
        return Files.isDirectory(path) ? Optional.of(new PymDirectory(path)) : Optional.empty();
    }

    /** Returns the file with every line of the last run. */
    public Path log() {
        return path.resolve("last.log");
    }

    /** Returns the file of {@link AcceptanceRecords}. */
    public Path accepted() {
        return path.resolve("accepted.json");
    }

    /**
     * Returns the name of a run for other runs that deploy to the same environment; it is the same when the run is
     * resumed. It ends with hashes of the key and of the queue: only runs of one queue have their turns one after
     * another. The queue may get another name while the run goes on, see {@link Lease#run}.
     */
    public String owner(String id) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            String owner = "pymdeploy-" + id + "-" + short8(hash.digest(key()));
            return queue.isEmpty() ? owner : owner + "." + short8(hash.digest(queue.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String short8(byte[] hash) {
        return HexFormat.of().formatHex(hash).substring(0, 8);
    }

    public Path lock() {
        return path.resolve("lock");
    }

    /** Returns the key of {@link io.jenkins.plugins.pymacaron.targets.DeploymentId}, made at its first use. */
    public byte[] key() throws IOException {
        if (key.isPresent()) {
            return key.get();
        }
        Path file = path.resolve("key");
        if (!Files.exists(file)) {
            makeKey(file);
        }
        byte[] kept = Files.readAllBytes(file);
        if (kept.length != KEY_BYTES) {
            throw new IOException(file + " does not hold a key; delete it, and the next run makes a new one");
        }
        return kept;
    }

    /** Gives a key its name when it is whole on the disk: the process may be killed at any moment. */
    private void makeKey(Path file) throws IOException {
        Path fresh = Files.createTempFile(path, "key-", ".new");
        try {
            Files.write(fresh, freshKey());
            DurableFiles.file(fresh);
            name(fresh, file);
            DurableFiles.entry(file);
        } catch (FileAlreadyExistsException e) {
            // Another process has made it meanwhile.
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void name(Path fresh, Path file) throws IOException {
        try {
            // A link, other than a move, replaces no key that another process has made.
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Shared folders of virtual machines, for instance, have no links.
            Files.move(fresh, file);
        }
    }

    public static byte[] freshKey() {
        byte[] fresh = new byte[KEY_BYTES];
        RANDOM.nextBytes(fresh);
        return fresh;
    }

    /** Returns the directory of the run of that id, with its state, journals, logs and report. */
    public Path run(String id) throws IOException {
        return privateDirectory(path.resolve("runs").resolve(id));
    }

    /** Returns the ids of all runs, newest first: an id begins with its time. */
    public List<String> runs() throws IOException {
        try (Stream<Path> all = Files.list(path.resolve("runs"))) {
            return all.filter(Files::isDirectory)
                    .map(p -> p.getFileName().toString())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    /**
     * Returns the id of a run that begins now: its time in UTC, or a little later where a kept run has a later id, for
     * instance after a clock was set back.
     */
    public String freshId() throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        for (String id : runs()) {
            Optional<Instant> other = time(id);
            if (other.isPresent()) {
                Instant next = other.get().plusMillis(1);
                return TIME.format(next.isAfter(now) ? next : now);
            }
        }
        return TIME.format(now);
    }

    private static Optional<Instant> time(String id) {
        try {
            String time = id.substring(0, Math.min(id.length(), TIME_LENGTH));
            return Optional.of(TIME.parse(time, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Deletes the oldest runs, except those that {@code keep} accepts.
     *
     * @return why some of them could not be removed, a line each
     */
    public List<String> prune(Predicate<String> keep) throws IOException {
        List<String> troubles = new ArrayList<>();
        for (String id : runs().stream().skip(RUNS_KEPT).filter(keep.negate()).toList()) {
            Path run = path.resolve("runs").resolve(id);
            try {
                PrivateDirectory.delete(run);
            } catch (IOException e) {
                troubles.add("the old run " + run + " could not be removed: " + IoMessages.of(e));
            }
        }
        return troubles;
    }

    private static Path privateDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            DurableFiles.entry(path);
        }
        return path;
    }
}
