package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Between;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Handler;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.util.function.Predicate;

/**
 * Loses the connections of requests of one kind, and keeps the first of them: a client that has given up does not know
 * whether it is still on its way.
 */
public final class HeldRequest implements Between {
    private final Predicate<Request> kind;
    private boolean released;
    private Request held;
    private Handler server;

    public HeldRequest(Predicate<Request> kind) {
        this.kind = kind;
    }

    @Override
    public Answer answer(Request request, Handler handler) throws Exception {
        return holds(request, handler) ? Answer.json(200, "{}").cut(0) : handler.answer(request);
    }

    private synchronized boolean holds(Request request, Handler handler) {
        boolean holds = !released && kind.test(request);
        if (holds && held == null) {
            held = request;
            server = handler;
        }
        return holds;
    }

    /** Lets all further requests through; the one that is kept stays on its way. */
    public synchronized void release() {
        released = true;
    }

    /** Lets the request arrive that is kept. @return the answer, which reaches no client */
    public synchronized Answer deliver() throws Exception {
        return server.answer(held);
    }
}
