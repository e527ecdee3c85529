package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The record of an operation's effects, on disk before the next thing happens. It has one owner: the holder of a
 * {@code Journal} drives it, and no other process can open it until it is closed or the process dies. It contains no
 * secret, since effects and parameters contain none, and reasons are written in the words of its store.
 */
public final class Journal implements AutoCloseable {
    private final String id;
    private final Storage storage;
    private final InstantSource clock;
    private int lines;
    private State state;
    private String broken = "";
    private UnaryOperator<String> words = UnaryOperator.identity();

    private Journal(String id, Storage storage, InstantSource clock, State state, int lines) {
        this.id = id;
        this.storage = storage;
        this.clock = clock;
        this.state = state;
        this.lines = lines;
    }

    /** Begins a journal in an empty storage. */
    static Journal begin(String id, Storage storage, InstantSource clock, String kind, Map<String, String> params)
            throws JournalException {
        Entry.Begun begun = new Entry.Begun(clock.instant(), JournalFormat.SCHEMA, kind, params);
        Journal journal = new Journal(id, storage, clock, fold(List.of(begun), id), 0);
        journal.write(begun);
        return journal;
    }

    /** Goes on with a journal that was begun; drops a last line that was not written whole. */
    static Journal resume(String id, Storage storage, InstantSource clock) throws IOException {
        byte[] bytes = storage.read();
        JournalFormat.Read read = JournalFormat.read(id, bytes);
        Journal journal = new Journal(
                id, storage, clock, fold(read.entries(), id), read.entries().size());
        if (read.length() < bytes.length) {
            storage.cut(read.length());
        }
        return journal;
    }

    /** Writes reasons in those words from now on. */
    synchronized Journal saying(UnaryOperator<String> others) {
        words = others;
        return this;
    }

    static State fold(List<Entry> entries, String name) throws JournalException {
        if (entries.isEmpty() || !(entries.get(0) instanceof Entry.Begun begun)) {
            throw JournalFormat.corrupt(name, 1, "it does not say what was begun");
        }
        State state = State.begun(begun.kind(), begun.params(), begun.at());
        for (int i = 1; i < entries.size(); i++) {
            try {
                state = state.with(entries.get(i));
            } catch (IllegalStateException e) {
                throw JournalFormat.corrupt(name, i + 1, "there is " + e.getMessage());
            }
        }
        return state;
    }

    public String id() {
        return id;
    }

    public synchronized State state() {
        return state;
    }

    /**
     * Returns once the entry is on disk.
     *
     * @throws JournalException when it may not be; nothing can be written after that, since the content of a disk after
     *     a failure is not known
     */
    synchronized void append(Entry given) throws JournalException {
        Entry entry = given.saying(words);
        State next = state.with(entry);
        write(entry);
        state = next;
    }

    private void write(Entry entry) throws JournalException {
        if (!broken.isEmpty()) {
            throw new JournalException(broken);
        }
        try {
            storage.append(JournalFormat.line(lines + 1, entry));
            lines++;
        } catch (IOException e) {
            broken = "the journal " + id + " cannot be written: " + e.getMessage();
            throw new JournalException(broken, e);
        }
    }

    /** Frees the journal for another owner. Idempotent. */
    @Override
    public synchronized void close() {
        broken = "the journal " + id + " is closed";
        try {
            storage.close();
        } catch (IOException e) {
            // every line was synced when it was written
        }
    }
}
