package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.LeaseStory;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.OvertakenContract;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests earlier states, and changes by others meanwhile. */
class CloudRunOthersTest extends OvertakenContract {
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

    @Override
    protected Target live() throws Exception {
        return rig.target(Slot.LIVE);
    }

    @Override
    protected Candidate candidate(String number) {
        return RunRig.candidate(number);
    }

    @Override
    protected Deployed promote(String number) throws Exception {
        return rig.live(number);
    }

    @Override
    protected Deployed done(Target target, Change change) throws Exception {
        return rig.done((CloudRunTarget) target, change);
    }

    @Override
    protected String decisive() {
        return CloudRunEffects.TRAFFIC;
    }

    @Override
    protected void settled() throws Exception {
        rig.idle();
    }

    /** Two runs of one commit have one candidate: it is the newer run's, which still tests it. */
    @Test
    void theCandidateOfANewerRunKeepsItsTag() throws Exception {
        rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        try (CutOff dead =
                new CutOff(directory.resolve("dead"), target, target.prepare(candidate("2")), "deploy", true)) {
            Deployed second = rig.done(target, target.prepare(candidate("2")));

            assertThat(dead.undo().left()).isEmpty();

            assertThat(target.apart(second)).isPresent();
            assertThat(rig.service("hello-live").revisions).containsKey(second.revision());
        }
    }

