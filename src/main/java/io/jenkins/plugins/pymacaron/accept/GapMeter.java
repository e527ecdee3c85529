package io.jenkins.plugins.pymacaron.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A client that keeps asking while live is replaced: it sends GET /version repeatedly, each on a connection of its own,
 * and counts failures. One slow answer does not delay the next request.
 */
public final class GapMeter implements AutoCloseable {
    /** A longer time is a failure to any user; it also limits the number of simultaneous requests. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int AT_ONCE = 128;

    private final URI version;
    private final Http http;
    private final Duration timeout;
    private final ObjectMapper json = new ObjectMapper();
    private final LongestGap gaps = new LongestGap();
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(daemon("gap ticks"));
    private final ExecutorService requests =
            new ThreadPoolExecutor(0, AT_ONCE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), daemon("gap request"));

    /** A version that answered, with the times of its first and last answer. */
    public record Seen(String version, Instant first, Instant last) {}

    private GapMeter(URI base, ProbeRequest asking) {
        version = URI.create(base + asking.basePath() + "/version");
        http = new Http(asking);
        timeout = asking.timeout();
    }

    /**
     * Begins to ask.
     *
     * @param base without a slash at its end
     * @param asking except its timeout, which is fixed here
     * @param every the interval: long where live takes minutes to change
     */
    public static GapMeter start(URI base, ProbeRequest asking, Duration every) {
        return startWith(base, asking.within(TIMEOUT), every);
    }

    /** Begins to ask. @param asking with the timeout that makes a request a failure */
    public static GapMeter startWith(URI base, ProbeRequest asking, Duration every) {
        GapMeter meter = new GapMeter(base, asking);
        meter.ticks.scheduleAtFixedRate(meter::tick, 0, every.toMillis(), TimeUnit.MILLISECONDS);
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
        long begun = System.nanoTime();
        try {
            requests.execute(() -> ask(begun));
        } catch (RejectedExecutionException e) {
            if (!requests.isShutdown()) {
                // So many requests wait for their answer that another one would bring no information.
                gaps.add(begun, false);
            }
        }
    }

    private void ask(long begun) {
        boolean good = false;
        try {
            Http.Answer answer = http.get(version);
            good = answer.status() == 200;
            if (good) {
                note(json.readTree(answer.body()).path("version").asText());
            }
        } catch (JsonProcessingException e) {
            // It answers; others judge its content.
        } catch (IOException e) {
            good = false;
        }
        gaps.add(begun, good);
    }

    private void note(String answered) {
        Instant now = Instant.now();
        synchronized (seen) {
            Seen before = seen.get(answered);
            // The number is limited: a service may invent a version for each answer.
            if (before != null || seen.size() < 20) {
                seen.put(answered, new Seen(answered, before == null ? now : before.first(), now));
            }
        }
    }

    /** Returns the versions that have answered, in the order of their first answers. */
    public List<Seen> versions() {
        synchronized (seen) {
            return new ArrayList<>(seen.values());
        }
    }

    /** Ends the client when the last requests have been answered, and returns the gap. */
    public ServiceGap stop() throws InterruptedException {
        ticks.shutdownNow();
        ticks.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
        requests.shutdown();
        requests.awaitTermination(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
        return gaps.seen(System.nanoTime());
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        requests.shutdownNow();
    }
}
