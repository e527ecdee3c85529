package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One look at a Red environment, or one foreign event, is not the end; a lasting Red is. */
@Timeout(20 * 60)
class RedTest {
    /** For a Red that stays; on a busy machine it could end one that passes. */
    private static final String SHORT = "aws_red_for: 1s\n";

    private static final String CAUSES = "DescribeInstancesHealth";

    @TempDir
    private Path journals;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(journals);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String reason(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(((Outcome.Failed) outcome).left()).isEmpty();
        return ((Outcome.Failed) outcome).reason();
    }

    @Test
    void aRedThatPassesIsBorneAfterALaunchAndAfterASwap() throws Exception {
        String first = rig.deploy("1").revision();
        // Red at its name and again at that of live, each time until its causes are asked for.
        Map<String, Long> asked = new ConcurrentHashMap<>();
        rig.server.service.ill = machine -> !machine.name.equals(first)
                && asked.computeIfAbsent(machine.cname, name -> rig.calls(CAUSES)) == rig.calls(CAUSES);

        assertThat(rig.deploy("22").version()).isEqualTo("v22");

        assertThat(rig.target(Slot.LIVE, "").current().orElseThrow().version()).isEqualTo("v22");
        assertThat(rig.log)
                .anyMatch(l -> l.contains("WARN Environment health has transitioned from Pending to Severe"))
                .anyMatch(l -> l.contains("WARN Environment health has transitioned from Ok to Severe"));
        assertThat(asked).as("in both places").hasSize(2);
    }

    /** A candidate for live is made by the promotion, and has its time; one for staging has that of its own stage. */
    @Test
    void aCandidateWaitsAsLongAsItsOwnStageMay() throws Exception {
        String timeouts = "timeouts: {staging: 20m, promote: 35s}\n";
        BeanstalkTarget live = rig.target(Slot.LIVE, timeouts);
        BeanstalkTarget staging = rig.target(Slot.STAGING, timeouts);
        Change prepared = live.prepare(Rig.candidate("1"));
        assertThat(prepared.params()).containsEntry("within", "PT5S");
        assertThat(staging.prepare(Rig.candidate("2")).params()).containsEntry("within", "PT19M30S");
        rig.server.service.stuck = true;

        assertThat(reason(rig.drive.run(live, prepared))).contains("gave up waiting", "it is Launching");

        rig.gone(BeanstalkPrepareParameters.read(prepared.params()).name());
        assertThat(live.current()).isEmpty();
    }

    @Test
    void aRedThatStaysAfterALaunchEndsTheCandidate() throws Exception {
        rig.server.service.redAfterLaunch = Duration.ofDays(1);
        BeanstalkTarget staging = rig.target(Slot.STAGING, SHORT);

        String reason = reason(rig.drive.run(staging, staging.prepare(Rig.candidate("1"))));

        assertThat(reason).matches(".* is Red, for [0-9]+ s by now \\(.*i-1: Docker container quit unexpectedly.*");
        assertThat(staging.current()).isEmpty();
    }

    @Test
    void aRedThatStaysAfterASwapIsSwappedBack() throws Exception {
        Deployed first = rig.deploy("1");
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        Candidate candidate = Rig.candidate("22");
        Deployed prepared = rig.drive.done(live, live.prepare(candidate));
        rig.server.service.redAfterSwap = Duration.ofDays(1);
        BeanstalkTarget impatient = rig.target(Slot.LIVE, SHORT);

        String reason = reason(rig.drive.run(impatient, impatient.activate(candidate, prepared, Optional.of(first))));

        assertThat(reason).contains(prepared.revision() + " is Red, for ");
        assertThat(live.current().orElseThrow().revision()).isEqualTo(first.revision());
    }

    @Test
    void onlyEventsSinceTheDeploymentBeganCount() throws Exception {
        Machine machine = rig.machine(rig.deploy("1").revision());
        machine.event("ERROR", "Trouble of yesterday.");
        machine.event("ERROR", "Environment health has transitioned from Ok to Severe.");
        BeanstalkTarget staging = rig.target(Slot.STAGING, "");

        rig.drive.done(staging, staging.prepare(Rig.candidate("1")));

        BeanstalkTarget again = rig.target(Slot.STAGING, "");
        Change change = again.prepare(Rig.candidate("1"));
        machine.event("ERROR", "Trouble of today.");
        assertThat(reason(rig.drive.run(again, change)))
                .contains("Trouble of today")
                .doesNotContain("yesterday", "transitioned");
    }

    @Test
    void aLaunchThatHangsIsAbortedAndTerminatedAtTheDeadline() throws Exception {
        rig.server.service.stuck = true;
        BeanstalkTarget staging = rig.target(Slot.STAGING, "timeouts: {staging: 35s}\n");
        Change change = staging.prepare(Rig.candidate("1"));

        assertThat(reason(rig.drive.run(staging, change))).contains("gave up waiting", "it is Launching");

        assertThat(rig.calls("AbortEnvironmentUpdate")).isPositive();
        rig.gone(BeanstalkPrepareParameters.read(change.params()).name());
    }

    /** "Must be Ready" is no refusal for ever. */
    @Test
    void aLaunchThatCannotBeAbortedIsTerminatedWhenItEnds() throws Exception {
        rig.server.service.stuck = true;
        rig.server.service.abortable = false;
        BeanstalkTarget staging = rig.target(Slot.STAGING, "timeouts: {staging: 35s}\n");
        Change change = staging.prepare(Rig.candidate("1"));
        String name = BeanstalkPrepareParameters.read(change.params()).name();
        Thread end = new Thread(() -> {
            while (rig.calls("TerminateEnvironment") < 2) {
                Thread.onSpinWait();
            }
            rig.machine(name).stuck = false;
        });
        end.setDaemon(true);
        end.start();

        assertThat(reason(rig.drive.run(staging, change))).contains("gave up waiting", "it is Launching");

        assertThat(rig.calls("AbortEnvironmentUpdate")).isZero();
        rig.gone(name);
    }

    /** An environment that staging has accepted is the candidate of live too, though it is Red just then. */
    @Test
    void aCandidateThatIsRedForAMomentIsNotMadeTwice() throws Exception {
        BeanstalkTarget staging = rig.target(Slot.STAGING, "");
        Deployed prepared = rig.drive.done(staging, staging.prepare(Rig.candidate("1")));
        rig.machine(prepared.revision()).redUntil = java.time.Instant.now().plusMillis(400);
        BeanstalkTarget live = rig.target(Slot.LIVE, "");

        rig.drive.done(live, live.prepare(Rig.candidate("1")));

        assertThat(rig.calls("CreateEnvironment")).isEqualTo(1);
    }
}
