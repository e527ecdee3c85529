package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The store of the journals in one directory, {@code <id>.journal} each, readable by their owner only. */
public final class JournalStore {
    private static final String SUFFIX = ".journal";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,150}");

    private final Path directory;
    private final InstantSource clock;
    private final UnaryOperator<String> words;

    /** Makes a store. @param directory has to exist by the first {@link #create} */
    public JournalStore(Path directory, InstantSource clock) {
        this(directory, clock, UnaryOperator.identity());
    }

    /**
     * Makes a store.
     *
     * @param words returns the text to write for each reason from the outside world, for instance without secrets
     */
    public JournalStore(Path directory, InstantSource clock, UnaryOperator<String> words) {
        this.directory = directory;
        this.clock = clock;
        this.words = words;
    }

    /**
     * The content of a store.
     *
     * @param unfinished by id; a living process may drive some of them now
     * @param unreadable why a journal cannot be read, a line each
     */
    public record Listing(Map<String, State> unfinished, List<String> unreadable) {}

    /**
     * Begins a journal. An empty one that a dying process left is begun anew.
     *
     * @param id letters, digits and {@code . _ -}
     * @throws JournalException when one of that id was begun before
     */
    public Journal create(String id, String kind, Map<String, String> params) throws IOException {
        Storage storage = hold(id, true);
        boolean begun = false;
        try {
            byte[] left = storage.read();
            if (JournalFormat.read(path(id).toString(), left).length() > 0) {
                throw new JournalException(path(id) + " was begun before");
            }
            if (left.length > 0) {
                storage.cut(0);
            }
            Journal journal = Journal.begin(id, storage, clock, kind, params).saying(words);
            begun = true;
            return journal;
        } finally {
            if (!begun) {
                storage.close();
            }
        }
    }

    /** Returns the state of a journal that any process may drive now; empty when none of that id was begun. */
    public Optional<State> read(String id) throws IOException {
        Path path = path(id);
        try {
            List<Entry> entries =
                    JournalFormat.read(path.toString(), FileStorage.read(path)).entries();
            return entries.isEmpty() ? Optional.empty() : Optional.of(Journal.fold(entries, path.toString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes a journal over.
     *
     * @throws JournalHeldException while its owner is alive
     * @throws JournalException when there is none, or it cannot be read
     */
    public Journal open(String id) throws IOException {
        if (read(id).isEmpty()) {
            throw new JournalException(path(id) + " was never begun");
        }
        Storage storage = hold(id, false);
        boolean open = false;
        try {
            Journal journal = Journal.resume(id, storage, clock).saying(words);
            open = true;
            return journal;
        } finally {
            if (!open) {
                storage.close();
            }
        }
    }

    private Storage hold(String id, boolean make) throws IOException {
        Path path = path(id);
        Path lockFile = directory.resolve(id + ".lock");
        OwnerLock lock = OwnerLock.tryTake(lockFile)
                .orElseThrow(() -> new JournalHeldException(path + " is being driven by " + OwnerLock.owner(lockFile)));
        boolean held = false;
        try {
            if (make && !Files.exists(path)) {
                FileStorage.create(path);
            }
            Storage storage = new FileStorage(path, lock);
            held = true;
            return storage;
        } finally {
            if (!held) {
                lock.close();
            }
        }
    }

    /** Returns all journals that are not finished. */
    public Listing list() throws IOException {
        Map<String, State> unfinished = new TreeMap<>();
        List<String> unreadable = new ArrayList<>();
        for (String id : ids()) {
            try {
                read(id).filter(s -> s.outcome().isEmpty()).ifPresent(s -> unfinished.put(id, s));
            } catch (IOException e) {
                unreadable.add(e.getMessage());
            }
        }
        return new Listing(unfinished, unreadable);
    }

    private List<String> ids() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(SUFFIX))
                    .map(n -> n.substring(0, n.length() - SUFFIX.length()))
                    .filter(n -> ID.matcher(n).matches())
                    .sorted()
                    .toList();
        }
    }

    private Path path(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not the id of a journal: " + id);
        }
        return directory.resolve(id + SUFFIX);
    }
}
