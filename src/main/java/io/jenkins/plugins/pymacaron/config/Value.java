package io.jenkins.plugins.pymacaron.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of the file, as PyYAML would read it, and where it stands. */
sealed interface Value {
    Position at();

    /** As plain Java: null, Boolean, BigInteger, Double, String, byte[], a java.time value, a List or a Map. */
    Object plain();

    /** What it is, for the end of a sentence like "must be text, but is …". */
    String found();

    /** @param text as it is written */
    record Scalar(Object plain, String text, Position at) implements Value {
        @Override
        public String found() {
            if (plain == null) {
                return "empty";
            }
            if (plain instanceof String s) {
                return s.isEmpty() ? "an empty text" : "the text " + Quote.of(s);
            }
            if (plain instanceof BigInteger n) {
                String number = Quote.of(n.toString());
                return "the number " + number
                        + (number.equals(text) ? "" : " (as YAML 1.1 reads " + Quote.of(text) + ")");
            }
            if (plain instanceof Boolean b) {
                return b + (b.toString().equals(text) ? "" : " (as YAML 1.1 reads " + Quote.of(text) + ")");
            }
            return (plain instanceof Double ? "the number " : "the date or binary value ") + Quote.of(text);
        }
    }

    record Items(List<Value> values, Position at) implements Value {
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public Object plain() {
            List<Object> plain = new ArrayList<>();
            values.forEach(v -> plain.add(v.plain()));
            return plain;
        }

        @Override
        public String found() {
            return "a list";
        }
    }

    /** Keys are plain values, mostly texts. The order is that of the file. */
    record Mapping(Map<Object, Entry> entries, Position at) implements Value {
        record Entry(Position keyAt, Value value) {}

        @Override
        public Object plain() {
            Map<Object, Object> plain = new LinkedHashMap<>();
            entries.forEach((key, entry) -> plain.put(key, entry.value().plain()));
            return plain;
        }

        @Override
        public String found() {
            return "a mapping (indented keys)";
        }
    }
}
