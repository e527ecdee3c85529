package io.jenkins.plugins.pymacaron.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A user of live who never stops asking. */
final class Asker implements AutoCloseable {
    private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread = new Thread(this::ask, "asker");
    private final int port;
    private final boolean mayRefuse;
    private volatile boolean stopped;

    /** @param mayRefuse whether a connection that is refused, or breaks, is no answer */
    Asker(int port, boolean mayRefuse) {
        this.port = port;
        this.mayRefuse = mayRefuse;
        thread.setDaemon(true);
        thread.start();
    }

    private void ask() {
        while (!stopped) {
            try {
                answers.add(Service.ask(port, "/content").replace("\"", ""));
            } catch (IOException e) {
                if (!mayRefuse) {
                    answers.add(e.toString());
                }
            } catch (Exception e) {
                answers.add(e.toString());
            }
        }
    }

    /** Returns all different answers. */
    List<String> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return answers.stream().distinct().toList();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
