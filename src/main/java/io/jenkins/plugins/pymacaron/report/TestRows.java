package io.jenkins.plugins.pymacaron.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes test cases in the form that the report's script reads:
 * {@code {"classes":[…],"rows":[[word,class,name,took,message,detail],…]}} with empty ends left out. Class names are
 * written once: they are most of the text of many small tests.
 */
final class TestRows {
    private static final JsonFactory JSON = new JsonFactory();

    private TestRows() {}

    static String json(List<TestCase> cases) {
        Map<String, Integer> classes = new LinkedHashMap<>();
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("rows");
            for (TestCase c : cases) {
                row(json, c, classes.computeIfAbsent(c.className(), k -> classes.size()));
            }
            json.writeEndArray();
            json.writeArrayFieldStart("classes");
            for (String name : classes.keySet()) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void row(JsonGenerator json, TestCase c, int className) throws IOException {
        json.writeStartArray();
        json.writeString(StateStyle.of(c.status()).word());
        json.writeNumber(className);
        json.writeString(c.name());
        json.writeString(HumanFormats.duration(c.duration()));
        if (c.status() != CaseStatus.PASSED) {
            json.writeString(c.message());
            if (c.status().bad()) {
                json.writeString(c.detail());
            }
        }
        json.writeEndArray();
    }
}
