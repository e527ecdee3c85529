package io.jenkins.plugins.pymacaron.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Changes inputs as a fuzzer does, the same way each time: for a short look without one. */
final class Mutations {
    private static final List<String> WORDS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "null",
            "-1",
            "1e999",
            "\\u0000",
            "\u0000",
            "\r\n",
            "&a",
            "*a",
            "<<",
            "!!python/object/apply:os.system",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
            "&e;",
            "<testcase>",
            "99999999999999999999",
            "Transfer-Encoding: chunked",
            "ffffffff",
            "\u00e9\ud83d\ude00");

    private final Random random;

    Mutations(long seed) {
        random = new Random(seed);
    }

    byte[] of(List<byte[]> seeds) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size()));
        int times = 1 + random.nextInt(5);
        for (int i = 0; i < times; i++) {
            bytes = once(bytes, seeds.get(random.nextInt(seeds.size())));
        }
        return bytes;
    }

    private byte[] once(byte[] bytes, byte[] other) {
        int at = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, at + random.nextInt(20));
        return switch (random.nextInt(6)) {
            case 0 -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, Math.min(bytes.length, at + 1));
            case 1 -> joined(bytes, at, new byte[0], to);
            case 2 -> joined(bytes, at, WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8), at);
            case 3 -> joined(bytes, at, java.util.Arrays.copyOfRange(bytes, at, to), at);
            case 4 -> joined(bytes, at, other, random.nextBoolean() ? at : bytes.length);
            default -> joined(bytes, at, new byte[0], bytes.length);
        };
    }

    /** Returns the bytes up to {@code at}, {@code middle}, and those from {@code on}. */
    private static byte[] joined(byte[] bytes, int at, byte[] middle, int on) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(bytes, 0, at);
        all.write(middle, 0, middle.length);
        all.write(bytes, on, bytes.length - on);
        return all.toByteArray();
    }
}
