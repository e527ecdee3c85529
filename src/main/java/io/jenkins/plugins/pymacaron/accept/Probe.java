package io.jenkins.plugins.pymacaron.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Asks a service by the two endpoints that every PyMacaron service has: GET /ping and GET /version. */
public final class Probe {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PING = "/ping";
    private static final String VERSION_PATH = "/version";
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final double GROWTH = 1.2;
    /** The form of all versions that a service may have, on one line of a log. */
    private static final Pattern VERSION = Pattern.compile("[!-~]{1,200}");

    private final ProbeRequest asking;
    private final Http http;

    public Probe(ProbeRequest asking) {
        this.asking = asking;
        http = new Http(asking);
    }

    /** Makes a probe. @param address the address to connect to, while name and certificate are those of the URL */
    public Probe(ProbeRequest asking, InetAddress address) {
        this.asking = asking;
        http = new Http(asking, Optional.of(address));
    }

    /** Returns the reason why a service will never answer, if there is one. */
    @FunctionalInterface
    public interface Ended {
        Optional<String> look() throws IOException, InterruptedException;
    }

    /**
     * Waits until GET /ping answers 200. Asks every 100 ms at first, more slowly later.
     *
     * @param base without a slash at its end
     * @param ended asked between the requests, so that the wait ends when the container has died
     * @throws NotServingException when the time is over, or {@code ended} gives a reason not to wait
     */
    public void awaitPing(URI base, Duration within, Ended ended) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        Duration pause = FIRST_PAUSE;
        String trouble = "";
        Optional<Http.Answer> refused = Optional.empty();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
            try {
                Http.Answer answer = http.get(at(base, PING), left);
                if (answer.status() == 200) {
                    return;
                }
                trouble = "GET " + asking.basePath() + PING + " answers " + answer.status();
                refused = Optional.of(answer);
            } catch (IOException e) {
                // A pause may last too long: a request without time left gives no information.
                if (trouble.isEmpty() || left.compareTo(FIRST_PAUSE) >= 0) {
                    trouble = String.valueOf(e.getMessage());
                    refused = Optional.empty();
                }
            }
            Optional<String> end = ended.look();
            if (end.isPresent()) {
                throw new NotServingException(end.get());
            }
            // A request in the last few milliseconds would only hide the earlier failure.
            if (System.nanoTime() + pause.toNanos() > deadline) {
                throw new NotServingException(base + " did not answer within " + within.toSeconds() + " s: "
                        + refused.map(answer -> new ProbeRefusal(asking, base, PING).told(answer))
                                .orElse(trouble));
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            pause = longer(pause);
        }
    }

    /**
     * Returns the version that GET /version names.
     *
     * @throws NotServingException when it answers without a version
     * @throws IOException when it does not answer
     */
    public String version(URI base) throws IOException {
        Http.Answer answer = http.get(at(base, VERSION_PATH));
        if (answer.status() != 200) {
            throw new NotServingException(new ProbeRefusal(asking, base, VERSION_PATH).words(answer), answer.status());
        }
        try {
            // asText() is not used, because it makes a text of null and of numbers too.
            String version = JSON.readTree(answer.body()).path("version").textValue();
            if (version != null && VERSION.matcher(version).matches()) {
                return version;
            }
        } catch (JsonProcessingException e) {
            // It is no JSON at all, which is the same as an answer without a version.
        }
        throw new NotServingException("GET " + asking.basePath() + VERSION_PATH + " answers without a version");
    }

    /** Checks the version. @throws NotServingException when another version answers, naming both */
    public void expectVersion(URI base, String expected) throws IOException {
        String found = version(base);
        if (!found.equals(expected)) {
            throw new NotServingException(base + " answers version " + found + ", not " + expected);
        }
    }

    /** Returns whether that version answers there, and soon: an address without a service may not answer at all. */
    public boolean answers(URI base, String expected) {
        try {
            return new Probe(asking.within(SOON)).version(base).equals(expected);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Waits until a number of requests in a row are answered by this version: behind a load balancer one answer proves
     * little.
     *
     * @throws NotServingException when the time is over, with its last answer
     */
    public void awaitVersion(URI base, String expected, int consecutive, Duration within)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        Duration pause = FIRST_PAUSE;
        int proofs = 0;
        while (true) {
            try {
                expectVersion(base, expected);
                if (++proofs >= consecutive) {
                    return;
                }
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw new NotServingException("not proven within " + within.toSeconds() + " s: "
                            + (e instanceof NotServingException ? "" : base + ": ") + e.getMessage());
                }
                proofs = 0;
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                pause = longer(pause);
            }
        }
    }

    private URI at(URI base, String path) {
        return URI.create(base + asking.basePath() + path);
    }

    private static Duration longer(Duration pause) {
        Duration next = Duration.ofNanos((long) (pause.toNanos() * GROWTH));
        return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }
}
