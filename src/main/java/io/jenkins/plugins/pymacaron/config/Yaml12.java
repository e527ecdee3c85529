package io.jenkins.plugins.pymacaron.config;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Resolves an unquoted scalar in YAML 1.2, by the core schema (yaml.org/spec/1.2.2, 10.3.2). Editors, linters and
 * people read by it, so the user should know of a value that differs.
 */
final class Yaml12 {
    private static final Pattern NULL = Pattern.compile("null|Null|NULL|~|");
    private static final Pattern BOOL = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern INFINITE = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)");
    private static final Pattern NAN = Pattern.compile("\\.(?:nan|NaN|NAN)");

    private Yaml12() {}

    /** Returns a sentence without its end if 1.2 reads {@code text} as another value than {@code value}. */
    static Optional<String> difference(String text, Object value) {
        Object other = read(text);
        if (Objects.equals(value, other)
                || value instanceof byte[] bytes && other instanceof byte[] b && Arrays.equals(bytes, b)) {
            return Optional.empty();
        }
        return Optional.of(
                QuotedText.of(text) + " is " + name(value) + " here, by YAML 1.1, but " + name(other) + " by YAML 1.2");
    }

    private static Object read(String text) {
        if (text.length() > PyYamlResolver.LONGEST_NUMBER) {
            return text;
        } else if (NULL.matcher(text).matches()) {
            return null;
        } else if (BOOL.matcher(text).matches()) {
            return Boolean.valueOf(text);
        } else if (DECIMAL.matcher(text).matches()) {
            return new BigInteger(text);
        } else if (OCTAL.matcher(text).matches()) {
            return new BigInteger(text.substring(2), 8);
        } else if (HEX.matcher(text).matches()) {
            return new BigInteger(text.substring(2), 16);
        } else if (FLOAT.matcher(text).matches()) {
            return Double.valueOf(text);
        } else if (INFINITE.matcher(text).matches()) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        } else if (NAN.matcher(text).matches()) {
            return Double.NaN;
        }
        return text;
    }

    private static String name(Object value) {
        if (value == null) {
            return "nothing";
        } else if (value instanceof String) {
            return "text";
        } else if (value instanceof Boolean) {
            return value.toString();
        } else if (value instanceof Number) {
            return "the number " + QuotedText.of(value.toString());
        }
        return "a date";
    }
}
