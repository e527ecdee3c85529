package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.HeldRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests changes that Cloud Run refuses after it has accepted them, that need time, or that it refuses for a template
 * with a name.
 */
@Timeout(20 * 60)
class CloudRunLateTest {
    private static final String FIRST = "hello-live-v1-00000001";
    private static final Lease MINE = new Lease("me", Instant.parse("2026-01-01T00:00:00Z"));

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

    /** A live as another tool leaves it: with a template that names its revision. */
    private void pinned() throws Exception {
        rig.live("1");
        live().withObject("/template").put("revision", FIRST);
    }

    @Test
    void theServerTakesNoOtherFieldOfAServiceWhoseTemplateNamesARevision() throws Exception {
        pinned();
        CloudRunApi api = new CloudRunApi(
                rig.server.wire.url(), GoogleCredential.open(new TargetContext(rig.inherited(), line -> {})));
        var service = api.service(new CloudRunNames("my-project", "europe-west1", "hello-live")).toBuilder();

        service.putAnnotations("a.example.com/b", "c");
        assertThatThrownBy(() -> api.update(service.build(), List.of("annotations")))
                .hasMessageContaining("Revision named '" + FIRST + "' with different configuration already exists.");
        assertThat(api.update(service.build(), List.of("traffic")).getName()).contains("/operations/");
    }

