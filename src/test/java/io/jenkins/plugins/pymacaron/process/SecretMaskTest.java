package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SecretMaskTest {
    private static final List<UnaryOperator<String>> ENCODINGS = List.of(
            UnaryOperator.identity(),
            text -> URLEncoder.encode(text, StandardCharsets.UTF_8),
            SecretMaskTest::percentLower,
            SecretMaskTest::json,
            text -> json(json(text)),
            text -> "'" + text.replace("'", "'\\''") + "'",
            text -> "'" + text.replace("'", "'\"'\"'") + "'",
            SecretMaskTest::backslashed,
            text -> text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;"));

    private static String percentLower(String text) {
        StringBuilder all = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            all.append(String.format(Locale.ROOT, "%%%02x", b));
        }
        return all.toString();
    }

    private static String json(String text) {
        StringBuilder all = new StringBuilder();
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> all.append('\\').append(c);
                case '\n' -> all.append("\\n");
                case '\t' -> all.append("\\t");
                default -> all.append(c < ' ' || c > '~' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
            }
        }
        return all.toString();
    }

    private static String backslashed(String text) {
        return text.replaceAll("([^A-Za-z0-9\n])", "\\\\$1");
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.strings()
                .withChars("abAB09 '\"\\/%&+=$<>{}é✓-_.~!*#@:,;\t")
                .ofMinLength(3)
                .ofMaxLength(40)
                .filter(text -> text.strip().length() >= 3);
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(1, 9).list().ofMinSize(1).ofMaxSize(30);
    }

    /** Returns the log of {@code text}, if it comes in pieces of these sizes. */
    private static String logged(SecretMask mask, String text, List<Integer> pieces) {
        List<String> lines = new ArrayList<>();
        LogLines log = new LogLines(mask, lines::add);
        int at = 0;
        for (int i = 0; at < text.length(); i++) {
            int next = Math.min(text.length(), at + pieces.get(i % pieces.size()));
            log.add(text.substring(at, next));
            at = next;
        }
        log.close();
        return String.join("\n", lines);
    }

    @Property(tries = 300)
    void noEncodingInAnyChunksComesThrough(
            @ForAll("secrets") String secret, @ForAll("cuts") List<Integer> cuts, @ForAll("secrets") String other) {
        SecretMask mask = new SecretMask(List.of(secret, other));
        for (UnaryOperator<String> encoding : ENCODINGS) {
            String written = encoding.apply(secret);
            String log = logged(mask, "before [" + written + "] after\n", cuts);

            // The quotes of a shell may stay around the stars, but nothing of what was in them.
            assertThat(log.replace("'", "")).isEqualTo("before [****] after");
        }
    }

    @Property
    void base64LeavesNothingButItsEdges(
            @ForAll("secrets") String secret, @ForAll("cuts") List<Integer> cuts, @ForAll("secrets") String around) {
        SecretMask mask = new SecretMask(List.of(secret));
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (int before = 0; before < 3; before++) {
                String prefix = "u:".repeat(2).substring(0, before);
                byte[] bytes = (prefix + secret).getBytes(StandardCharsets.UTF_8);
                String log = logged(mask, encoder.encodeToString(bytes), cuts);

                // At most two characters at either end, and the padding.
                assertThat(log.replace("=", "")).matches(".{0,3}\\*{4}.{0,1}|.{1,5}");
            }
        }
    }

    @Property
    void textWithoutSecretsStays(@ForAll("cuts") List<Integer> cuts) {
        SecretMask mask = new SecretMask(List.of("h0rse", "b@ttery"));

        assertThat(logged(mask, "correct horse\nbattery staple", cuts)).isEqualTo("correct horse\nbattery staple");
    }

    @Test
    void eachLineOfAKeyIsASecret() {
        String key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n  AAAA+/==\n}\n-----END KEY-----\n";
        SecretMask mask = new SecretMask(List.of(key));

        assertThat(mask.mask("x MIIEvQIBADANBgkqhkiG9w0 y")).isEqualTo("x **** y");
        assertThat(mask.mask("AAAA+/==")).isEqualTo("****");
        assertThat(mask.mask("{\"key\": \"" + json(key) + "\"}")).isEqualTo("{\"key\": \"****\"}");
        assertThat(mask.mask("}")).isEqualTo("}");
    }

    @Test
    void theKeyWithinAJsonSecretIsASecretInItsOwnLines() {
        SecretMask mask =
                new SecretMask(List.of("{\"private_key\": \"-----BEGIN\\nMIIEvQIBADANBgkqhkiG9w0BAQ\\nend\"}"));

        assertThat(mask.mask("MIIEvQIBADANBgkqhkiG9w0BAQ")).isEqualTo("****");
    }

    @Test
    void wrappedBase64IsMaskedLineByLine() {
        String secret = "0123456789".repeat(20);
        String wrapped = Base64.getMimeEncoder(76, new byte[] {'\n'})
                .encodeToString((secret + "\n").getBytes(StandardCharsets.UTF_8));

        String log = logged(new SecretMask(List.of(secret)), wrapped, List.of(7));

        assertThat(log.lines().limit(2)).containsOnly("****");
        assertThat(log).matches("(?s)(\\*{4}\n?)+.{0,4}");
    }

    @Test
    void overlappingSecretsAreMaskedAsAWhole() {
        assertThat(new SecretMask(List.of("abcd", "cdef")).mask("xabcdefx")).isEqualTo("x****x");
        assertThat(new SecretMask(List.of("pass", "password1")).mask("my password1"))
                .isEqualTo("my ****");
        assertThat(new SecretMask(List.of("aaa")).mask("aaaaa")).isEqualTo("****");
    }

    @Test
    void veryShortValuesStay() {
        SecretMask mask = new SecretMask(List.of("", "1", "ab"));

        assertThat(mask.mask("1 table")).isEqualTo("1 table");
        assertThat(SecretMask.NONE.mask("anything")).isEqualTo("anything");
    }

    @Test
    void escapeSequencesAndControlsDoNotHideASecret() {
        SecretMask mask = new SecretMask(List.of("hunter2", "nul\u0001byte"));

        assertThat(logged(mask, "hun\u001b[31mter\u00002\n", List.of(3))).isEqualTo("****");
        assertThat(logged(mask, "nul\u0001byte", List.of(3))).isEqualTo("****");
    }
}
