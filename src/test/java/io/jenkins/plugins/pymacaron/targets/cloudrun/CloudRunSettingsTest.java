package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the settings of a service and its revisions: the plan shows the changes, and the rollback undoes them. */
@Timeout(20 * 60)
class CloudRunSettingsTest {
    private static final String EXTRAS = """
            gcp_network: default
            gcp_subnet: services
            gcp_network_tags: [egress]
            gcp_vpc_egress: all-traffic
            gcp_sql_instances: ["my-project:europe-west1:db"]
            gcp_startup_probe: /ping
            gcp_cpu_boost: true
            gcp_execution_environment: gen2
            gcp_labels: ["team=payments"]
            """;

    @TempDir
    private Path directory;

    private RunRig rig;

    @BeforeEach
    void begin() throws Exception {
        rig = new RunRig(directory);
    }

    @AfterEach
    void end() {
        assertThat(rig.server.wire.troubles).isEmpty();
        rig.close();
    }

    private ObjectNode live() {
        return rig.service("hello-live").service;
    }

    @Test
    void scalingStaysWhereNoKeySetsIt() throws Exception {
        rig.live("1");
        live().withObject("/scaling").put("minInstanceCount", 3);
        live().withObject("/template/scaling").put("minInstanceCount", 2).put("maxInstanceCount", 9);

        rig.live("2");

        assertThat(live().at("/scaling/minInstanceCount").asInt()).isEqualTo(3);
        assertThat(live().at("/template/scaling/minInstanceCount").asInt()).isEqualTo(2);
        assertThat(live().at("/template/scaling/maxInstanceCount").asInt()).isEqualTo(9);
    }

    @Test
    void theFewestInstancesAreThoseOfTheServiceAndReturnWithTheTraffic() throws Exception {
        rig.server.reconciler.inside = true;
        rig.live("1");
        live().withObject("/scaling").put("minInstanceCount", 3);
        live().put("ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY");
        live().withObject("/template/scaling").put("minInstanceCount", 2);
        rig.config = RunRig.CONFIG + "gcp_min_instances: 5\ngcp_ingress: all\ngcp_labels: [\"team=payments\"]\n";
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed first = target.current().orElseThrow();
        var change = target.prepare(RunRig.candidate("2"));
        assertThat(change.params().get("changes")).isEqualTo("; min instances of the revision none instead of 2");
        Deployed second = rig.done(target, change);
        assertThat(live().at("/scaling/minInstanceCount").asInt())
                .as("not before the traffic")
                .isEqualTo(3);
        assertThat(live().at("/template/scaling/minInstanceCount").asInt()).isZero();
        rig.service("hello-live").refuses = "no quota";

        Outcome refused = rig.run(target, target.activate(RunRig.candidate("2"), second, Optional.of(first)));

        assertThat(refused).isInstanceOf(Outcome.Failed.class);
        assertThat(live().at("/scaling/minInstanceCount").asInt()).isEqualTo(3);
        assertThat(live().path("ingress").asText()).isEqualTo("INGRESS_TRAFFIC_INTERNAL_ONLY");
        assertThat(live().at("/labels/team").isMissingNode()).isTrue();
        rig.service("hello-live").refuses = "";

        CloudRunActivateParameters move =
                CloudRunActivateParameters.read(target.activate(RunRig.candidate("2"), second, Optional.of(first))
                        .params());
        assertThat(move.settings().changes(move.had()))
                .isEqualTo("; ingress all instead of internal, min instances of the service 5 instead of 3, label team"
                        + " payments instead of none");
        rig.done(target, target.activate(RunRig.candidate("2"), second, Optional.of(first)));
        assertThat(live().at("/scaling/minInstanceCount").asInt()).isEqualTo(5);
        assertThat(live().at("/labels/team").asText()).isEqualTo("payments");
    }

