package io.jenkins.plugins.pymacaron.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What became of a service, in a word. */
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
    void isRolledBackWhenThereWasSomethingToTakeBack() {
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
