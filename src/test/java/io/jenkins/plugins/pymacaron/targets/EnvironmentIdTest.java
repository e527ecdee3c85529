package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Environments are told apart by where they are, and by the file that they are deployed from. */
class EnvironmentIdTest {
    private static final String DOCKER =
            "name: hello\ndocker_repo: demo\ndeploy_target: docker\nlive_url: http://127.0.0.1:8090\n";
    private static final String RUN =
            "name: hello\ndocker_repo: p1/x\ndeploy_target: cloud-run\nlive_url: https://hello.example.com\n";
    private static final String GKE =
            "name: hello\ndocker_repo: p1/x\ndeploy_target: gke\nlive_url: https://hello.example.com\n";
    private static final String BEANSTALK = "name: hello\ndocker_repo: demo\nlive_url: https://hello.example.com\n"
            + "aws_user: u\naws_keypair: k\naws_instance_type: t\naws_live_cname: hello-live\n";

    private static final Map<String, String> ACCOUNT = Map.of("account", "111111111111", "region", "eu-west-1");
    private static final Map<String, String> OTHER_ACCOUNT = Map.of("account", "222222222222", "region", "eu-west-1");

    private static Environment live(String file, String text, String engine) throws Exception {
        return live(file, text, Map.of("engine", engine));
    }

    private static Environment live(String file, String text, Map<String, String> where) throws Exception {
        ProjectConfig project = ConfigReader.read(file, text.getBytes(StandardCharsets.UTF_8), Overrides.NONE);
        return new Environment(Slot.LIVE, 0, project.live().get(0), Map.of(), project.live(), where);
    }

    @Test
    void everyPartTellsTwoApart() throws Exception {
        List<Environment> all = List.of(
                live("pym-config.yaml", DOCKER, "one"),
                live("pym-config.yaml", DOCKER, "two"),
                live("pym-config.qa.yaml", DOCKER, "one"),
                live("pym-config.yaml", DOCKER.replace("hello", "other"), "one"),
                live("pym-config.yaml", RUN, ""),
                live("pym-config.yaml", RUN + "gcp_project: project-2\n", ""),
                live("pym-config.yaml", RUN + "gcp_region: us-east1\n", ""),
                live("pym-config.yaml", GKE, ""),
                live("pym-config.yaml", GKE + "gke_cluster: shared\n", ""),
                live("pym-config.yaml", GKE + "gcp_project: project-2\n", ""),
                live("pym-config.yaml", GKE + "gke_namespace: other\n", ""),
                live("pym-config.yaml", GKE + "gke_context: a;b=c\n", ""),
                live("pym-config.yaml", BEANSTALK, ""),
                live("pym-config.yaml", BEANSTALK + "aws_region: eu-west-1\n", ""),
                live("pym-config.yaml", BEANSTALK.replace("aws_user: u", "aws_user: v"), ""),
                live("pym-config.yaml", BEANSTALK + "aws_application: other\n", ""),
                live("pym-config.yaml", BEANSTALK, ACCOUNT),
                live("pym-config.yaml", BEANSTALK, OTHER_ACCOUNT),
                live("pym-config.yaml", BEANSTALK, Map.of("account", "111111111111", "region", "us-east-1")),
                live("pym-config.yaml", BEANSTALK.replace("hello-live", "hello-2"), ACCOUNT),
                live("pym-config.yaml", BEANSTALK + "aws_application: other\n", ACCOUNT));

        assertThat(all).extracting(e -> e.id().text()).doesNotHaveDuplicates();
        assertThat(all).extracting(e -> e.id().hash()).doesNotHaveDuplicates().allMatch(h -> h.matches("[0-9a-f]{16}"));
    }

    @Test
    void theAddressAndTheRestOfTheFileDoNot() throws Exception {
        assertThat(live("pym-config.yaml", DOCKER.replace("8090", "9000") + "pym_env: x\n", "one")
                        .id())
                .isEqualTo(live("pym-config.yaml", DOCKER, "one").id());
    }

    @Test
    void theCallerOfAnAccountDoesNotChangeIt() throws Exception {
        assertThat(live("pym-config.yaml", BEANSTALK.replace("aws_user: u", "aws_user: v"), ACCOUNT)
                        .id())
                .isEqualTo(live("pym-config.yaml", BEANSTALK, ACCOUNT).id());
    }

    @Test
    void theTextStaysAsItIs() throws Exception {
        assertThat(live("pym-config.qa.yaml", DOCKER, "ab:cd").id().text())
                .isEqualTo("docker:engine=ab%3Acd;env=qa;service=hello;slot=live");
        assertThat(live("pym-config.yaml", RUN, "").id().text())
                .isEqualTo("cloud-run:project=p1;region=europe-west1;service=hello;slot=live");
        assertThat(live("pym-config.yaml", BEANSTALK, ACCOUNT).id().text())
                .isEqualTo("beanstalk:account=111111111111;application=hello;cname=hello-live;region=eu-west-1;"
                        + "service=hello;slot=live");
    }