    @Test
    void networkDatabaseProbeAndGenerationReachTheRevisionAndStayWithoutTheirKeys() throws Exception {
        rig.config = RunRig.CONFIG + EXTRAS;
        assertThat(rig.target(Slot.LIVE).preflight()).isEmpty();
        rig.live("1");

        JsonNode template = live().path("template");
        assertThat(template.path("vpcAccess").toString())
                .isEqualTo("{\"egress\":\"ALL_TRAFFIC\",\"networkInterfaces\":[{\"network\":\"default\",\"subnetwork\":"
                        + "\"services\",\"tags\":[\"egress\"]}]}");
        assertThat(template.at("/volumes/0/cloudSqlInstance/instances/0").asText())
                .isEqualTo("my-project:europe-west1:db");
        assertThat(template.at("/containers/0/volumeMounts/0/mountPath").asText())
                .isEqualTo("/cloudsql");
        assertThat(template.at("/containers/0/startupProbe/httpGet/path").asText())
                .isEqualTo("/ping");
        assertThat(template.at("/containers/0/resources/startupCpuBoost").asBoolean())
                .isTrue();
        assertThat(template.path("executionEnvironment").asText()).isEqualTo("EXECUTION_ENVIRONMENT_GEN2");
        assertThat(template.at("/labels/team").asText()).isEqualTo("payments");

        rig.config = RunRig.CONFIG;
        rig.live("2");
        for (String field : new String[] {"vpcAccess", "volumes", "executionEnvironment", "labels"}) {
            assertThat(live().path("template").path(field)).isEqualTo(template.path(field));
        }
        rig.config = RunRig.CONFIG + "gcp_vpc_connector: mine\ngcp_execution_environment: gen1\n";
        assertThat(rig.target(Slot.LIVE).prepare(RunRig.candidate("3")).params().get("changes"))
                .isEqualTo("; execution environment gen1 instead of gen2, vpc connector mine instead of none");
        rig.live("3");
        assertThat(live().at("/template/vpcAccess"))
                .isEqualTo(new ObjectMapper().readTree("{\"egress\":\"ALL_TRAFFIC\",\"connector\":\"mine\"}"));
    }

    @Test
    void keysThatExcludeEachOtherAreReported() throws Exception {
        rig.config = RunRig.CONFIG + "gcp_network: default\ngcp_vpc_connector: mine\ngcp_cpu: 500m\n"
                + "gcp_request_concurrency: 1\ngcp_execution_environment: gen2\n";

        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .containsExactly(
                        "gcp_vpc_connector stands beside gcp_network or gcp_subnet, and a service has one way to a VPC",
                        "gcp_cpu 500m is less than one processor, which only the first generation has, and"
                                + " gcp_execution_environment is gen2");
    }

    @Test
    void cloudRunIsAskedWhatItWouldRefuseAndNothingIsMade() throws Exception {
        rig.server.denied.add("iam.serviceAccounts.actAs");
        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith("Cloud Run would refuse hello-live: Permission 'iam.serviceAccounts.actAs' denied");
        assertThat(rig.server.services).isEmpty();
        rig.server.denied.clear();
        rig.live("1");
        String before = live().toString();
        rig.server.denied.add("iam.serviceAccounts.actAs");

        assertThat(rig.target(Slot.LIVE).preflight()).hasSize(1);
        assertThat(live().toString()).isEqualTo(before);
    }

    @Test
    void identityAwareProxyIsNoticed() throws Exception {
        rig.live("1");
        live().put("iapEnabled", true);

        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .containsExactly(
                        "Identity-Aware Proxy stands in front of hello-live and lets in only who has signed in,"
                                + " so that a deployment cannot be proven");
    }

    @Test
    void liveUrlHasToAnswerWithTheVersionWhereThatIsAskedFor() throws Exception {
        String[] version = {"v1"};
        try (WireServer front =
                WireServer.start(request -> Answer.json(200, "{\"version\": \"" + version[0] + "\"}"))) {
            rig.config = RunRig.CONFIG.replace(
                            "https://hello.example.com", front.url().toString())
                    + "gcp_prove_live_url: true\n";
            rig.live("1");
            CloudRunTarget target = rig.target(Slot.LIVE);
            Deployed first = target.current().orElseThrow();
            Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
            version[0] = "v2";

            assertThat(rig.done(target, target.activate(RunRig.candidate("2"), second, Optional.of(first)))
                            .version())
                    .isEqualTo("v2");
            var facts = target.read(new io.jenkins.plugins.pymacaron.operation.Subject(
                    CloudRunWaitConditions.LIVE, second.revision() + "   "));
            assertThat(facts).containsEntry(CloudRunWaitConditions.FRONT_VERSIONS, "v2");
        }
    }
}
