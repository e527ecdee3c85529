package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.operation.State.Result;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JournalFormatTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456Z");
    private static final Effect EFFECT = new Effect(
                    "create:x", "create", Map.of("image", "a\n\"b\" ü"), Duration.ofSeconds(3), "create x")
            .within(Duration.ofMinutes(2));

    private static final List<Entry> ALL = List.of(
            new Entry.Begun(AT, 1, "test", Map.of("a", "1")),
            new Entry.Intent(AT, EFFECT, false),
            new Entry.Ended(AT, "create:x", false, new Result(Result.How.FOUND, Map.of("id", "7"), "", AT)),
            new Entry.Stop(AT, "aborted"),
            new Entry.Undo(AT, new State.Undoing(true, "aborted", List.of(EFFECT), "")),
            new Entry.End(AT, new Outcome.Stopped("aborted", List.of("x"))));

    private static byte[] bytes(List<Entry> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < entries.size(); i++) {
            out.writeBytes(JournalFormat.line(i + 1, entries.get(i)));
        }
        return out.toByteArray();
    }

    private static JournalFormat.Read read(byte[] bytes) throws JournalException {
        return JournalFormat.read("x.journal", bytes);
    }

    @Test
    void everyEntryReadsAsItWasWritten() throws JournalException {
        assertThat(read(bytes(ALL)).entries()).isEqualTo(ALL);
        for (Outcome end : List.of(new Outcome.Done(Map.of("a", "b")), new Outcome.Failed("no", List.of()))) {
            List<Entry> two = List.of(ALL.get(0), new Entry.End(AT, end));
            assertThat(read(bytes(two)).entries()).isEqualTo(two);
        }
    }

    @Property(tries = 300)
    void anyTextReadsAsItWasWritten(@ForAll String key, @ForAll String value) throws JournalException {
        // Lone surrogates are no text: UTF-8 has no bytes for them.
        Map<String, String> params = Map.of(clean(key), clean(value));
        List<Entry> one = List.of(new Entry.Begun(AT, 1, "test", params));
        assertThat(read(bytes(one)).entries()).isEqualTo(one);
    }

    private static String clean(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** The schema of version 1, to the byte. A change of it needs a new number. */
    @Test
    void theFormIsFixed() {
        assertThat(new String(bytes(ALL.subList(0, 3)), StandardCharsets.UTF_8)).isEqualTo("""
                        ["8edcd960",1,{"entry":"begun","at":"2026-11-22T10:00:00.123456Z","schema":1,"kind":"test","params":{"a":"1"}}]
                        ["fd572090",2,{"entry":"intent","at":"2026-11-22T10:00:00.123456Z","effect":{"key":"create:x","verb":"create",\
                        "args":{"image":"a\\n\\"b\\" ü"},"settle":"PT3S","within":"PT2M","sentence":"create x"},"undo":false}]
                        ["a710a938",3,{"entry":"result","at":"2026-11-22T10:00:00.123456Z","key":"create:x","undo":false,\
                        "result":{"how":"FOUND","data":{"id":"7"},"reason":"","at":"2026-11-22T10:00:00.123456Z"}}]
                        """);
    }

    @Test
    void aLastLineTornAtAnyByteIsDropped() throws JournalException {
        for (int lines = 1; lines <= ALL.size(); lines++) {
            int whole = bytes(ALL.subList(0, lines - 1)).length;
            byte[] all = bytes(ALL.subList(0, lines));
            for (int length = whole; length < all.length; length++) {
                JournalFormat.Read read = read(Arrays.copyOf(all, length));
                assertThat(read.entries()).isEqualTo(ALL.subList(0, lines - 1));
                assertThat(read.length()).isEqualTo(whole);
                // A file system leaves this when it had made the file longer before it wrote the bytes.
                byte[] zeros = Arrays.copyOf(Arrays.copyOf(all, length), all.length);
                assertThat(read(zeros).length()).isEqualTo(whole);
            }
        }
    }

    @Test
    void aChangeOfAnyByteBeforeTheLastLineIsRefused() {
        byte[] all = bytes(ALL);
        int last = bytes(ALL.subList(0, ALL.size() - 1)).length;
        // Without its newline, the line before the last would be a part of it.
        for (int i = 0; i < last - 1; i++) {
            byte[] changed = all.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> read(changed))
                    .isInstanceOf(JournalException.class)
                    .hasMessageMatching("line \\d of x\\.journal is corrupt: .*; look by hand at what .*");
        }
    }

    @Test
    void aLineThatIsLostOrSwappedIsRefused() {
        byte[] first = JournalFormat.line(1, ALL.get(0));
        byte[] third = JournalFormat.line(3, ALL.get(2));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(third);

        assertThatThrownBy(() -> read(out.toByteArray()))
                .hasMessageStartingWith("line 2 of x.journal is corrupt: it is line 3 of what was written");
    }

    @Test
    void anotherSchemaIsRefused() {
        assertThatThrownBy(() -> read(JournalFormat.line(1, new Entry.Begun(AT, 7, "test", Map.of()))))
                .hasMessage("x.journal was written by another version of this software (schema 7, this one reads 1);"
                        + " finish it with that version");
    }

    @Test
    void linesThatCannotFollowEachOtherAreRefused() throws JournalException {
        List<List<Entry>> impossible = List.of(
                List.of(ALL.get(1)),
                List.of(ALL.get(0), ALL.get(0)),
                List.of(ALL.get(0), ALL.get(2)),
                List.of(ALL.get(0), ALL.get(1), ALL.get(1)),
                List.of(ALL.get(0), ALL.get(1), ALL.get(4)),
                List.of(ALL.get(0), ALL.get(1), ALL.get(5)),
                List.of(ALL.get(0), ALL.get(3), ALL.get(3)),
                List.of(ALL.get(0), ALL.get(4), ALL.get(4)),
                List.of(ALL.get(0), ALL.get(4), ALL.get(1)),
                List.of(ALL.get(0), ALL.get(5), ALL.get(3)));
        for (List<Entry> entries : impossible) {
            List<Entry> read = read(bytes(entries)).entries();
            assertThatThrownBy(() -> Journal.fold(read, "x.journal"))
                    .as("%s", entries)
                    .isInstanceOf(JournalException.class)
                    .hasMessageStartingWith("line " + entries.size() + " of x.journal is corrupt");
        }
    }

    @Test
    void anEntryThatIsNotUnderstoodIsRefused() {
        byte[] line = JournalFormat.line(1, ALL.get(0));
        for (String entry :
                List.of("{}", "[]", "{\"entry\":\"begun\",\"schema\":1}", "{\"entry\":\"new\",\"schema\":1}")) {
            byte[] body = ("1," + entry).getBytes(StandardCharsets.UTF_8);
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(body);
            String text =
                    String.format("[\"%08x\",1,%s]%n", crc.getValue(), entry).replace("\r", "");
            assertThatThrownBy(() ->
                            read((text + new String(line, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(JournalException.class);
        }
    }
}
