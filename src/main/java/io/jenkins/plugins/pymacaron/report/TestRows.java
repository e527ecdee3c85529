package io.jenkins.plugins.pymacaron.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes test cases in the form that the report's script reads:
 * {@code {"classes":[…],"rows":[[word,class,name,took,message,detail],…]}} with empty ends left out. Class names are
 * written once: they are most of the text of many small tests.
 */
final class TestRows {
    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private TestRows() {}

    static void write(List<TestCase> cases, Writer out) throws IOException {
        Map<String, Integer> classes = new LinkedHashMap<>();
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
        }
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