    @Test
    void aCandidateThatHasServedSinceStaysForARollback() throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        try (CutOff dead =
                new CutOff(directory.resolve("dead"), target, target.prepare(candidate("2")), "deploy", true)) {
            Deployed second = rig.live("2");
            rig.live("3");

            assertThat(dead.undo().left()).isEmpty();

            assertThat(target.earlier())
                    .extracting(Deployed::revision)
                    .containsExactly(second.revision(), first.revision());
        }
    }

    @Test
    void theOnlyCandidateOfADeadRunIsRemoved() throws Exception {
        rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        Change change = target.prepare(candidate("2"));
        try (CutOff dead = new CutOff(directory.resolve("dead"), target, change, "deploy", true)) {
            assertThat(dead.undo().left()).isEmpty();
        }

        rig.idle();
        assertThat(rig.service("hello-live").service.toString()).doesNotContain("\"tag\"");
    }

    /** The older run died in its canary; its undo leaves the traffic to the newer run, which then gives up. */
    @Test
    void aRunThatBeganInTheCanaryOfAnotherReturnsToTheVersionBefore() throws Exception {
        Deployed first = rig.live("1");
        rig.config = RunRig.CONFIG + "canary: [75]\n";
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(candidate("2")));
        try (CutOff dead = new CutOff(
                directory.resolve("dead"),
                target,
                target.activate(candidate("2"), second, Optional.of(first)),
                CloudRunEffects.TRAFFIC,
                true)) {
            assertThat(traffic()).containsExactly("hello-live-v1-00000001 25", "hello-live-v2-00000002 75");
            Deployed third = rig.done(target, target.prepare(candidate("3")));
            Change change = target.activate(candidate("3"), third, Optional.of(first));
            try (CutOff stopped =
                    new CutOff(directory.resolve("stopped"), target, change, CloudRunEffects.TRAFFIC, true)) {
                assertThat(traffic())
                        .as("nothing of the canary that was not accepted")
                        .containsExactly("hello-live-v1-00000001 25", "hello-live-v3-00000003 75");
                assertThat(stopped.undo().left()).isEmpty();
            }
            assertThat(dead.undo().left()).isEmpty();
        }
        assertThat(traffic()).containsExactly("hello-live-v1-00000001 100");
    }

    private List<String> traffic() {
        List<String> shares = new ArrayList<>();
        RunService service = rig.service("hello-live");
        synchronized (service) {
            service.service.path("traffic").forEach(target -> {
                if (target.path("percent").asInt() > 0) {
                    shares.add(target.path("revision").asText() + " "
                            + target.path("percent").asInt());
                }
            });
        }
        Collections.sort(shares);
        return shares;
    }

    @Test
    void aSecretThatWasRemovedIsGone() throws Exception {
        CloudRunTarget target = rig.target(Slot.STAGING);
        rig.done(target, target.prepare(RunRig.candidate("1")));
        rig.secrets.remove("SECRET");
        CloudRunTarget later = rig.target(Slot.STAGING);

        Deployed second = rig.done(later, later.prepare(RunRig.candidate("2")));

        assertThat(rig.hosts.variables.get(second.revision())).doesNotContainKey("SECRET");
    }

    @Test
    void oldRevisionsAreDeletedAndThoseOfOthersStay() throws Exception {
        for (String n : List.of("1", "2", "3", "4")) {
            rig.live(n);
        }
        CloudRunTarget target = rig.target(Slot.LIVE);

        rig.run(target, target.retire(target.current().orElseThrow(), 1));

        assertThat(rig.service("hello-live").revisions.keySet())
                .filteredOn(name -> !name.endsWith("-abc"))
                .containsExactly("hello-live-v3-00000003", "hello-live-v4-00000004");
        assertThat(target.earlier()).extracting(Deployed::version).containsExactly("v3");
    }

    @Test
    void aRevisionChosenByHandIsTheOneThatServedLast() throws Exception {
        Deployed first = rig.live("1");
        rig.live("2");
        RunService service = rig.service("hello-live");
        synchronized (service) {
            for (String list : List.of("traffic", "trafficStatuses")) {
                ((ObjectNode) service.service.path(list).path(0)).put("revision", first.revision());
            }
        }

        rig.live("3");

        assertThat(rig.target(Slot.LIVE).earlier())
                .extracting(Deployed::version)
                .containsExactly("v1", "v2");
    }

    @Test
    void aSplitOfAnotherOwnerIsNoticed() throws Exception {
        rig.live("1");
        rig.live("2");
        RunService service = rig.service("hello-live");
        JsonNode traffic = service.service.path("traffic").path(0).deepCopy();
        synchronized (service) {
            service.service
                    .putArray("traffic")
                    .add(((ObjectNode) traffic.deepCopy()).put("percent", 60).put("revision", "hello-live-v1-00000001"))
                    .add(((ObjectNode) traffic).put("percent", 40));
        }

        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .containsExactly("the traffic of hello-live is split: hello-live-v1-00000001 60 %,"
                        + " hello-live-v2-00000002 40 %, and not by a deployment of ours");
        assertThatThrownBy(() -> rig.target(Slot.LIVE).prepare(RunRig.candidate("3")))
                .hasMessageContaining("is split by now");
    }

    @Test
    void theContainerWithThePortIsTheServiceAndSideCarsStay() throws Exception {
        rig.live("1");
        RunService service = rig.service("hello-live");
        synchronized (service) {
            ObjectNode template = (ObjectNode) service.service.path("template");
            ObjectNode ours = (ObjectNode) template.path("containers").path(0);
            ours.putArray("ports").addObject().put("containerPort", 8080);
            template.putArray("containers")
                    .addObject()
                    .put("image", "docker.io/side/car@sha256:1")
                    .put("name", "car");
            ((ArrayNode) template.path("containers")).add(ours);
        }
        CloudRunTarget target = rig.target(Slot.LIVE);

        rig.run(target, target.prepare(RunRig.candidate("2")));

        synchronized (service) {
            JsonNode made = service.revisions.get("hello-live-v2-00000002").path("containers");
            assertThat(made.path(0).path("image").asText()).isEqualTo("docker.io/side/car@sha256:1");
            assertThat(made.path(0).path("env")).isEmpty();
            assertThat(made.path(1).path("image").asText()).endsWith("@sha256:2");
        }
    }

    @Test
    void aPlanShowsWhatComesAndGoes() throws Exception {
        rig.config = RunRig.CONFIG + "gcp_max_instances: 5\ngcp_memory: 512Mi\n";
        rig.live("1");
        rig.config =
                RunRig.CONFIG.replace("[SECRET, REFERENCE]", "[SECRET]") + "gcp_memory: 1Gi\ngcp_max_instances: 7\n";
        rig.secrets.remove("REFERENCE");

        assertThat(rig.target(Slot.LIVE).prepare(RunRig.candidate("2")).params().get("changes"))
                .isEqualTo("; memory 1Gi instead of 512Mi, max instances 7 instead of 5, variables that go:"
                        + " REFERENCE");
    }

    /** If no key says otherwise, a service stays as closed as it was made by hand, and keeps its account. */
    @Test
    void theAccountAndTheIngressOfAServiceStay() throws Exception {
        rig.server.reconciler.inside = true;
        rig.live("1");
        ObjectNode service = rig.service("hello-live").service;
        service.put("ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY");
        service.withObject("/template").put("serviceAccount", "hello@my-project.iam.gserviceaccount.com");

        rig.live("2");

        ObjectNode now = rig.service("hello-live").service;
        assertThat(now.path("ingress").asText()).isEqualTo("INGRESS_TRAFFIC_INTERNAL_ONLY");
        assertThat(now.path("template").path("serviceAccount").asText())
                .isEqualTo("hello@my-project.iam.gserviceaccount.com");

        rig.config = RunRig.CONFIG + "gcp_ingress: all\n";
        rig.live("3");

        assertThat(rig.service("hello-live").service.path("ingress").asText()).isEqualTo("INGRESS_TRAFFIC_ALL");
    }

    @Test
    void aServiceWithoutACheckOfItsCallersIsPublic() throws Exception {
        rig.live("1");
        rig.service("hello-live").service.put("invokerIamDisabled", true).put("defaultUriDisabled", true);
        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .containsExactly("the default URL of hello-live is disabled, at which a deployment is proven");

        rig.config = RunRig.CONFIG + "allow_unauthenticated: false\n";
        assertThat(rig.target(Slot.LIVE).preflight())
                .extracting(Problem::message)
                .anyMatch(line -> line.contains("the check of who calls hello-live is switched off"));
    }

    @Test
    void aQuestionForRightsThatIsRefusedWholeIsNoAnswer() throws Exception {
        rig.live("1");
        rig.server.unknown.add("run.revisions.get");

        assertThat(rig.target(Slot.LIVE).preflight()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "6, 4Gi, ''",
        "6, 2Gi, at least 4Gi with gcp_cpu 6",
        "1, 8Gi, at most 4096Mi with gcp_cpu 1",
        "8, 32Gi, ''",
        "3, 2Gi, 'has 1, 2, 4, 6 or 8'"
    })
    void processorsAndMemoryFitEachOther(String cpu, String memory, String problem) throws Exception {
        rig.config = RunRig.CONFIG + "gcp_cpu: \"" + cpu + "\"\ngcp_memory: " + memory + "\n";

        assertThat(rig.target(Slot.LIVE).preflight().toString())
                .contains(problem)
                .matches(text -> !problem.isEmpty() || text.equals("[]"));
    }

    /** The first deployment of a service, which another owner has made again and accepted since. */
    @Test
    void aServiceThatAnotherOwnerHasDeployedAgainIsNotDeleted(@TempDir Path journals) throws Exception {
        CloudRunTarget target = rig.target(Slot.LIVE);
        try (CutOff dead =
                new CutOff(journals, target, target.prepare(RunRig.candidate("1")), CloudRunEffects.LOCATE, false)) {
            rig.live("1");

            Outcome outcome = dead.undo();

            assertThat(target.current().orElseThrow().version()).isEqualTo("v1");
            assertThat(outcome.left()).isEmpty();
        }
    }

    @Test
    void aServiceThatServesAnothersIsNotDeleted(@TempDir Path journals) throws Exception {
        CloudRunTarget target = rig.target(Slot.LIVE);
        try (CutOff dead =
                new CutOff(journals, target, target.prepare(RunRig.candidate("1")), CloudRunEffects.LOCATE, false)) {
            rig.live("3");

            Outcome outcome = dead.undo();

            assertThat(rig.target(Slot.LIVE).current().orElseThrow().version()).isEqualTo("v3");
            assertThat(outcome.left()).isEmpty();
        }
    }

    /** Two files of one name and place: the second is told so before it takes anything over. */
    @Test
    void anotherFileDoesNotTakeOverWhatOneDeploys() throws Exception {
        rig.live("1");
        assertThat(rig.target(Slot.LIVE).preflight()).isEmpty();

        rig.file = "pym-config.qa.yaml";

        assertThat(rig.target(Slot.LIVE).preflight().toString())
                .contains(
                        "service hello-live of project my-project in europe-west1 is what pym-config.yaml deploys, not"
                                + " pym-config.qa.yaml")
                .contains("Set another name, gcp_project or gcp_region in one of the two");
    }

    @Test
    void theLeaseIsComparedByTheEtag() throws Exception {
        LeaseStore none = rig.target(Slot.STAGING).leases().orElseThrow();
        Lease mine = new Lease("me", Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(none.write(Optional.empty(), Optional.of(mine))).isTrue();
        assertThat(none.read()).contains(mine);

        rig.live("1");
        LeaseStore store = rig.target(Slot.LIVE).leases().orElseThrow();
        assertThat(store.write(Optional.empty(), Optional.of(mine))).isTrue();
        LeaseStore others = rig.target(Slot.LIVE).leases().orElseThrow();
        assertThat(others.read()).contains(mine);
        assertThat(others.write(Optional.empty(), Optional.of(new Lease("you", mine.until()))))
                .isFalse();
        assertThat(store.write(Optional.of(mine), Optional.empty())).isTrue();
        assertThat(others.read()).isEmpty();
        LeaseStory.tell(() -> rig.target(Slot.LIVE).leases().orElseThrow());
    }

    @Test
    void aKeyWithoutItsIdWillDo() throws Exception {
        String key = rig.server.key().replaceFirst("\"private_key_id\":\"[^\"]+\"", "\"private_key_id\":\"\"");
        assertThat(key).contains("\"private_key_id\":\"\"");
        GoogleCredential credential =
                GoogleCredential.open(new TargetContext(Map.of(GoogleCredential.KEY, key), l -> {}));
        assertThat(credential.accessToken()).startsWith("ya29.");
        assertThat(credential.idToken("https://hello")).isNotEmpty();
    }
}
