package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.config.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations in the form of pym-config.yaml: {@code 90s}, {@code 10m}, {@code 1h30m}, or a number of seconds. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        return Durations.parse(value)
                .orElseThrow(() ->
                        new TypeConversionException("'" + value + "' is not a duration such as 90s, 10m or 1h30m"));
    }
}
