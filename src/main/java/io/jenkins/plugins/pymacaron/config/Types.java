package io.jenkins.plugins.pymacaron.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The types of most keys. */
final class Types {
    private static final int LONGEST_TEXT = 1000;

    private Types() {}

    /** Returns the type of one line of text. */
    static Type<String> text() {
        return new Type<>("text", (value, report) -> {
            if (!(value.plain() instanceof String text)) {
                return value instanceof Value.Scalar scalar && scalar.plain() != null
                        ? report.unfit(value, "text", "Put it in quotes: " + quoted(report, scalar))
                        : report.unfit(value);
            }
            if (text.isBlank()) {
                return report.unfit(value);
            }
            if (text.length() > LONGEST_TEXT || !text.codePoints().allMatch(QuotedText::harmless)) {
                return report.unfit(value, "one line of text", "Put it on one line.");
            }
            return Optional.of(text);
        });
    }

    private static String quoted(Type.Report report, Value.Scalar scalar) {
        String name = report.key().name();
        return name + ": \"" + (report.key().secret() ? "…" : QuotedText.of(scalar.text())) + "\"";
    }

    /** Returns the type of text of a certain form. */
    static Type<String> text(String expected, Pattern form) {
        return new Type<>(expected, (value, report) -> text().reader()
                .read(value, report)
                .flatMap(text -> form.matcher(text).matches() ? Optional.of(text) : report.unfit(value)));
    }

    /**
     * Returns the type of text of a certain form, also where YAML reads it as a number: {@code 1} means {@code "1"}.
     */
    static Type<String> quantity(String expected, Pattern form) {
        return new Type<>(expected, (value, report) -> {
            boolean number = value.plain() instanceof BigInteger || value.plain() instanceof Double;
            String text = number || value.plain() instanceof String ? ((Value.Scalar) value).text() : "";
            return form.matcher(text).matches() ? Optional.of(text) : report.unfit(value);
        });
    }

    static Type<String> oneOf(List<String> choices) {
        String expected = "one of " + String.join(", ", choices);
        return new Type<>(
                expected,
                (value, report) -> value.plain() instanceof String text && choices.contains(text)
                        ? Optional.of(text)
                        : report.unfit(value));
    }

    static Type<Boolean> bool() {
        return new Type<>("true or false", (value, report) -> {
            if (value.plain() instanceof Boolean bool) {
                return Optional.of(bool);
            }
            return report.unfit(value, "true or false", "Write true or false, without quotes.");
        });
    }

    /** Returns the type of integers. @param max at most the largest int */
    static Type<Integer> integer(int min, int max) {
        String range = max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
        String expected = "a whole number " + range;
        return new Type<>(expected, (value, report) -> {
            if (value.plain() instanceof String text && text.matches("[0-9]{1,9}")) {
                return report.unfit(
                        value,
                        expected,
                        "Write it without quotes: " + report.key().name() + ": " + text);
            }
            if (!(value.plain() instanceof BigInteger number)
                    || number.compareTo(BigInteger.valueOf(min)) < 0
                    || number.compareTo(BigInteger.valueOf(max)) > 0) {
                return report.unfit(value);
            }
            return Optional.of(number.intValueExact());
        });
    }

    static Type<DeployTarget> target() {
        return new Type<>("one of " + DeployTarget.allNames(), (value, report) -> {
            String text = value.plain() instanceof String s ? s : "";
            return DeployTarget.parse(text).or(() -> {
                String meant = SpellingSuggestion.of(
                                text, List.of(DeployTarget.allNames().split(", ")))
                        .map(near -> "Did you mean " + near + "?")
                        .orElse(report.example());
                return report.unfit(value, report.expected(), meant);
            });
        });
    }

    /** Returns the type of durations: {@code 90s}, {@code 10m}, {@code 1h30m}, {@code 7d}, or a number of seconds. */
    static Type<Duration> duration(Duration longest) {
        String expected = "a time such as 90s, 10m or 1h30m, or a number of seconds, up to " + Durations.write(longest);
        return new Type<>(expected, (value, report) -> {
            Optional<Duration> duration = Optional.empty();
            if (value.plain() instanceof String text) {
                duration = Durations.parse(text);
            } else if (value.plain() instanceof BigInteger number && number.bitLength() < Integer.SIZE) {
                duration = Optional.of(Duration.ofSeconds(number.longValue()));
            } else if (value.plain() instanceof Double number && number > 0 && number < Integer.MAX_VALUE) {
                duration = Optional.of(Duration.ofMillis(
                        BigDecimal.valueOf(number).movePointRight(3).longValue()));
            }
            Optional<Duration> usable =
                    duration.filter(d -> !d.isZero() && !d.isNegative() && d.compareTo(longest) <= 0);
            return usable.isPresent() ? usable : report.unfit(value);
        });
    }

    /** Returns the type of a list whose elements {@code item} reads. The problems of all elements are reported. */
    static <T> Type<List<T>> list(Type<T> item, String plural) {
        return new Type<>("a list of " + plural, (value, report) -> {
            if (!(value instanceof Value.Items items)) {
                return report.unfit(value);
            }
            Type.Report itemReport = new Type.Report(report.key(), "a list of " + plural, report.problems());
            List<T> read = new ArrayList<>();
            for (Value element : items.values()) {
                item.reader().read(element, itemReport).ifPresent(read::add);
            }
            return read.size() == items.values().size() ? Optional.of(List.copyOf(read)) : Optional.empty();
        });
    }

    /** Returns the type of a block of our keys, where an unknown key can only be a mistake. */
    static Type<Settings> block(Section section) {
        return new Type<>("a block of keys", (value, report) -> {
            if (!(value instanceof Value.Mapping mapping)) {
                return report.unfit(value);
            }
            return Optional.of(
                    SettingsReader.readBlock(report.key().name(), mapping, section.keys(), report.problems()));
        });
    }

    /** Returns the type of any value, for keys that are read elsewhere. */
    static Type<Value> any(String expected) {
        return new Type<>(expected, (value, report) -> Optional.of(value));
    }
}
