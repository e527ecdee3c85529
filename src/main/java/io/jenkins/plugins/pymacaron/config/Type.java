package io.jenkins.plugins.pymacaron.config;

import java.util.Optional;

/**
 * What a key's value must be, and what it becomes.
 *
 * @param expected the end of the sentence "must be …"
 */
record Type<T>(String expected, Reader<T> reader) {
    /** Turns a value into what it stands for, or tells {@code report} what is wrong with it. */
    @FunctionalInterface
    interface Reader<T> {
        Optional<T> read(Value value, Report report);
    }

    Optional<T> read(Key<?> key, Value value, Problems problems) {
        return reader.read(value, new Report(key, expected, problems));
    }

    /** Says what is wrong with the value of one key. */
    record Report(Key<?> key, String expected, Problems problems) {
        /** The value is of another kind than expected. */
        <R> Optional<R> unfit(Value value) {
            return unfit(value, expected, example());
        }

        <R> Optional<R> unfit(Value value, String mustBe, String advice) {
            String found = key.secret() ? "something else" : value.found();
            return wrong(value, "must be " + mustBe + ", but is " + found, advice);
        }

        <R> Optional<R> wrong(Value value, String what, String advice) {
            problems.error(value.at(), key.name() + " " + what, advice);
            return Optional.empty();
        }

        void warn(Value value, String what, String advice) {
            problems.warning(value.at(), key.name() + " " + what, advice);
        }

        String example() {
            return key.example().isEmpty() ? "Correct it." : "Write for instance: " + key.name() + ": " + key.example();
        }
    }
}
