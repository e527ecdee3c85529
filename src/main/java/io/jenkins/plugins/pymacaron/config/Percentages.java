package io.jenkins.plugins.pymacaron.config;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the steps of a canary in the form of a parameter: {@code 5, 25, 50}. */
public final class Percentages {
    private Percentages() {}

    /** Returns the steps; empty if {@code canary} of the file would not accept them. */
    public static Optional<List<Integer>> parse(String text) {
        return read(text, new Problems(ParameterSettings.SOURCE));
    }

    /** Reads the steps by the rules of the file, and adds its problems. */
    static Optional<List<Integer>> read(String text, Problems problems) {
        List<Value> steps = Stream.of(text.split(",", -1))
                .map(String::strip)
                .map(step -> new Value.Scalar(number(step), step, FilePosition.NONE))
                .map(Value.class::cast)
                .toList();
        return GoogleKeys.CANARY.type().read(GoogleKeys.CANARY, new Value.Items(steps, FilePosition.NONE), problems);
    }

    /** Returns the number as YAML would read it. */
    private static Object number(String text) {
        return text.matches("[0-9]{1,3}") ? new BigInteger(text) : text;
    }
}
