package io.jenkins.plugins.pymacaron.config;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads the values of scalars, as PyYAML's SafeConstructor does (yaml/constructor.py). */
final class Scalars {
    private static final Set<String> TRUE = Set.of("yes", "true", "on");
    private static final Set<String> FALSE = Set.of("no", "false", "off");
    private static final Pattern EXPLICIT_FLOAT =
            Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern TIMESTAMP = Pattern.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
            + "(?:(?:[Tt]|[ \\t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]*))?"
            + "(?:[ \\t]*(?:(Z)|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?");
    private static final int MICRO_DIGITS = 6;
    private static final int NANOS_PER_MICRO = 1000;

    private Scalars() {}

    /**
     * Reads a scalar.
     *
     * @return null, Boolean, BigInteger, Double, String, byte[], LocalDate, LocalDateTime or OffsetDateTime
     * @throws RuntimeException if the text has another form, or the tag is none that is read here
     */
    static Object construct(Tag tag, String text) {
        if (tag.equals(Tag.STR)) {
            return text;
        } else if (tag.equals(Tag.NULL)) {
            return null;
        } else if (tag.equals(Tag.BOOL)) {
            return bool(text);
        } else if (tag.equals(Tag.INT)) {
            return integer(text);
        } else if (tag.equals(Tag.FLOAT)) {
            return number(text);
        } else if (tag.equals(Tag.TIMESTAMP)) {
            return timestamp(text);
        } else if (tag.equals(Tag.BINARY)) {
            return Base64.getMimeDecoder().decode(text);
        }
        throw new IllegalArgumentException("cannot read a value tagged " + tag.getValue());
    }

    private static Boolean bool(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
            throw new IllegalArgumentException("neither true nor false");
        }
        return TRUE.contains(lower);
    }

    private static BigInteger integer(String text) {
        if (!PyYamlResolver.plain(text).equals(Tag.INT)) {
            throw new IllegalArgumentException("no whole number");
        }
        String digits = unsigned(text.replace("_", ""));
        BigInteger number;
        if (digits.startsWith("0b")) {
            number = new BigInteger(digits.substring(2), 2);
        } else if (digits.startsWith("0x")) {
            number = new BigInteger(digits.substring(2), 16);
        } else if (digits.startsWith("0")) {
            number = new BigInteger(digits, 8);
        } else {
            number = BigInteger.ZERO;
            for (String part : digits.split(":")) {
                number = number.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
            }
        }
        return text.startsWith("-") ? number.negate() : number;
    }

    private static Double number(String text) {
        if (!PyYamlResolver.plain(text).equals(Tag.FLOAT)
                && !EXPLICIT_FLOAT.matcher(text).matches()) {
            throw new IllegalArgumentException("no number");
        }
        String digits = unsigned(text.replace("_", "").toLowerCase(Locale.ROOT));
        double number;
        if (digits.equals(".inf")) {
            number = Double.POSITIVE_INFINITY;
        } else if (digits.equals(".nan")) {
            number = Double.NaN;
        } else {
            // The order is Python's, from the last part, so that the rounding is the same.
            List<String> parts = List.of(digits.split(":"));
            double base = 1;
            number = 0;
            for (int i = parts.size() - 1; i >= 0; i--) {
                number += Double.parseDouble(parts.get(i)) * base;
                base *= 60;
            }
        }
        return text.startsWith("-") ? -number : number;
    }

    private static String unsigned(String text) {
        return text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    }

    private static Object timestamp(String text) {
        Matcher m = TIMESTAMP.matcher(text);
        if (!m.matches() || m.group(1).equals("0000")) {
            throw new IllegalArgumentException("no date");
        }
        LocalDate date = LocalDate.of(number(m, 1), number(m, 2), number(m, 3));
        if (m.group(4) == null) {
            return date;
        }
        String micros = m.group(7) == null ? "" : m.group(7);
        micros = (micros + "0".repeat(MICRO_DIGITS)).substring(0, MICRO_DIGITS);
        LocalDateTime time =
                date.atTime(number(m, 4), number(m, 5), number(m, 6), Integer.parseInt(micros) * NANOS_PER_MICRO);
        if (m.group(9) != null) {
            int seconds = number(m, 10) * 3600 + (m.group(11) == null ? 0 : number(m, 11) * 60);
            return time.atOffset(ZoneOffset.ofTotalSeconds(m.group(9).equals("-") ? -seconds : seconds));
        }
        return m.group(8) == null ? time : time.atOffset(ZoneOffset.UTC);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
