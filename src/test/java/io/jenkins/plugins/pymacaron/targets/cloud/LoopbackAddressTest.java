package io.jenkins.plugins.pymacaron.targets.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkTarget;
import io.jenkins.plugins.pymacaron.targets.cloudrun.CloudRunTarget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that a stand-in on this machine, and nothing else, is asked more often than a cloud. */
class LoopbackAddressTest {
    private static final String BEANSTALK = """
            deploy_target: beanstalk
            aws_user: deployer
            aws_region: eu-west-1
            aws_keypair: pair
            aws_instance_type: t3.small
            aws_instance_profile: role
            aws_live_cname: hello-live
            """;
    private static final String CLOUD_RUN = "deploy_target: cloud-run\ngcp_project: my-project\n";

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, true",
        "http://127.0.1.1/path, true",
        "http://localhost:4566, true",
        "http://[::1]:80, true",
        "http://127.0.0.1.example.com, false",
        "http://localhost.example.com, false",
        "https://run.googleapis.com, false",
        "http://10.0.0.1:80, false",
        "'', false",
    })
    void isAnAddressOfThisMachine(String url, boolean local) {
        assertThat(LoopbackAddress.isIn(url)).isEqualTo(local);
    }

    private static Duration firstPause(
            BiFunction<Environment, TargetContext, Target> target, String config, Map<String, String> variables)
            throws Exception {
        String text = "name: hello\ndocker_repo: demo\nlive_url: https://hello.example.com\n" + config;
        var read = ConfigReader.read("f", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE);
        return target.apply(
                        new Environment(Slot.LIVE, 0, read.live().get(0), Map.of()),
                        new TargetContext(variables, line -> {}))
                .pace()
                .delay(1, 0.5);
    }

    @Test
    void aStandInIsAskedOftenAndACloudIsNot() throws Exception {
        String local = "http://127.0.0.1:1";
        String proxy = "https://proxy.example.com";

        assertThat(firstPause(BeanstalkTarget::new, BEANSTALK, Map.of("AWS_ENDPOINT_URL", local)))
                .isLessThan(Duration.ofMillis(500));
        assertThat(firstPause(BeanstalkTarget::new, BEANSTALK, Map.of("AWS_ENDPOINT_URL", proxy)))
                .isGreaterThan(Duration.ofSeconds(3));
        assertThat(firstPause(BeanstalkTarget::new, BEANSTALK, Map.of())).isGreaterThan(Duration.ofSeconds(3));
        String endpoint = "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN";
        assertThat(firstPause(CloudRunTarget::new, CLOUD_RUN, Map.of(endpoint, local)))
                .isLessThan(Duration.ofMillis(500));
        assertThat(firstPause(CloudRunTarget::new, CLOUD_RUN, Map.of())).isGreaterThan(Duration.ofMillis(700));
    }
}
