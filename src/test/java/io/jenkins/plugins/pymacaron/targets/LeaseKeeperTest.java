package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
    private static final String ENVIRONMENT = "beanstalk/hello/live";
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final Note note = new Note();

    /** A tag that every run can overwrite. */
    private final class Note implements LeaseStore {
        private Optional<Lease> lease = Optional.empty();
        private Runnable between = () -> {};

        @Override
        public Optional<Lease> read() {
            return lease;
        }

        @Override
        public boolean write(Optional<Lease> before, Optional<Lease> next) {
            lease = next;
            return true;
        }

        @Override
        public Duration settle() {
            return Duration.ofSeconds(5);
        }
    }

    private LeaseKeeper keeper(String owner) {
        return new LeaseKeeper(note, owner, ENVIRONMENT, () -> now, length -> {
            now = now.plus(length);
            note.between.run();
        });
    }

    @Test
    void keepsOthersOutUntilItIsGivenBack() throws Exception {
        LeaseKeeper mine = keeper("me");
        mine.take();
        mine.check();

        assertThatThrownBy(() -> keeper("you").take())
                .isInstanceOf(TargetException.class)
                .hasMessageStartingWith("me deploys to beanstalk/hello/live right now; its lease ends at 2026-");

        mine.giveBack();
        assertThatCode(() -> keeper("you").take()).doesNotThrowAnyException();
    }

    @Test
    void endsByItselfUnlessItIsRenewed() throws Exception {
        LeaseKeeper mine = keeper("me");
        mine.take();
        now = now.plus(LeaseKeeper.RENEW_EVERY);
        mine.renew();
        now = now.plus(LeaseKeeper.LENGTH).minusSeconds(1);
        assertThatThrownBy(() -> keeper("you").take()).isInstanceOf(TargetException.class);

        now = now.plusSeconds(2);
        keeper("you").take();

        assertThatThrownBy(mine::check).hasMessageStartingWith("you deploys");
        assertThatThrownBy(mine::renew)
                .isInstanceOf(LeaseLostException.class)
                .hasMessage("the lease of beanstalk/hello/live was lost to you, which deploys there now");
        mine.giveBack();
        assertThat(note.lease).map(Lease::owner).contains("you");
    }

    @Test
    void aRunThatContinuesHasItStill() throws Exception {
        keeper("me").take();

        assertThatCode(() -> keeper("me").take()).doesNotThrowAnyException();
    }

    @Test
    void betweenTwoStagesItStaysForTheNextOneAndForThoseOfTheSameJenkins() throws Exception {
        LeaseKeeper stage = keeper("pymdeploy-build-1-aaaa");
        stage.take();
        assertThatThrownBy(() -> keeper("pymdeploy-build-2-aaaa").take()).hasMessageContaining("right now");
        stage.rest();

        assertThatThrownBy(() -> keeper("pymdeploy-build-1-bbbb").take())
                .hasMessageStartingWith(
                        "pymdeploy-build-1-aaaa deploys to beanstalk/hello/live, and is between two stages");
        Instant before = now;
        keeper("pymdeploy-build-1-aaaa").take();
        assertThat(now).as("nobody else can have written").isEqualTo(before);
        assertThat(note.lease).contains(new Lease("pymdeploy-build-1-aaaa", now.plus(LeaseKeeper.LENGTH)));

        stage.rest();
        keeper("pymdeploy-build-2-aaaa").take();

        assertThatThrownBy(stage::take).hasMessageStartingWith("pymdeploy-build-2-aaaa deploys");
    }

    @Test
    void anApprovalThatTakesDaysKeepsNoRunOut() throws Exception {
        LeaseKeeper stage = keeper("me");
        stage.take();
        stage.rest();
        now = now.plus(LeaseKeeper.REST).plusSeconds(1);

        LeaseKeeper other = keeper("you");
        other.take();
        assertThatThrownBy(() -> keeper("me").take()).hasMessageStartingWith("you deploys");
        other.giveBack();
        Instant before = now;
        keeper("me").take();

        assertThat(now).as("it has to look again").isEqualTo(before.plus(note.settle()));
    }

    @Test
    void aLostLeaseIsLeftToNoStage() throws Exception {
        LeaseKeeper mine = keeper("me");
        mine.take();
        note.lease = Optional.of(new Lease("you", now.plusSeconds(600)));

        mine.rest();

        assertThat(note.lease).map(Lease::owner).contains("you");
    }

    @Test
    void ofTwoWhoWriteAtOnceOneGoesOn() throws Exception {
        note.between = () -> {
            note.between = () -> {};
            note.lease = Optional.of(new Lease("you", now.plusSeconds(600)));
        };

        assertThatThrownBy(() -> keeper("me").take()).hasMessageStartingWith("you deploys");
        assertThatCode(() -> keeper("you").take()).doesNotThrowAnyException();
    }

    @Test
    void aLeaseThatAUserRemovedIsLost() throws Exception {
        LeaseKeeper mine = keeper("me");
        mine.take();
        note.lease = Optional.empty();

        assertThatThrownBy(mine::check).hasMessageContaining("was lost");
    }

    @Test
    void isReadBackAndAnotherTextBelongsToNoRun() {
        Lease lease = new Lease("pymdeploy-1", now);

        assertThat(Lease.parse(lease.text())).contains(lease);
        Lease resting = new Lease("pymdeploy-1", now, true);
        assertThat(Lease.parse(resting.text())).contains(resting);
        assertThat(Lease.parse("hello")).isEmpty();
        assertThat(Lease.parse("two words more")).isEmpty();
        assertThat(Lease.parse("me soon")).isEmpty();
    }
}
