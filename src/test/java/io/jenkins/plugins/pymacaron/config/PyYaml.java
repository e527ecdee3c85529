package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** The real PyYAML, for comparison, and the form in which both sides' values are compared (read_yaml.py). */
final class PyYaml {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Optional<String> INTERPRETER = interpreter();

    private PyYaml() {}

    /** Skips the test where no Python with PyYAML is at hand. */
    static void assumeThere() {
        assumeThat(INTERPRETER).as("a Python that has PyYAML").isPresent();
    }

    /** The same for jqwik, which takes an assumption for a sample to be replaced. */
    static final class Needed implements SkipExecutionHook {
        @Override
        public SkipResult shouldBeSkipped(LifecycleContext context) {
            return INTERPRETER.isPresent() ? SkipResult.doNotSkip() : SkipResult.skip("no Python has PyYAML");
        }
    }

    private static Optional<String> interpreter() {
        String given = System.getenv().getOrDefault("PYM_TEST_PYTHON", "/usr/bin/python3");
        try {
            Process process = new ProcessBuilder(given, "-c", "import yaml")
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0 ? Optional.of(given) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the result of PyYAML for each document, in the form of {@link #form}; empty where it refuses. */
    static List<Optional<String>> read(List<String> documents) {
        try {
            Path script = Files.createTempFile("read_yaml", ".py");
            try (InputStream in = PyYaml.class.getResourceAsStream("read_yaml.py")) {
                Files.write(script, in.readAllBytes());
            }
            Process process = new ProcessBuilder(INTERPRETER.orElseThrow(), script.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<Optional<String>> answers = new ArrayList<>();
            try (Writer out = new BufferedWriter(
                            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String document : documents) {
                    out.write(ascii(JSON.writeValueAsString(document)) + "\n");
                    out.flush();
                    answers.add(Optional.ofNullable(JSON.readValue(in.readLine(), String.class)));
                }
            } finally {
                process.destroyForcibly();
                Files.delete(script);
            }
            return answers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns text that no locale of the interpreter changes. */
    private static String ascii(String json) {
        return json.chars()
                .mapToObj(c -> c < 0x80 ? String.valueOf((char) c) : String.format("\\u%04x", c))
                .collect(Collectors.joining());
    }

    /** Returns a value of ours as read_yaml.py writes Python's. */
    static String form(Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof Boolean) {
            return "bool:" + value;
        } else if (value instanceof Double number) {
            return "float:" + (number.isNaN() ? "nan" : HexFormat.of().toHexDigits(Double.doubleToRawLongBits(number)));
        } else if (value instanceof String text) {
            return "str:" + HexFormat.of().formatHex(utf16(text));
        } else if (value instanceof byte[] bytes) {
            return "bytes:" + HexFormat.of().formatHex(bytes);
        } else if (value instanceof LocalDate date) {
            return "date:(" + date.getYear() + ", " + date.getMonthValue() + ", " + date.getDayOfMonth() + ")";
        } else if (value instanceof LocalDateTime time) {
            return "time:" + fields(time) + ":none";
        } else if (value instanceof OffsetDateTime time) {
            return "time:" + fields(time.toLocalDateTime()) + ":"
                    + time.getOffset().getTotalSeconds();
        } else if (value instanceof List<?> list) {
            return list.stream().map(PyYaml::form).collect(Collectors.joining(",", "[", "]"));
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> form(entry.getKey()) + "=" + form(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return "int:" + value;
    }

    private static byte[] utf16(String text) {
        byte[] bytes = new byte[text.length() * 2];
        for (int i = 0; i < text.length(); i++) {
            bytes[2 * i] = (byte) (text.charAt(i) >> 8);
            bytes[2 * i + 1] = (byte) text.charAt(i);
        }
        return bytes;
    }

    private static String fields(LocalDateTime t) {
        return List.of(
                        t.getYear(),
                        t.getMonthValue(),
                        t.getDayOfMonth(),
                        t.getHour(),
                        t.getMinute(),
                        t.getSecond(),
                        t.getNano() / 1000)
                .toString()
                .replace('[', '(')
                .replace(']', ')');
    }
}
