package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals in real files. */
class JournalStoreTest {
    private final VirtualTime time = new VirtualTime();

    @TempDir
    Path directory;

    private JournalStore store;
    private Path file;

    @BeforeEach
    void open() {
        store = new JournalStore(directory, time);
        file = directory.resolve("a.journal");
    }

    private Journal begin(String id) throws IOException {
        return store.create(id, "test.chain", Chain.length(1));
    }

    private static void intend(Journal journal, int i) throws IOException {
        journal.append(new Entry.Intent(VirtualTime.BEGIN, Chain.make(i), false));
    }

    @Test
    void anAppendedEntryIsInTheFileAtOnce() throws IOException {
        try (Journal journal = begin("a")) {
            intend(journal, 0);

            assertThat(store.read("a").orElseThrow().touched("make-0")).isTrue();
            assertThat(journal.state().params()).isEqualTo(Chain.length(1));
            assertThat(journal.state().started()).isEqualTo(VirtualTime.BEGIN);
        }
    }

    @Test
    void onlyItsOwnerCanReadIt() throws IOException {
        try (Journal journal = begin("a")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(journal.id()).isEqualTo("a");
        }
    }

    @Test
    void aSecondDriverIsRefusedUntilTheFirstIsGone() throws IOException {
        Journal journal = begin("a");
        assertThatThrownBy(() -> store.open("a"))
                .isInstanceOf(JournalHeldException.class)
                .hasMessageStartingWith(file + " is being driven by ");
        assertThatThrownBy(() -> begin("a")).isInstanceOf(JournalHeldException.class);
        // Reading it meanwhile must not cost the owner its lock.
        store.read("a");
        store.list();
        assertThatThrownBy(() -> store.open("a")).isInstanceOf(JournalHeldException.class);

        journal.close();
        journal.close();
        try (Journal again = store.open("a")) {
            journal.close();
            assertThatThrownBy(() -> store.open("a")).isInstanceOf(JournalHeldException.class);
            intend(again, 0);
        }
    }

    @Test
    void aClosedJournalCannotBeWritten() throws IOException {
        Journal journal = begin("a");
        journal.close();
        assertThatThrownBy(() -> intend(journal, 0)).hasMessage("the journal a is closed");
    }

    @Test
    void aJournalIsBegunOnce() throws IOException {
        begin("a").close();
        assertThatThrownBy(() -> begin("a"))
                .isInstanceOf(JournalException.class)
                .hasMessage(file + " was begun before");
    }

    @Test
    void aBeginningThatWasTornIsBegunAnew() throws IOException {
        begin("a").close();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(store.read("a")).isEmpty();
            assertThat(store.list().unfinished()).isEmpty();
            assertThatThrownBy(() -> store.open("a")).hasMessage(file + " was never begun");
            begin("a").close();
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
    }

    @Test
    void aTornLastLineIsReplacedByTheNext() throws IOException {
        try (Journal journal = begin("a")) {
            intend(journal, 0);
        }
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));

        try (Journal journal = store.open("a")) {
            assertThat(journal.state().touched("make-0")).isFalse();
            intend(journal, 0);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void listsWhatIsUnfinishedAndWhatCannotBeRead() throws IOException {
        begin("a").close();
        try (Journal done = begin("b")) {
            done.append(new Entry.End(VirtualTime.BEGIN, new Outcome.Done(Map.of())));
        }
        Files.writeString(directory.resolve("c.journal"), "rubbish\nrubbish\n");
        Files.writeString(directory.resolve("README"), "not a journal");

        JournalStore.Listing listing = store.list();

        assertThat(listing.unfinished()).containsOnlyKeys("a");
        assertThat(listing.unreadable()).hasSize(1);
        assertThat(listing.unreadable().get(0)).startsWith("line 1 of " + directory.resolve("c.journal"));
    }

    @Test
    void aDirectoryThatIsNotThereHoldsNothing() throws IOException {
        JournalStore none = new JournalStore(directory.resolve("none"), time);
        assertThat(none.list().unfinished()).isEmpty();
        assertThat(none.read("a")).isEmpty();
        assertThatThrownBy(() -> none.create("a", "k", Map.of())).isInstanceOf(IOException.class);
    }

    @Test
    void aFileTooBigToBeAJournalIsNotRead() throws IOException {
        begin("a").close();
        try (var grown = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            grown.setLength((64L << 20) + 1);
        }
        assertThatThrownBy(() -> store.read("a")).hasMessage(file + " is too big to be a journal; move it away");
    }

    @Test
    void anIdIsNoPath() {
        assertThatThrownBy(() -> begin("../a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.read("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anInterruptedThreadCanStillWrite() throws IOException {
        try (Journal journal = begin("a")) {
            Thread.currentThread().interrupt();
            intend(journal, 0);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(store.read("a").orElseThrow().touched("make-0")).isTrue();
    }
}
