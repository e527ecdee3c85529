package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanPartTest {
    @Test
    void anEnvironmentIsBesideTheVersionThatServesThere() {
        List<PlanPart> parts = PlanPart.of(List.of(
                "Plan for hello at commit c0ffee",
                "  build image hello:2 from python:3",
                "docker/hello/live, where 1 serves at http://h since 2026-11-30T08:35:43Z",
                "  create container two",
                "  stop container one, and keep it",
                "At the end"));

        assertThat(parts)
                .extracting(PlanPart::getTitle)
                .containsExactly("Plan for hello at commit c0ffee", "docker/hello/live", "At the end");
        assertThat(parts)
                .extracting(PlanPart::getState)
                .containsExactly("", "1 serves at http://h since 2026-11-30T08:35:43Z", "");
        assertThat(parts.get(1).getSteps()).containsExactly("create container two", "stop container one, and keep it");
    }

    @Test
    void aVersionThatStagingAloneServesIsNotLive() {
        List<String> plan = List.of(
                "docker/hello/staging, where 1 serves at http://s since 2026-11-30T08:35:43Z",
                "  stop container one",
                "docker/hello/live, where 0 serves at http://h since 2026-11-30T08:35:43Z",
                "  create container two");

        assertThat(PlanPart.isServing(plan, "docker/hello/live", "0")).isTrue();
        assertThat(PlanPart.isServing(plan, "docker/hello/live", "1")).isFalse();
        assertThat(PlanPart.isServing(plan, "docker/hello/staging", "1")).isTrue();
    }

    @Test
    void aLineWithoutAHeadingIsOne() {
        assertThat(PlanPart.of(List.of("  build image", "  push image")))
                .singleElement()
                .satisfies(part -> {
                    assertThat(part.getTitle()).isEqualTo("build image");
                    assertThat(part.getSteps()).containsExactly("push image");
                });
    }

    @Test
    void waitsTestsAndRehearsalsAreNoChanges() {
        List<PlanPart> parts = PlanPart.of(List.of(
                "docker/hello/live, where 1 serves at http://h since 2026-11-30T08:35:43Z",
                "  create container hello-2-rehearsal from hello:2",
                "  start container hello-2-rehearsal",
                "  wait for the version 2 at http://h:1",
                "  run the acceptance tests on it before it gets traffic",
                "  create container hello-2 from hello:2",
                "  remove container hello-2-rehearsal",
                "  start container hello-2"));

        assertThat(parts.get(0).getSteps()).hasSize(7);
        assertThat(parts.get(0).getChanges()).containsExactly("create container hello-2", "start container hello-2");
    }
}
