package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkModel.Nature;
import io.jenkins.plugins.pymacaron.targets.cloud.Compared;
import io.jenkins.plugins.pymacaron.targets.cloud.TwoOwners;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/** An old journal of Elastic Beanstalk that is taken up after another owner has deployed. */
class BeanstalkTwoOwnersTest {
    private static final String OLD = "hello-old";
    private static final String MINE = "hello-mine";
    private static final String THEIRS = "hello-theirs";
    private static final String REGION = BeanstalkModel.CNAME.substring(BeanstalkModel.CNAME.indexOf('.'));
    private static final int POINTS = 45;

    @AfterContainer
    static void theSecondOwnerCameToDeploy() {
        TwoOwners.enoughOvertaken("beanstalk");
    }

    private static BeanstalkActivateParameters swapping(String to, String from, Optional<String> expected) {
        Deployed deployed = new Deployed(
                "beanstalk/hello/live",
                "deployment-" + to,
                "v2",
                "sha256:2",
                "c",
                "https://hello.example.com",
                to,
                VirtualTime.BEGIN);
        return new BeanstalkActivateParameters(deployed, from, BeanstalkModel.CNAME, expected, Duration.ofMinutes(3));
    }

    /** A story and its world. */
    private static final class Tale {
        final VirtualTime time;
        final BeanstalkModel model;
        final TwoOwners story;
        final boolean back;
        final AtomicReference<String> mark = new AtomicReference<>("");

        Tale(long seed, boolean back) {
            this.back = back;
            time = new VirtualTime(seed);
            model = new BeanstalkModel(time, seed, Nature.GOOD, "v2");
            model.add(OLD, back ? OLD + REGION : BeanstalkModel.CNAME);
            model.add(MINE, back ? BeanstalkModel.CNAME : MINE + REGION);
            model.add(THEIRS, THEIRS + REGION);
            story = new TwoOwners(
                    "beanstalk", seed, time, new Compared(model, () -> List.of(owner()), mark), model, this::owner);
        }

        private String owner() {
            return model.owner().map(e -> e.name).orElse("");
        }

        Map<String, String> claiming(String run, BeanstalkActivateParameters swapping) {
            Map<String, String> params = new HashMap<>(swapping.toParams());
            Claim.of(run, mark.get(), swapping.deployed().version()).into(params);
            return params;
        }

        Map<String, String> first() {
            return claiming(
                    "first",
                    back
                            ? swapping(OLD, MINE, Optional.empty())
                            : swapping(MINE, OLD, Optional.of("deployment-" + OLD)));
        }

        boolean deploy(String name) throws IOException {
            time.advance(Duration.ofMinutes(10));
            String owner = model.owner().orElseThrow().name;
            return story.alone(
                    new BeanstalkActivateOperation(),
                    claiming("second", swapping(name, owner, Optional.of("deployment-" + owner))));
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void nothingOfAnOlderJournalChangesWhatAnotherOwnerMadeLive(@ForAll long seed, @ForAll boolean back)
            throws IOException {
        Tale tale = new Tale(seed, back);

        tale.story.random(new BeanstalkActivateOperation(), tale.first(), () -> tale.deploy(THEIRS));
    }

    /** A user does this when the first deployment was lost: he deploys the same commit again, on another machine. */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void theSameDeploymentOfAnotherOwnerStays(@ForAll long seed, @ForAll boolean back) throws IOException {
        Tale tale = new Tale(seed, back);

        tale.story
                .mayBeDone()
                .random(new BeanstalkActivateOperation(), tale.first(), () -> tale.deploy(back ? OLD : MINE));
    }

    /**
     * Another deployment was made live and rolled back since: the serving version is the once expected one, and not by
     * chance.
     */
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void aRollbackOfAnotherOwnerStays(@ForAll long seed, @ForAll boolean back) throws IOException {
        Tale tale = new Tale(seed, back);

        tale.story.random(
                new BeanstalkActivateOperation(),
                tale.first(),
                () -> tale.deploy(THEIRS) && tale.deploy(back ? MINE : OLD));
    }

    @Example
    void atEachPointAtWhichAProcessCanDie() throws IOException {
        for (int i = 0; i < 4 * POINTS; i++) {
            Tale tale = new Tale(i, i % 4 < 2);
            tale.story.diesAt(
                    i / 4, i % 2 == 0, new BeanstalkActivateOperation(), tale.first(), () -> tale.deploy(THEIRS));
        }
    }
}
