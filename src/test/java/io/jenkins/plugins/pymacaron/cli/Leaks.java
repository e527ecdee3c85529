package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Looks for secrets in each form in which they can be told: plain, escaped, percent-encoded, in base64. */
final class Leaks {
    private Leaks() {}

    /** Checks every file below, of any kind. */
    static void assertNoneBelow(Path directory, Collection<String> secrets) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                assertNone(file.toString(), new String(bytes, StandardCharsets.UTF_8), secrets);
            }
        }
    }

    static void assertNone(String where, String text, Collection<String> secrets) {
        for (String secret : secrets) {
            for (String form : forms(secret)) {
                assertThat(text).as(where).doesNotContain(form);
            }
        }
    }

    /** Returns the forms of a secret of some length. */
    static Set<String> forms(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        secret.lines().filter(line -> line.length() > 7).forEach(forms::add);
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        String percent = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(percent);
        forms.add(percent.replace("+", "%20"));
        forms.add(secret.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;"));
        for (String before : List.of("", "x", "xx")) {
            byte[] bytes = (before + secret).getBytes(StandardCharsets.UTF_8);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String all = encoder.withoutPadding().encodeToString(bytes);
                // A character that is mixed with the bytes beside it is not the secret's.
                String part = all.substring(before.isEmpty() ? 1 : 4, all.length() - 4);
                if (part.length() > 7) {
                    forms.add(part);
                }
            }
        }
        return forms;
    }
}
