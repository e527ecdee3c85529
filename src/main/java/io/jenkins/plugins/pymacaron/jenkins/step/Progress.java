package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The progress of a step. Immutable, since a Pipeline may be saved while its steps go on. */
final class Progress implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<StageOrder> orders;
    private final int at;

    @CheckForNull
    private final StageProcess process;

    private Progress(List<StageOrder> orders, int at, StageProcess process) {
        this.orders = new ArrayList<>(orders);
        this.at = at;
        this.process = process;
    }

    static Progress of(List<StageOrder> orders) {
        return new Progress(orders, 0, null);
    }

    StageOrder order() {
        return orders.get(at);
    }

    boolean isAfter(String stage) {
        return at > 0 && orders.get(at - 1).getStage().equals(stage);
    }

    boolean isLast() {
        return at == orders.size() - 1;
    }

    /** Returns the process; null before the stage has one, which means that it has not begun. */
    @CheckForNull
    StageProcess process() {
        return process;
    }

    Progress running(StageProcess started) {
        return new Progress(orders, at, started);
    }

    Progress notBegun() {
        return new Progress(orders, at, null);
    }

    Progress next() {
        return new Progress(orders, at + 1, null);
    }

    /** Returns the progress with another stage before this one. */
    Progress first(StageOrder other) {
        List<StageOrder> more = new ArrayList<>(orders);
        more.add(at, other);
        return new Progress(more, at, null);
    }
}
