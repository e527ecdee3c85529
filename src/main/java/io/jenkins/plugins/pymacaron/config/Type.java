package io.jenkins.plugins.pymacaron.config;

import java.util.Optional;

/**
 * The type of a key: the values that it accepts, and the Java value that they become.
 *
 * @param expected the end of the sentence "must be …"
 */
record Type<T>(String expected, Reader<T> reader) {
    /** Turns a value into its meaning, or reports to {@code report} why it cannot. */
    @FunctionalInterface
    interface Reader<T> {
        Optional<T> read(Value value, Report report);
    }

    Optional<T> read(Key<?> key, Value value, Problems problems) {
        return reader.read(value, new Report(key, expected, problems));
    }

    /** Reports the problems of the value of one key. */
    record Report(Key<?> key, String expected, Problems problems) {
        /** Reports that the value is of another kind than expected. */
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
