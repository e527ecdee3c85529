package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Severity;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the front of the revisions: it does not admit every caller, and needs time until it routes as it was told. */
@Timeout(20 * 60)
class CloudRunFrontTest {
    private static final String INTERNAL = "INGRESS_TRAFFIC_INTERNAL_ONLY";

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
    void anInternalServiceThatDoesNotLetThisMachineInIsFoundBeforeAnythingHappens() throws Exception {
        rig.live("1");
        live().put("ingress", INTERNAL);

        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .containsExactly("service hello-live answers 404, as Cloud Run does to requests from outside of the"
                        + " networks of the project where the ingress is internal, so that no deployment can be proven"
                        + " from here");
        rig.config = RunRig.CONFIG + "gcp_ingress: all\n";
        assertThat(rig.target(Slot.LIVE).preflight())
                .as("it changes with the traffic only, and the candidate is to be proven before")
                .hasSize(1);
    }

    @Test
    void anInternalServiceIsDeployedFromAMachineThatItLetsIn() throws Exception {
        rig.server.reconciler.inside = true;
        rig.config = RunRig.CONFIG + "gcp_ingress: internal\n";
        rig.live("1");
        assertThat(live().path("ingress").asText()).isEqualTo(INTERNAL);

        assertThat(rig.target(Slot.LIVE).preflight()).isEmpty();
        assertThat(rig.live("2").version()).isEqualTo("v2");
    }

    @Test
    void aServiceThatIsToBecomeInternalIsWarnedOf() throws Exception {
        rig.config = RunRig.CONFIG + "gcp_ingress: internal-and-cloud-load-balancing\n";
        rig.server.denied.add("iam.serviceAccounts.actAs");

        assertThat(rig.target(Slot.LIVE).preflight())
                .as("and whatever else there is, is found too")
                .hasSize(2)
                .first()
                .satisfies(problem -> {
                    assertThat(problem.severity()).isEqualTo(Severity.WARNING);
                    assertThat(problem.message())
                            .startsWith("gcp_ingress is internal-and-cloud-load-balancing: from the first deployment");
                });
    }

    @Test
    void aServiceThatBecomesInternalAndIsNotSeenAnyMoreIsNoSuccess() throws Exception {
        Deployed first = rig.live("1");
        rig.config = RunRig.CONFIG + "gcp_ingress: internal\n";
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));

        Outcome outcome =
                rig.run(target, within("PT10S", target.activate(RunRig.candidate("2"), second, Optional.of(first))));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .contains("answers 404, as Cloud Run does to requests from outside"));
        assertThat(live().path("ingress").asText()).isEqualTo("INGRESS_TRAFFIC_ALL");
        assertThat(rig.target(Slot.LIVE).current()).map(Deployed::version).contains("v1");
    }

    private static Change within(String time, Change change) {
        Map<String, String> params = new HashMap<>(change.params());
        assertThat(params).containsKey("within");
        params.put("within", time);
        return new Change(change.operation(), params, Map.of());
    }

    @Test
    void anOldVersionThatAnswersForAWhileIsWaitedOut() throws Exception {
        rig.live("1");
        rig.service("hello-live").lag = 25;

        assertThat(rig.live("2").version()).isEqualTo("v2");

        assertThat(rig.service("hello-live").late.get())
                .as("what was still to be answered by the version before")
                .isZero();
        assertThat(rig.log).anyMatch(line -> line.contains("versions=v1 v2"));
    }

    @Test
    void anOldVersionThatStaysIsNoSuccess() throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
        rig.service("hello-live").lag = Integer.MAX_VALUE;

        Outcome outcome =
                rig.run(target, within("PT10S", target.activate(RunRig.candidate("2"), second, Optional.of(first))));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .contains("GET /version answers v1 and v2, not v2"));
        assertThat(live().at("/traffic/0/revision").asText()).isEqualTo(first.revision());
    }
}
