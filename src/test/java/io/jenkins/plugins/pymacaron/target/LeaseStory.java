package io.jenkins.plugins.pymacaron.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;

/** What every store of a cloud has to carry: two stages of one run, each a process, and somebody else between them. */
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
    }
}