    @Test
    void aLeaseIsWrittenThoughTheTemplateNamesARevision() throws Exception {
        pinned();
        assertThat(live().at("/template/revision").asText()).isEqualTo(FIRST);

        assertThat(rig.target(Slot.LIVE).leases().orElseThrow().write(Optional.empty(), Optional.of(MINE)))
                .isTrue();

        assertThat(live().path("annotations").has(CloudRunMetadata.LEASE)).isTrue();
        assertThat(rig.target(Slot.LIVE).current()).map(Deployed::revision).contains(FIRST);
        assertThat(rig.target(Slot.LIVE).leases().orElseThrow().write(Optional.of(MINE), Optional.empty()))
                .isTrue();
        rig.live("2");
        rig.live("3");
        CloudRunTarget target = rig.target(Slot.LIVE);
        rig.run(target, target.retire(target.current().orElseThrow(), 2));
        assertThat(rig.service("hello-live").revisions.keySet())
                .as("what came with the other changes is gone, but for the latest")
                .filteredOn(name -> name.endsWith("-abc"))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void trafficToTheLatestRevisionStaysWhenTheNameGoes() throws Exception {
        pinned();
        ObjectNode target = (ObjectNode) live().path("traffic").path(0);
        target.put("type", "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST").remove("revision");
        String ready = live().path("latestReadyRevision").asText();
        String latest = ready.substring(ready.lastIndexOf('/') + 1);

        rig.target(Slot.LIVE).leases().orElseThrow().write(Optional.empty(), Optional.of(MINE));

        assertThat(live().at("/traffic/0/revision").asText()).isEqualTo(latest);
        assertThat(live().at("/template/revision").isMissingNode()).isTrue();
        assertThat(rig.target(Slot.LIVE).current()).map(Deployed::revision).contains(latest);
    }

    @Test
    void theErrorOfTheOperationIsTheReasonWhenTheTrafficCannotMove() throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
        rig.service("hello-live").refuses = "the quota of the project is exceeded";

        Outcome outcome = rig.run(target, target.activate(RunRig.candidate("2"), second, Optional.of(first)));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .isEqualTo("the traffic cannot be changed: the quota of the project is exceeded"));
        assertThat(rig.target(Slot.LIVE).current()).map(Deployed::revision).contains(FIRST);
    }

    @Test
    void trafficForARevisionThatIsGoneIsRefusedLate() throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
        rig.service("hello-live").revisions.remove(second.revision());

        Outcome outcome = rig.run(target, target.activate(RunRig.candidate("2"), second, Optional.of(first)));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.reason())
                    .endsWith("Revision '" + second.revision()
                            + "' does not exist or is deleted. Update all traffic to route to currently available"
                            + " revisions.");
            assertThat(failed.left()).isEmpty();
        });
        assertThat(rig.target(Slot.LIVE).current()).map(Deployed::revision).contains(FIRST);
    }

    @Test
    void anOperationThatMayNotBeReadChangesNothing() throws Exception {
        rig.server.denied.add("run.operations.get");

        assertThat(rig.live("1").revision()).isEqualTo(FIRST);
    }

    /** A right that is taken away does not come back by waiting, and the wait for a revision may take minutes. */
    @Test
    void aRevisionThatMayNotBeReadAnyMoreEndsTheWaitWithTheReason() throws Exception {
        CloudRunTarget target = rig.target(Slot.LIVE);
        Change change = target.prepare(RunRig.candidate("1"));
        rig.server.denied.add("run.revisions.get");

        Outcome outcome = rig.run(target, change);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                .startsWith("revision " + FIRST + " cannot be watched any more: cannot read revision " + FIRST)
                .contains("Permission 'run.revisions.get' denied"));
    }

    @Test
    void aServiceThatIsStillBeingDeletedIsWaitedFor() throws Exception {
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed first = rig.done(target, target.prepare(RunRig.candidate("1")));
        CountDownLatch gone = new CountDownLatch(1);
        rig.server.deletions = gone;
        rig.run(target, target.withdraw(first));
        assertThat(live().has("deleteTime")).isTrue();
        assertThat(target.current()).isEmpty();
        int before = rig.server.wire.requests.size();
        Thread end = new Thread(() -> {
            while (rig.server.wire.requests.stream().skip(before).noneMatch(request -> request.query()
                    .containsKey("serviceId"))) {
                Thread.onSpinWait();
            }
            gone.countDown();
        });
        end.start();

        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));

        end.join();
        assertThat(second.version()).isEqualTo("v2");
    }

    @Test
    void aRevisionThatIsStillDrainedIsLeftToTheNextDeployment() throws Exception {
        for (String n : List.of("1", "2", "3")) {
            rig.live(n);
        }
        rig.service("hello-live").retiring.add(FIRST);
        CloudRunTarget target = rig.target(Slot.LIVE);

        assertThat(rig.run(target, target.retire(target.current().orElseThrow(), 1)))
                .isInstanceOf(Outcome.Done.class);
        assertThat(rig.service("hello-live").revisions).containsKey(FIRST);
        rig.service("hello-live").retiring.clear();

        rig.run(target, target.retire(target.current().orElseThrow(), 1));
        assertThat(rig.service("hello-live").revisions).doesNotContainKey(FIRST);
    }

    /** The process is dead, and its request is on its way until the undo has reported. */
    @Test
    void aRequestThatArrivesAfterTheUndoIsRefused(@TempDir Path journals) throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
        HeldRequest held = new HeldRequest(
                request -> request.query().getOrDefault("updateMask", "").contains("traffic"));
        rig.server.wire.between = held;
        try (CutOff dead = new CutOff(
                journals,
                target,
                target.activate(RunRig.candidate("2"), second, Optional.of(first)),
                CloudRunEffects.TRAFFIC,
                true)) {
            held.release();

            assertThat(dead.undo().left()).isEmpty();
        }
        assertThat(held.deliver().status()).isEqualTo(409);
        assertThat(rig.target(Slot.LIVE).current()).map(Deployed::revision).contains(FIRST);
    }

    /** A right that is taken away after the process died. Nothing was changed, and the token of its request ends. */
    @Test
    void aFenceThatIsRefusedForGoodIsGivenUpWhenNoRequestCanComeAnyMore(@TempDir Path journals) throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
        Change change = target.activate(RunRig.candidate("2"), second, Optional.of(first));
        try (CutOff dead = new CutOff(journals, target, change, CloudRunEffects.TRAFFIC, false)) {
            rig.server.denied.add("run.services.update");

            assertThat(dead.undo().left()).singleElement().satisfies(left -> assertThat(left)
                    .startsWith("could not send the traffic of hello-live to " + FIRST)
                    .contains("run.services.update")
                    .contains("; nothing was changed, so a clean-up after "));
            assertThat(dead.later(CloudRunEffects.LATEST).undoAgain().left()).isEmpty();
            assertThat(dead.notes)
                    .last()
                    .asString()
                    .contains("run.services.update", "; nothing was changed, and no request from before ");
        }
    }

    /** Here there is something to undo. */
    @Test
    void anUndoThatIsRefusedForGoodStaysUnfinished(@TempDir Path journals) throws Exception {
        Deployed first = rig.live("1");
        CloudRunTarget target = rig.target(Slot.LIVE);
        Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
        Change change = target.activate(RunRig.candidate("2"), second, Optional.of(first));
        try (CutOff dead = new CutOff(journals, target, change, CloudRunEffects.TRAFFIC, true)) {
            rig.server.denied.add("run.services.update");

            assertThat(dead.undo().left()).isNotEmpty();
            assertThat(dead.later(CloudRunEffects.LATEST).undoAgain().left())
                    .first()
                    .asString()
                    .contains("run.services.update")
                    .doesNotContain("nothing was changed");
            rig.server.denied.clear();
            assertThat(dead.undoAgain().left()).isEmpty();
        }
        assertThat(rig.target(Slot.LIVE).current()).map(Deployed::revision).contains(FIRST);
    }

    @Test
    void aGrantThatDoesNotHoldYetIsWaitedFor() throws Exception {
        rig.server.refusals = 5;

        assertThat(rig.live("1").version()).isEqualTo("v1");
    }
}
