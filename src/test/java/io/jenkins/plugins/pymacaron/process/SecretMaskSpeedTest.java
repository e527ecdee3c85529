package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.SecretSpellings.Spelling;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mask hides what its definition says, and takes no longer for it than the length of the text allows. */
class SecretMaskSpeedTest {
    private static final int MEBIBYTE = 1 << 20;
    /** The speed of a core here while others work on the machine too; alone it is several times as much. */
    private static final double SLOWEST = Boolean.getBoolean("pym.full") ? 100 : 20;

    @Provide
    Arbitrary<List<String>> secrets() {
        return Arbitraries.strings()
                .withChars("a%\\&+2\"n5/")
                .ofMinLength(3)
                .ofMaxLength(6)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("a%\\&+2\"n5/uU0x;C").ofMaxLength(60);
    }

    /** Against the definition, spelled out: all ways to read a text from each of its places. */
    @Property(tries = 2000)
    void hidesWhatAnyReadingOfTheTextFinds(@ForAll("secrets") List<String> secrets, @ForAll("texts") String noise) {
        List<List<List<Spelling>>> patterns = SecretMask.forms(secrets).stream()
                .map(form -> form.codePoints().mapToObj(SecretSpellings::of).toList())
                .toList();
        Random random = new Random(noise.hashCode());
        StringBuilder text = new StringBuilder(noise);
        for (List<List<Spelling>> pattern : patterns) {
            pattern.forEach(spellings ->
                    text.append(spellings.get(random.nextInt(spellings.size())).text()));
            text.append(noise, 0, random.nextInt(noise.length() + 1));
        }
        SecretMask mask = new SecretMask(secrets);
        int limit = random.nextInt(text.length() + 1);

        assertThat(mask.mask(text.toString())).isEqualTo(defined(patterns, text, text.length()));
        assertThat(mask.masked(text.toString(), limit)).isEqualTo(defined(patterns, text, limit));
    }

    private static String defined(List<List<List<Spelling>>> patterns, CharSequence text, int limit) {
        StringBuilder result = new StringBuilder();
        int hidden = 0;
        for (int i = 0; i < limit; i++) {
            int end = 0;
            for (List<List<Spelling>> pattern : patterns) {
                end = Math.max(end, ends(pattern, text, i));
            }
            if (end > hidden) {
                result.append(i >= hidden ? SecretMask.STARS : "");
                hidden = end;
            }
            if (i >= hidden) {
                result.append(text.charAt(i));
            }
        }
        return result.toString();
    }

    private static int ends(List<List<Spelling>> pattern, CharSequence text, int from) {
        Set<Integer> at = new TreeSet<>(Set.of(from));
        for (List<Spelling> spellings : pattern) {
            Set<Integer> next = new TreeSet<>();
            at.forEach(position -> spellings.stream()
                    .filter(spelling -> spelling.at(text, position))
                    .forEach(spelling -> next.add(position + spelling.text().length())));
            at = next;
        }
        return at.stream().max(Integer::compare).orElse(0);
    }

    /** Returns a key in the form of a service account's: one line of JSON with a PEM in it. */
    private static String googleKey(Random random) {
        byte[] der = new byte[1218];
        random.nextBytes(der);
        String pem = Base64.getEncoder().encodeToString(der).replaceAll(".{64}", "$0\\\\n");
        return """
                {
                  "type": "service_account",
                  "project_id": "acme-production",
                  "private_key_id": "0123456789abcdef0123456789abcdef01234567",
                  "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
                  "client_email": "deployer@acme-production.iam.gserviceaccount.com",
                  "client_id": "123456789012345678901",
                  "auth_uri": "https://accounts.google.com/o/oauth2/auth",
                  "token_uri": "https://oauth2.googleapis.com/token",
                  "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
                  "universe_domain": "googleapis.com"
                }
                """.formatted(pem);
    }

    private static List<String> tenSecrets() {
        Random random = new Random(7);
        List<String> secrets = new ArrayList<>(List.of(googleKey(random)));
        for (int i = 1; i < 10; i++) {
            byte[] bytes = new byte[9 + 3 * i];
            random.nextBytes(bytes);
            secrets.add(
                    i % 2 == 0
                            ? "p%" + i + "&\\w\"" + bytes.length + "rd\\\\"
                            : Base64.getEncoder().encodeToString(bytes));
        }
        return secrets;
    }

    private static String log(List<String> secrets) {
        Random random = new Random(8);
        StringBuilder log = new StringBuilder();
        for (int i = 0; log.length() < 8 * MEBIBYTE; i++) {
            log.append("2026-01-02 03:04:")
                    .append(i % 60)
                    .append(" INFO  [worker-")
                    .append(random.nextInt(16));
            log.append("] \"GET /v1/items/").append(random.nextLong()).append("?page=%2F HTTP/1.1\" 200 \\u00e9 ");
            log.append(
                    i % 500 == 0
                            ? secrets.get(i / 500 % secrets.size())
                                    .lines()
                                    .findFirst()
                                    .orElse("")
                            : "ok");
            log.append('\n');
        }
        return log.toString();
    }

    /** Megabytes of a second of this thread's processor time. */
    private static double rate(Runnable work, int characters) {
        double best = 0;
        for (int i = 0; i < 6; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            work.run();
            long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            best = Math.max(best, characters / 1e6 / (took / 1e9));
        }
        return best;
    }

    @Test
    @Timeout(20 * 60)
    void tenSecretsOneOfThemAGoogleKeyAreHiddenAtTheSpeedOfALog() {
        List<String> secrets = tenSecrets();
        SecretMask mask = new SecretMask(secrets);
        String log = log(secrets);
        char[] chunk = log.toCharArray();

        double whole = rate(() -> assertThat(mask.mask(log)).contains(SecretMask.STARS), log.length());
        int[] lines = {0};
        double byLines = rate(
                () -> {
                    LogLines cut = new LogLines(mask, line -> lines[0]++);
                    for (int at = 0; at < chunk.length; at += 8192) {
                        cut.add(chunk, at, Math.min(chunk.length, at + 8192));
                    }
                    cut.close();
                },
                log.length());

        System.out.printf("masked at %.0f MB/s, cut into lines and masked at %.0f MB/s%n", whole, byLines);
        assertThat(whole).isGreaterThan(SLOWEST);
        assertThat(byLines).isGreaterThan(SLOWEST);
    }

    /** Each character begins its own escape. It took 74 s with twelve of them. */
    @Test
    @Timeout(20 * 60)
    void aSecretOfBackslashesIsNoLongerWork() {
        for (String secret : List.of("\\".repeat(12), "\\".repeat(300), "%25".repeat(40), "\\\"/".repeat(30))) {
            String line = (secret + "x").repeat(8192 / (secret.length() + 1) + 1) + secret.repeat(3);
            assertThat(new SecretMask(List.of(secret)).mask(line))
                    .doesNotContain(secret)
                    .contains("x");
        }
    }
}
