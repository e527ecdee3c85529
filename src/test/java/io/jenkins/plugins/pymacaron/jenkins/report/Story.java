package io.jenkins.plugins.pymacaron.jenkins.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The results of the stages of one build, as the processes that run them on an agent write them. */
public final class Story {
    public static final String LIVE = "docker/hello/live";
    public static final String STAGING = "docker/hello/staging";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant BEGIN = Instant.parse("2026-11-22T18:10:00Z");

    private final String version;
    private String commit;
    private final Instant begin;
    private final List<ObjectNode> results = new ArrayList<>();
    private Duration past = Duration.ZERO;
    private String service = "hello";

    private Story(int build, String version) {
        this.version = version;
        commit = String.format("%08x", version.hashCode()).repeat(5);
        begin = BEGIN.plus(Duration.ofHours(5L * build));
    }

    /** @param build that these stages are of, so that they happen when they should */
    public static Story of(int build, String version) {
        return new Story(build, version);
    }

    public static Story empty() {
        return new Story(1, "");
    }

    /** Everything, up to a live version that passed its acceptance. */
    public static Story shipped(int build, String version) {
        return tested(build, version, build).promoted().accepted("live", 12 + build, 0, 1);
    }

    /** Returns a full deployment, up to a live version that did not pass and was rolled back. */
    public static Story rolledBackLive(int build, String version, String before) {
        return tested(build, version, build)
                .promoted()
                .accepted("live", 10 + build, 2, 1)
                .rolledBack(before);
    }

    private static Story tested(int build, String version, int seconds) {
        return of(build, version)
                .accepted("unit", 40 + 2 * build, 0, 0)
                .plain("build", 21 + seconds)
                .accepted("container", 12 + build, 0, 1)
                .plain("push", 7)
                .deployed("staging", "staging", STAGING, version, 9)
                .accepted("accept-staging", 12 + build, 0, 1);
    }

    /** Sets the commit of the version, from here on. */
    public Story at(String hash) {
        commit = hash;
        return this;
    }

    /** Returns a story of another service from here on. */
    public Story service(String name) {
        service = name;
        return this;
    }

    public Story plain(String stage, int seconds) {
        result(stage, "SUCCEEDED", seconds);
        return this;
    }

    public Story failed(String stage, String outcome, String message) {
        result(stage, outcome, 3).put("message", message);
        return this;
    }

    public Story promoted() {
        return deployed("promote", "live", LIVE, version, 11);
    }

    public Story rolledBack(String before) {
        return deployed("rollback", "live", LIVE, before, 6);
    }

    /** Before all of it. */
    public Story planning(String... lines) {
        ArrayNode plan = result("plan", "PLANNED", 1).putArray("plan");
        List.of(lines).forEach(plan::add);
        return this;
    }

    /** Returns a service that never answered, so that no test ran. */
    public Story silent(String stage, String message, String log) {
        result(stage, "DEPLOY_FAILED", 3).put("message", message).put("log", log);
        return this;
    }

    /** Sets the earlier versions that live keeps, as its last stage reports them. */
    public Story keeping(String... versions) {
        ArrayNode kept = results.get(results.size() - 1).putObject("kept").putArray(LIVE);
        List.of(versions).forEach(kept::add);
        return this;
    }

    public Story deployed(String stage, String slot, String environment, String serves, int seconds) {
        ObjectNode result = result(stage, "SUCCEEDED", seconds);
        ObjectNode made = result.putArray("deployments").addObject();
        made.put("slot", slot).put("target", "docker").put("environment", environment);
        made.put("url", "http://127.0.0.1:" + (slot.equals("live") ? 8080 : 8081));
        made.put("version", serves).put("digest", digest(serves));
        made.put(
                "commit",
                serves.equals(version)
                        ? commit
                        : String.format("%08x", serves.hashCode()).repeat(5));
        made.put("deployment", serves + "-1a2b3c").put("revision", "pym-hello-" + slot);
        made.put("since", begin.plus(past).toString());
        return this;
    }

