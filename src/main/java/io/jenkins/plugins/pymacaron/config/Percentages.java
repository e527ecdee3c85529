package io.jenkins.plugins.pymacaron.config;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Steps of a canary as a parameter gives them: {@code 5, 25, 50}. */
public final class Percentages {
    private Percentages() {}

    /** Empty if they are not what {@code canary} of the file takes. */
    public static Optional<List<Integer>> parse(String text) {
        return read(text, new Problems(ParameterSettings.SOURCE));
    }

    /** By the rules of the file, with its problems. */
    static Optional<List<Integer>> read(String text, Problems problems) {
        List<Value> steps = Stream.of(text.split(",", -1))
                .map(String::strip)
                .map(step -> new Value.Scalar(number(step), step, FilePosition.NONE))
                .map(Value.class::cast)
                .toList();
        return GoogleKeys.CANARY.type().read(GoogleKeys.CANARY, new Value.Items(steps, FilePosition.NONE), problems);
    }

    /** As YAML would read it. */
    private static Object number(String text) {
        return text.matches("[0-9]{1,3}") ? new BigInteger(text) : text;
    }
}
