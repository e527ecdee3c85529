package io.jenkins.plugins.pymacaron.pipeline.lock;

import java.util.Optional;
import java.util.function.Consumer;

/** Ends an operation, before its next effect, when another run has taken the lease of its environment. */
public final class LostLease implements AutoCloseable {
    private final Optional<EnvironmentLocks> held;
    private final String environment;
    private volatile String reason = "";

    /** Watches the lease. @param end leaves the operation as it is; returns at once */
    public LostLease(Optional<EnvironmentLocks> held, String environment, Consumer<String> end) {
        this.held = held;
        this.environment = environment;
        held.ifPresent(locks -> locks.whenLost(environment, why -> {
            reason = why;
            end.accept(why);
        }));
    }

    public boolean isLost() {
        return !reason.isEmpty();
    }

    /** Returns the reason with the new owner, for a message. */
    public String reason() {
        return reason;
    }

    @Override
    public void close() {
        held.ifPresent(locks -> locks.whenLost(environment, why -> {}));
    }
}
