package io.jenkins.plugins.pymacaron.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of the file, as PyYAML would read it, with its place. */
sealed interface Value {
    FilePosition at();

    /**
     * Returns the value as plain Java: null, Boolean, BigInteger, Double, String, byte[], a java.time value, a List or
     * a Map.
     */
    Object plain();

    /** Returns the kind of the value, for the end of a sentence like "must be text, but is …". */
    String found();

    /** A scalar. @param text as it is written */
    record Scalar(Object plain, String text, FilePosition at) implements Value {
        @Override
        public String found() {
            if (plain == null) {
                return "empty";
            }
            if (plain instanceof String s) {
                return s.isEmpty() ? "an empty text" : "the text " + QuotedText.of(s);
            }
            if (plain instanceof BigInteger n) {
                String number = QuotedText.of(n.toString());
                return "the number " + number
                        + (number.equals(text) ? "" : " (as YAML 1.1 reads " + QuotedText.of(text) + ")");
            }
            if (plain instanceof Boolean b) {
                return b + (b.toString().equals(text) ? "" : " (as YAML 1.1 reads " + QuotedText.of(text) + ")");
            }
            return (plain instanceof Double ? "the number " : "the date or binary value ") + QuotedText.of(text);
        }
    }

    record Items(List<Value> values, FilePosition at) implements Value {
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

    /** A mapping. Keys are plain values, usually text. The order is that of the file. */
    record Mapping(Map<Object, Entry> entries, FilePosition at) implements Value {
        record Entry(FilePosition keyAt, Value value) {}

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
