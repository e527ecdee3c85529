package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.report.Gap;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A client that keeps asking while live is replaced: GET /ping every 20 ms, each on a connection of its own, and counts
 * what fails. One slow answer does not hold up the next request.
 */
public final class GapMeter implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int AT_ONCE = 64;

    private final URI ping;
    private final Http http;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(daemon("gap ticks"));
    private final ExecutorService requests = Executors.newFixedThreadPool(AT_ONCE, daemon("gap request"));

    private long probes;
    private long failures;
    private long lastSuccess = System.nanoTime();
    private boolean failing;
    private long longest;

    private GapMeter(URI base, boolean checkTls) {
        ping = URI.create(base + "/ping");
        http = new Http(TIMEOUT, checkTls);
    }

    /** Begins to ask. @param base without a slash at its end */
    public static GapMeter start(URI base, boolean checkTls) {
        GapMeter meter = new GapMeter(base, checkTls);
        meter.ticks.scheduleAtFixedRate(meter::tick, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return meter;
    }

    private static ThreadFactory daemon(String name) {
        return body -> {
            Thread thread = new Thread(body, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private void tick() {
        try {
            requests.execute(this::ask);
        } catch (RejectedExecutionException e) {
            // stopped between two ticks
        }
    }

    private void ask() {
        boolean good;
        try {
            good = http.get(ping).status() == 200;
        } catch (IOException e) {
            good = false;
        }
        count(good);
    }

    private synchronized void count(boolean good) {
        long now = System.nanoTime();
        probes++;
        if (good) {
            if (failing) {
                longest = Math.max(longest, now - lastSuccess);
            }
            failing = false;
            lastSuccess = now;
        } else {
            failures++;
            failing = true;
        }
    }

    /** Ends it, when the requests under way have been answered, and says what was seen. */
    public Gap stop() throws InterruptedException {
        ticks.shutdownNow();
        requests.shutdown();
        requests.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        synchronized (this) {
            long open = failing ? System.nanoTime() - lastSuccess : 0;
            return new Gap(probes, failures, Duration.ofNanos(Math.max(longest, open)));
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        requests.shutdownNow();
    }
}
