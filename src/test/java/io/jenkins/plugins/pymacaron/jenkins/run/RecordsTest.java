package io.jenkins.plugins.pymacaron.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import hudson.util.XStream2;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the records of stages in a build, written and read as Jenkins does. */
class RecordsTest {
    private static final XStream2 XSTREAM = Run.XSTREAM2;

    @Test
    void comeBackAsTheyWere() {
        ServiceRun service = new ServiceRun("services/hello")
                .named("hello", "c0ffee", "main")
                .serving("docker/hello/staging", List.of("docker/hello/live"))
                .with(new ImageRecord("r/hello", "1", "sha256:00", "1", "c0ffee", true))
                .continuing("{\"a\":{\"b\":\"c\"}}");
        service.add(new StageRecord("live", "Accept live", "12")
                .ended("TESTS_FAILED", "1 of 4 tests failed")
                .took(1000, 50)
                .counted(2, 1, 0, 1)
                .at("http://localhost:8080")
                .reported("pymacaron/1-live.json")
                .deployed(List.of(new DeploymentRecord(
                        "live",
                        "docker",
                        "docker/hello/live",
                        "u",
                        "1",
                        "d",
                        "c",
                        "i",
                        "r",
                        "s",
                        "docker:service=hello;slot=live"))));

        ServiceRun read = (ServiceRun) XSTREAM.fromXML(XSTREAM.toXML(service));
        assertThat(read).usingRecursiveComparison().isEqualTo(service);
        read.add(new StageRecord("rollback", "Roll back", null));
        assertThat(read.getStages()).as("which can be gone on with").hasSize(2);
        assertThat(new ServiceSummary(read).getTitle()).isEqualTo("hello 1 live on docker");
    }

    @Test
    void doWithoutWhatIsNotThere() {
        String name = PymacaronRun.class.getName();
        String pkg = PymacaronRun.class.getPackageName();
        PymacaronRun nothing = (PymacaronRun) XSTREAM.fromXML("<" + name + "/>");
        assertThat(nothing.getServices()).isEmpty();
        assertThat(nothing.getSummaries()).isEmpty();

        ServiceRun bare = (ServiceRun) XSTREAM.fromXML("<" + pkg + ".ServiceRun/>");
        assertThat(bare.getDirectory()).isEqualTo(".");
        assertThat(bare.getStateJson()).isEqualTo("{}");
        assertThat(bare.named("", "", "").getService()).isEmpty();
        assertThat(bare.serving("", List.of("a")).getLiveEnvironments()).containsExactly("a");

        StageRecord stage =
                (StageRecord) XSTREAM.fromXML("<" + pkg + ".StageRecord><stage>live</stage></" + pkg + ".StageRecord>");
        assertThat(stage.getTitle()).isEqualTo("live");
        assertThat(stage.getUrl()).isEmpty();
        assertThat(stage.getMessage()).isEmpty();
        assertThat(stage.getDeployments()).isEmpty();
        bare.add(stage);
        assertThat(new ServiceSummary(bare).getText()).contains("1 stage");

        DeploymentRecord deployment = (DeploymentRecord) XSTREAM.fromXML("<" + pkg + ".DeploymentRecord/>");
        assertThat(deployment.getEnvironment()).isEmpty();
        ImageRecord image = (ImageRecord) XSTREAM.fromXML("<" + pkg + ".ImageRecord/>");
        assertThat(image.getDigest()).isEmpty();
    }
}
