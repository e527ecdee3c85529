package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Between;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Handler;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps a client waiting at one of its requests that change something: before it is carried out, and then it never is, or
 * after that, and then its answer never leaves. Notes the changes, and the things that they create.
 */
public final class StopAtChange implements Between {
    /** The beginning of the name of a change that keeps a lease: time decides how often one is made. */
    public static final String LEASE = "lease ";

    private final Function<Request, String> name;
    private final Supplier<Set<String>> things;
    private final int number;
    private final boolean before;
    private final CountDownLatch dead = new CountDownLatch(1);
    private final List<String> changes = new ArrayList<>();
    private final List<String> created = new ArrayList<>();
    private volatile boolean reached;

    /**
     * Makes one for a single client.
     *
     * @param name of the change that a request makes; "" if it makes none
     * @param things that the cloud has, by their names
     * @param number of the change to stop at, from 1 on; 0 for none
     */
    public StopAtChange(Function<Request, String> name, Supplier<Set<String>> things, int number, boolean before) {
        this.name = name;
        this.things = things;
        this.number = number;
        this.before = before;
    }

    @Override
    public Answer answer(Request request, Handler server) throws Exception {
        String change = name.apply(request);
        if (change.isEmpty()) {
            return server.answer(request);
        }
        boolean stops = note(change);
        if (stops && before) {
            return waiting();
        }
        Answer answer = carriedOut(request, server);
        return stops ? waiting() : answer;
    }

    private Answer waiting() throws InterruptedException {
        reached = true;
        dead.await();
        return Answer.json(200, "{}").cut(0);
    }

    /** @return whether it is the one to stop at */
    private synchronized boolean note(String change) {
        if (change.startsWith(LEASE) && changes.contains(change)) {
            return false;
        }
        changes.add(change);
        return changes.size() == number;
    }

    private synchronized Answer carriedOut(Request request, Handler server) throws Exception {
        Set<String> earlier = new TreeSet<>(things.get());
        Answer answer = server.answer(request);
        things.get().stream().filter(thing -> !earlier.contains(thing)).forEach(created::add);
        return answer;
    }

    /** Returns whether the client waits. */
    public boolean reached() {
        return reached;
    }

    /** The client is dead: the request ends, without an answer. */
    public void end() {
        dead.countDown();
    }

    /** Returns the names of the changes, in their order. */
    public synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    /** Returns the names of the things that were created, one for each creation. */
    public synchronized List<String> created() {
        return List.copyOf(created);
    }
}
