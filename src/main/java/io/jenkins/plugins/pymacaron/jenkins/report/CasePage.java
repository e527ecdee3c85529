package io.jenkins.plugins.pymacaron.jenkins.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** The cases of a stage's report, a page at a time, with failures first. */
final class CasePage {
    static final int SIZE = 100;

    private static final long MAX_BYTES = 32 << 20;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20)
                    .maxStringLength((int) MAX_BYTES)
                    .build())
            .build());

    private CasePage() {}

    /**
     * Returns a page.
     *
     * @param status PASSED, FAILED (with errors) or SKIPPED; empty for all
     * @param search a text in the name or the message; empty for all
     * @param page from 0
     * @return JSON: total of those found, all there are, page, pages and cases, and on the first page the log
     */
    static String of(Path file, String status, String search, int page) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("the report is too big to be shown");
        }
        JsonNode report = JSON.readTree(file.toFile());
        List<JsonNode> found = new ArrayList<>();
        int all = 0;
        String wanted = search.toLowerCase(Locale.ROOT);
        for (JsonNode suite : report.path("report").path("suites")) {
            for (JsonNode test : suite.path("cases")) {
                all++;
                if (hasStatus(test, status) && matches(test, wanted)) {
                    found.add(test);
                }
            }
        }
        // The sort is stable: cases of one rank stay in the order in which they ran.
        found.sort(Comparator.comparingInt(CasePage::rank));
        int pages = Math.max(1, (found.size() + SIZE - 1) / SIZE);
        int shown = Math.min(Math.max(page, 0), pages - 1);
        ObjectNode answer = JSON.createObjectNode();
        answer.put("total", found.size());
        answer.put("all", all);
        answer.put("page", shown);
        answer.put("pages", pages);
        ArrayNode cases = answer.putArray("cases");
        found.stream().skip((long) shown * SIZE).limit(SIZE).forEach(test -> cases.add(shown(test)));
        if (shown == 0) {
            answer.put("log", report.path("log").asText());
        }
        return JSON.writeValueAsString(answer);
    }

    /** Returns the failures, as many as a page has. */
    static List<FailingCase> failing(Path file) throws IOException {
        return StreamSupport.stream(
                        JSON.readTree(of(file, "FAILED", "", 0)).path("cases").spliterator(), false)
                .map(test -> new FailingCase(
                        test.path("className").asText(),
                        test.path("name").asText(),
                        test.path("message").asText()))
                .toList();
    }

    private static ObjectNode shown(JsonNode test) {
        ObjectNode one = JSON.createObjectNode();
        for (String field : List.of("className", "name", "status", "message", "detail", "output")) {
            one.put(field, test.path(field).asText());
        }
        if (one.path("status").asText().equals("SKIPPED")) {
            // The place of a skip adds nothing to its reason.
            one.put("detail", "");
        }
        one.put("millis", millis(test.path("duration").asText()));
        return one;
    }

    private static long millis(String duration) {
        try {
            return duration.isEmpty() ? 0 : Duration.parse(duration).toMillis();
        } catch (DateTimeParseException | ArithmeticException e) {
            return 0;
        }
    }

    private static boolean hasStatus(JsonNode test, String status) {
        String has = test.path("status").asText();
        return status.isEmpty() || has.equals(status) || (status.equals("FAILED") && has.equals("ERROR"));
    }

    private static boolean matches(JsonNode test, String wanted) {
        return wanted.isEmpty()
                || List.of("className", "name", "message").stream().anyMatch(field -> test.path(field)
                        .asText()
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted));
    }

    private static int rank(JsonNode test) {
        return switch (test.path("status").asText()) {
            case "FAILED", "ERROR" -> 0;
            case "SKIPPED" -> 1;
            default -> 2;
        };
    }
}
