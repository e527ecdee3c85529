package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Runs as the pipeline would describe them. */
final class Samples {
    static final Instant START = Instant.parse("2026-11-22T14:03:12.250Z");

    private Samples() {}

    static RunSummary rolledBack() {
        List<StageSummary> stages = new ArrayList<>();
        stages.add(stage("preflight", "Preflight", 0, 420, StageState.PASSED, "7 checks"));
        stages.add(stage("unit", "Unit tests", 420, 2310, StageState.PASSED, "").with(new Counts(41, 0, 0, 1)));
        stages.add(stage("build", "Build image", 2730, 9870, StageState.PASSED, "dependency layer reused"));
        stages.add(stage("accept-image", "Accept image", 12_600, 4120, StageState.PASSED, "")
                .with(new Counts(12, 0, 0, 0)));
        stages.add(stage("push", "Push image", 16_720, 3900, StageState.PASSED, "5 of 6 layers were there already"));
        stages.add(stage("staging", "Deploy staging", 20_620, 2480, StageState.PASSED, "")
                .withUrl("http://127.0.0.1:8081", "http://127.0.0.1:8081"));
        stages.add(stage("accept-staging", "Accept staging", 23_100, 3650, StageState.PASSED, "")
                .with(new Counts(12, 0, 0, 0)));
        stages.add(stage(
                        "promote",
                        "Promote to live",
                        26_750,
                        1890,
                        StageState.ROLLED_BACK,
                        "live serves 261120-0915-39-5c01aa again")
                .with(new ServiceGap(231, 0, Duration.ZERO))
                .withUrl("http://127.0.0.1:8080", "http://127.0.0.1:8080"));
        stages.add(
                stage("accept-live", "Accept live", 28_640, 3720, StageState.FAILED, "1 of 12 acceptance tests failed")
                        .with(new Counts(10, 1, 0, 1)));
        return summary(stages)
                .outcome(
                        RunOutcome.ROLLED_BACK,
                        "The acceptance of live failed, so live serves 261120-0915-39-5c01aa again. It was without an answer for 0 ms.")
                .duration(Duration.ofMillis(33_900))
                .build();
    }

    static RunSummary.Builder summary(List<StageSummary> stages) {
        return RunSummary.builder("hello", START)
                .version("261122-1503-41-9f3ab2")
                .digest("sha256:4f2c1bd09e6f7a3355d1e0a8c4b6f9d27e135a90b8c7d6e5f4a3b2c1d0e9f8a7")
                .image("docker.io/acme/hello:261122-1503-41-9f3ab2")
                .commit("9f3ab2c41d0e5f6a7b8c9d0e1f2a3b4c5d6e7f80")
                .branch("main")
                .deployments(List.of(
                        new Deployment("staging", "docker", "261122-1503-41-9f3ab2-7c1e", "http://127.0.0.1:8081"),
                        new Deployment("live", "docker", "261122-1503-41-9f3ab2-7c1e", "http://127.0.0.1:8080")))
                .stages(stages);
    }

    static StageSummary stage(String key, String name, long at, long took, StageState state, String message) {
        Instant start = START.plusMillis(at);
        return StageSummary.waiting(key, name).begun(start).ended(state, start.plusMillis(took), message);
    }

    static AcceptanceReport acceptance(boolean failing) {
        List<TestCase> cases = new ArrayList<>();
        String[] names = {
            "test_ping",
            "test_version",
            "test_auth_version",
            "test_hello",
            "test_hello_in_french",
            "test_unknown_language",
            "test_greeting_is_json",
            "test_no_such_endpoint",
            "test_head",
            "test_big_body"
        };
        for (int i = 0; i < names.length; i++) {
            cases.add(TestCase.passed("testaccept.test_hello.TestHello", names[i], Duration.ofMillis(4 + 7L * i)));
        }
        if (failing) {
            cases.add(
                    3,
                    new TestCase(
                            "testaccept.test_hello.TestGreeting",
                            "test_greeting_names_the_caller",
                            CaseStatus.FAILED,
                            Duration.ofMillis(38),
                            "AssertionError: assert 'Hello None' == 'Hello Ada'",
                            """
                            self = <testaccept.test_hello.TestGreeting testMethod=test_greeting_names_the_caller>

                                def test_greeting_names_the_caller(self):
                                    reply = self.get("/hello", params={"name": "Ada"})
                            >       assert reply.json()["greeting"] == "Hello Ada"
                            E       AssertionError: assert 'Hello None' == 'Hello Ada'
                            E
                            E         - Hello Ada
                            E         + Hello None

                            testaccept/test_hello.py:31: AssertionError""",
                            "GET http://127.0.0.1:8080/hello?name=Ada -> 200 in 6 ms"));
        }
        cases.add(new TestCase(
                "testaccept.test_async.TestAsync",
                "test_task_is_queued",
                CaseStatus.SKIPPED,
                Duration.ZERO,
                "needs with_async",
                "",
                ""));
        return new AcceptanceReport(List.of(new TestSuite("pytest", Duration.ofMillis(960), cases, "")), List.of());
    }

    /** Many cases, most of them passed. */
    static AcceptanceReport many(int n) {
        List<TestCase> cases = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            String of = "testaccept.test_module_%02d.TestThings%d".formatted(i % 40, i % 7);
            String name = "test_case_number_%05d_with_a_name_of_the_usual_length".formatted(i);
            cases.add(
                    i % 500 == 250
                            ? new TestCase(
                                    of,
                                    name,
                                    CaseStatus.FAILED,
                                    Duration.ofMillis(i % 900),
                                    "assert 1 == 2",
                                    "E assert 1 == 2\n".repeat(30),
                                    "")
                            : TestCase.passed(of, name, Duration.ofMillis(i % 900)));
        }
        return new AcceptanceReport(List.of(new TestSuite("pytest", Duration.ofMinutes(7), cases, "")), List.of());
    }

    static String log() {
        return """
                [2026-11-22 14:03:41 +0000] [1] [INFO] Starting gunicorn 23.0.0
                [2026-11-22 14:03:41 +0000] [1] [INFO] Listening at: http://0.0.0.0:8080 (1)
                [2026-11-22 14:03:41 +0000] [7] [INFO] Booting worker with pid: 7
                127.0.0.1 - - [22/Nov/2026:14:03:42 +0000] "GET /ping HTTP/1.1" 200 3
                127.0.0.1 - - [22/Nov/2026:14:03:43 +0000] "GET /hello?name=Ada HTTP/1.1" 200 28
                """;
    }
}