    @Test
    void peopleSeeAShortName() throws Exception {
        Environment qa = live("pym-config.qa.yaml", DOCKER, "one");
        assertThat(qa.name()).isEqualTo("docker/hello@qa/live");
        assertThat(EnvironmentNames.shown(qa.id().text())).isEqualTo(qa.name());
        assertThat(EnvironmentNames.shown(live("pym-config.yaml", RUN, "").id().text()))
                .isEqualTo("cloud-run/hello/live (europe-west1)");
        assertThat(EnvironmentNames.full(qa.id().text())).isEqualTo("docker/hello@qa/live {engine=one}");
        assertThat(EnvironmentNames.shown("docker/hello/live-2")).isEqualTo("docker/hello/live-2");
    }

    @Test
    void anOldNameFitsEveryEnvironmentThatItCanHaveMeant() throws Exception {
        String docker = live("pym-config.qa.yaml", DOCKER, "one").id().text();
        String run = live("pym-config.yaml", RUN, "").id().text();

        assertThat(EnvironmentNames.isSame("docker/hello/live", docker)).isTrue();
        assertThat(EnvironmentNames.isSame(docker, "docker/hello/live")).isTrue();
        assertThat(EnvironmentNames.isSame("docker/hello/live-2", docker)).isFalse();
        assertThat(EnvironmentNames.isSame("docker/hello/staging", docker)).isFalse();
        assertThat(EnvironmentNames.isSame("cloud-run/hello/live-2", run)).isTrue();
        assertThat(EnvironmentNames.isSame("cloud-run/hello/live-blue", run)).isFalse();
        assertThat(EnvironmentNames.isSame(docker, run)).isFalse();
        assertThat(EnvironmentNames.isSame(
                        docker, live("pym-config.qa.yaml", DOCKER, "two").id().text()))
                .isFalse();
    }

    @Test
    void anEntryWithoutAnAccountIsAdoptedByTheOnlyOneThatItCanMean() throws Exception {
        String name = "beanstalk/hello/live";
        String vague = live("pym-config.yaml", BEANSTALK, "").id().text();
        String vagueInRegion = live("pym-config.yaml", BEANSTALK + "aws_region: eu-west-1\n", "")
                .id()
                .text();
        String one = live("pym-config.yaml", BEANSTALK, ACCOUNT).id().text();
        String two = live("pym-config.yaml", BEANSTALK, OTHER_ACCOUNT).id().text();
        String other = live("pym-config.yaml", BEANSTALK.replace("hello-live", "hello-2"), ACCOUNT)
                .id()
                .text();

        assertThat(EnvironmentNames.isVague(vague)).isTrue();
        assertThat(EnvironmentNames.isVague(one)).isFalse();
        for (String less : List.of(vague, vagueInRegion, name)) {
            assertThat(EnvironmentNames.isSame(less, one)).as(less).isTrue();
            assertThat(EnvironmentNames.isSame(two, less)).as(less).isTrue();
        }
        assertThat(EnvironmentNames.isSame(vague, other)).isFalse();
        assertThat(EnvironmentNames.isSame(one, two)).isFalse();
        assertThat(EnvironmentNames.adopted(vague, List.of(vague, one, other))).isEqualTo(one);
        assertThat(EnvironmentNames.adopted(name, List.of(name, vague, one))).isEqualTo(one);
        assertThat(EnvironmentNames.adopted(name, List.of(name, vague))).isEqualTo(vague);
        assertThat(EnvironmentNames.adopted(vague, List.of(one, two))).isEqualTo(vague);
        assertThat(EnvironmentNames.adopted(one, List.of(vague, two))).isEqualTo(one);

        assertThat(EnvironmentNames.find(one, List.of(vague, two, one))).contains(one);
        assertThat(EnvironmentNames.find(one, List.of(vague))).contains(vague);
        assertThat(EnvironmentNames.find(one, List.of(vague, two))).isEmpty();
        assertThat(EnvironmentNames.find(one, List.of(two, other))).isEmpty();
    }

    @Test
    void anotherPlaceIsKnown() throws Exception {
        String one = live("pym-config.yaml", BEANSTALK, ACCOUNT).id().text();
        String two = live("pym-config.yaml", BEANSTALK, OTHER_ACCOUNT).id().text();

        assertThat(EnvironmentNames.isElsewhere(one, two)).isTrue();
        assertThat(EnvironmentNames.isElsewhere(one, one)).isFalse();
        assertThat(EnvironmentNames.isElsewhere(
                        one, live("pym-config.yaml", BEANSTALK, "").id().text()))
                .as("nothing says so")
                .isFalse();
        assertThat(EnvironmentNames.isElsewhere(
                        live("pym-config.yaml", DOCKER, "one").id().text(),
                        live("pym-config.yaml", DOCKER, "two").id().text()))
                .isTrue();
        assertThat(EnvironmentNames.isElsewhere("", one)).isFalse();
    }
}
