package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** The test of every cloud's store: two stages of one run, each a process, and another run between them. */
public final class LeaseStory {
    /** The store as another process opens it. */
    @FunctionalInterface
    public interface Opening {
        LeaseStore open() throws Exception;
    }

    private LeaseStory() {}

    private static LeaseKeeper keeper(LeaseStore store, String owner) {
        return new LeaseKeeper(store, owner, "the environment", Clock.systemUTC(), length -> {});
    }

    public static void tell(Opening stores) throws Exception {
        LeaseKeeper staging = keeper(stores.open(), "pymdeploy-build-1-aaaa");
        staging.take();
        staging.rest();

        assertThat(stores.open().read().orElseThrow().resting()).isTrue();
        assertThatThrownBy(() -> keeper(stores.open(), "pymdeploy-2026-bbbb").take())
                .hasMessageContaining("pymdeploy-build-1-aaaa deploys to the environment, and is between two stages");

        LeaseKeeper promotion = keeper(stores.open(), "pymdeploy-build-1-aaaa");
        promotion.take();
        assertThat(stores.open().read().orElseThrow().resting()).isFalse();
        promotion.giveBack();
        assertThat(stores.open().read()).isEmpty();

        staging.take();
        staging.rest();
        LeaseKeeper next = keeper(stores.open(), "pymdeploy-build-2-aaaa");
        next.take();
        assertThatThrownBy(promotion::take).hasMessageStartingWith("pymdeploy-build-2-aaaa deploys");
        next.giveBack();
        lost(stores);
    }

    /** The lease of one run was over, and this run goes on after another has taken it. */
    private static void lost(Opening stores) throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now().minus(LeaseKeeper.LENGTH));
        LeaseKeeper slow =
                new LeaseKeeper(stores.open(), "pymdeploy-slow-aaaa", "the environment", now::get, length -> {});
        slow.take();
        now.set(now.get().plus(LeaseKeeper.RENEW_EVERY));
        slow.renew();
        now.set(now.get().plus(LeaseKeeper.LENGTH).plusSeconds(1));
        slow.renew();
        assertThat(stores.open().read().map(Lease::owner)).contains("pymdeploy-slow-aaaa");
        slow.giveBack();

        LeaseKeeper other = keeper(stores.open(), "pymdeploy-other-bbbb");
        other.take();
        assertThatThrownBy(slow::renew)
                .isInstanceOf(LeaseLostException.class)
                .hasMessage("the lease of the environment was lost to pymdeploy-other-bbbb, which deploys there now");
        assertThat(stores.open().read().map(Lease::owner)).contains("pymdeploy-other-bbbb");
        other.giveBack();
    }
}