    /** Tests with names as people give them. */
    public Story accepted(String stage, int passed, int failed, int skipped) {
        ArrayNode cases = JSON.createArrayNode();
        for (int i = 0; i < passed; i++) {
            test(cases, "test_hello.TestHello", "test_greets_in_language_" + i, "PASSED", 20 + 7 * (i % 9));
        }
        for (int i = 0; i < failed; i++) {
            test(cases, "test_version.TestVersion", "test_names_its_build_" + i, "FAILED", 310)
                    .put("message", "AssertionError: expected 'hello', got 'Internal Server Error'")
                    .put(
                            "detail",
                            "Traceback (most recent call last):\n  File \"testaccept/test_version.py\", line "
                                    + (17 + i) + ", in test_names_its_build\n    assert reply.status_code == 200\n"
                                    + "AssertionError: expected 'hello', got 'Internal Server Error'");
        }
        for (int i = 0; i < skipped; i++) {
            test(cases, "test_slow.TestSlow", "test_a_long_night_" + i, "SKIPPED", 0)
                    .put("message", "needs PYM_SLOW=1");
        }
        return accepted(stage, cases, "10.0.0.7 - GET /version 200\n10.0.0.7 - GET /v1/hello 200");
    }

    /** @param log what the service wrote meanwhile */
    public Story accepted(String stage, ArrayNode cases, String log) {
        int failed = count(cases, "FAILED");
        int errors = count(cases, "ERROR");
        boolean bad = failed + errors > 0;
        ObjectNode result = result(stage, bad ? "TESTS_FAILED" : "SUCCEEDED", 4);
        if (bad) {
            result.put("message", failed + errors + " of " + cases.size() + " tests failed");
        }
        ObjectNode suite = result.putObject("report").putArray("suites").addObject();
        suite.put("name", "testaccept")
                .put("duration", "PT4S")
                .put("output", "")
                .set("cases", cases);
        result.putObject("counts")
                .put("passed", count(cases, "PASSED"))
                .put("failed", failed)
                .put("errors", errors)
                .put("skipped", count(cases, "SKIPPED"));
        result.put("log", log);
        return this;
    }

    /** Returns cases for {@link #accepted(String, ArrayNode, String)}. */
    public static ArrayNode cases() {
        return JSON.createArrayNode();
    }

    public static ObjectNode test(ArrayNode cases, String className, String name, String status, int millis) {
        return cases.addObject()
                .put("className", className)
                .put("name", name)
                .put("status", status)
                .put("duration", Duration.ofMillis(millis).toString());
    }

    /** Returns the results, each as its process writes it to standard output. */
    public List<String> results() {
        return results.stream().map(ObjectNode::toString).toList();
    }

    public static String stageOf(String result) throws java.io.IOException {
        return JSON.readTree(result).path("stage").asText();
    }

    private ObjectNode result(String stage, String outcome, int seconds) {
        ObjectNode result = JSON.createObjectNode();
        result.put("schema", 1).put("stage", stage).put("outcome", outcome);
        result.put("service", service)
                .put("commit", commit)
                .put("branch", "main")
                .put("author", "Grace Hopper");
        result.putObject("environments")
                .put("staging", STAGING)
                .putArray("live")
                .add(LIVE);
        result.putObject("state").putObject("image").put("version", version);
        ObjectNode image = result.putObject("image");
        image.put("name", "registry.example/hello").put("tag", version).put("digest", digest(version));
        image.put("version", version).put("commit", commit).put("reused", false);
        result.put("started", begin.plus(past).toString());
        result.put("duration", Duration.ofSeconds(seconds).toString());
        past = past.plusSeconds(seconds);
        results.add(result);
        return result;
    }

    private static int count(ArrayNode cases, String status) {
        int n = 0;
        for (var test : cases) {
            n += test.path("status").asText().equals(status) ? 1 : 0;
        }
        return n;
    }

    private static String digest(String version) {
        return "sha256:" + String.format("%08x", version.hashCode()).repeat(8);
    }
}
