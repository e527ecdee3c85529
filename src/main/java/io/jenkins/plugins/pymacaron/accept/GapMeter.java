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
 * A client that keeps asking while live is replaced: GET /version again and again, each on a connection of its own, and
 * counts what fails. One slow answer does not hold up the next request.
 */
public final class GapMeter implements AutoCloseable {
    /** Longer is a failure to any user; and it bounds how many requests can be under way. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int AT_ONCE = 128;

    private final URI version;
    private final Http http;
    private final ObjectMapper json = new ObjectMapper();
    private final LongestGap gaps = new LongestGap();
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(daemon("gap ticks"));
    private final ExecutorService requests =
            new ThreadPoolExecutor(0, AT_ONCE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), daemon("gap request"));

    /** A version that answered, and when first and last. */
    public record Seen(String version, Instant first, Instant last) {}

    private GapMeter(URI base, ProbeRequest asking) {
        version = URI.create(base + asking.basePath() + "/version");
        http = new Http(asking.within(TIMEOUT));
    }

    /**
     * Begins to ask.
     *
     * @param base without a slash at its end
     * @param asking but for its timeout, which is our own
     * @param every how often: seldom where live takes minutes to change
     */
    public static GapMeter start(URI base, ProbeRequest asking, Duration every) {
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
                // So many wait for their answer that one more would learn nothing.
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
            // it answers; what it says is for others to judge
        } catch (IOException e) {
            good = false;
        }
        gaps.add(begun, good);
    }

    private void note(String answered) {
        Instant now = Instant.now();
        synchronized (seen) {
            Seen before = seen.get(answered);
            // Bounded: a service may invent a version for each answer.
            if (before != null || seen.size() < 20) {
                seen.put(answered, new Seen(answered, before == null ? now : before.first(), now));
            }
        }
    }

    /** Which versions have answered, in the order of their first answers. */
    public List<Seen> versions() {
        synchronized (seen) {
            return new ArrayList<>(seen.values());
        }
    }

    /** Ends it, when the requests under way have been answered, and says what was seen. */
    public ServiceGap stop() throws InterruptedException {
        ticks.shutdownNow();
        ticks.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        requests.shutdown();
        requests.awaitTermination(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        return gaps.seen(System.nanoTime());
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        requests.shutdownNow();
    }
}
