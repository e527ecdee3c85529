package io.jenkins.plugins.pymacaron.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the result of a service, in a word. */
class ServiceSummaryTest {
    private final ServiceRun service = new ServiceRun(".");

    @Test
    void isPromotedWhenItIsAndAcceptedWhenItIs() {
        ended("staging", "SUCCEEDED", List.of());
        assertThat(text()).endsWith("staged");
        ended("promote", "SUCCEEDED", List.of());
        assertThat(text()).endsWith("promoted, not accepted");
        ended("live", "SUCCEEDED", List.of());
        assertThat(text()).endsWith("promoted");
    }

    @Test
    void isRolledBackWhenThereWasSomethingToRollBack() {
        ended("unit", "TESTS_FAILED", List.of());
        ended("rollback", "SUCCEEDED", List.of());
        assertThat(text()).endsWith("unit failed");
        ended(
                "rollback",
                "SUCCEEDED",
                List.of(new DeploymentRecord("live", "docker", "docker/hello/live", "", "1", "", "", "", "", "", "")));
        assertThat(text()).endsWith("unit failed; rolled back: 1 serves");
        ended("rollback", "ROLLBACK_FAILED", List.of());
        assertThat(text()).endsWith("could NOT be rolled back");
    }

    @Test
    void saysTheStageAndTheReasonWhatWasRefusedAndWhatServes() {
        ended("promote", "SUCCEEDED", List.of(live("2")));
        service.add(new StageRecord("live", "Accept live", null)
                .ended("TESTS_FAILED", "Accept live: 1 of 4 tests failed")
                .counted(3, 1, 0, 0)
                .took(1000, 61_000));
        ended("rollback", "SUCCEEDED", List.of(live("1")));
        assertThat(text())
                .as("no stage twice, and neither the first reason nor the last state left out")
                .isEqualTo("3 stages · 4 tests, 1 failed · 1 min 1 sec · Accept live failed: 1 of 4 tests failed;"
                        + " 2 was rolled back: 1 serves again");
        assertThat(new ServiceSummary(service).getConsole())
                .last()
                .isEqualTo("live failed its acceptance (1 of 4 tests failed) and was rolled back: 1 serves again");
    }

    @Test
    void ofARollbackByHandSaysWhy() {
        service.add(new StageRecord("rollback", "Roll back", null)
                .deployed(List.of(live("1")))
                .because("2 loses\norders"));
        assertThat(text()).endsWith("rolled back: 1 serves (2 loses orders)");
    }

    @Test
    void endsTheConsoleWithVersionDigestAddressesTestsAndTime() {
        service.named("hello", "c0ffee", "main")
                .with(new ImageRecord("r/hello", "t-2", "sha256:ab", "2", "c0ffee", false));
        ended(
                "staging",
                "SUCCEEDED",
                List.of(new DeploymentRecord(
                        "staging",
                        "docker",
                        "docker/hello/staging",
                        "http://h:81",
                        "2",
                        "sha256:ab",
                        "",
                        "",
                        "",
                        "",
                        "")));
        service.add(new StageRecord("live", "Accept live", null)
                .counted(4, 0, 0, 0)
                .took(0, 4000)
                .deployed(List.of(live("2"))));
        assertThat(new ServiceSummary(service).getConsole())
                .containsExactly(
                        "hello 2 live on docker: 2 stages · 4 tests · 4 sec · staged",
                        "  image r/hello:t-2 sha256:ab",
                        "  staging: 2 at http://h:81",
                        "  live: 2 at http://h:80");
    }

    private static DeploymentRecord live(String version) {
        return new DeploymentRecord(
                "live", "docker", "docker/hello/live", "http://h:80", version, "sha256:ab", "", "", "", "", "");
    }

    @Test
    void namesCloudsAsTheirUsersDo() {
        ended(
                "promote",
                "SUCCEEDED",
                List.of(new DeploymentRecord(
                        "live", "cloud-run", "cloud-run/hello/live", "", "1", "", "", "", "", "", "")));
        assertThat(new ServiceSummary(service).getTitle()).isEqualTo(". 1 live on Cloud Run");
    }

    private String text() {
        return new ServiceSummary(service).getText();
    }

    private void ended(String stage, String outcome, List<DeploymentRecord> deployments) {
        service.add(new StageRecord(stage, stage, null).ended(outcome, "").deployed(deployments));
    }
}
