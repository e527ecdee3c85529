package io.jenkins.plugins.pymacaron.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a service by the two endpoints that every PyMacaron service has: GET /ping and GET /version. */
public final class Probe {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final double GROWTH = 1.2;
    private static final int VERSION_LENGTH = 200;

    private final Http http;

    /**
     * @param timeout for one request
     * @param checkTls whether the certificate has to be good
     */
    public Probe(Duration timeout, boolean checkTls) {
        http = new Http(timeout, checkTls);
    }

    /** Why a service will never answer, if it will not. */
    @FunctionalInterface
    public interface Ended {
        Optional<String> look() throws IOException, InterruptedException;
    }

    /**
     * Waits until GET /ping answers 200. Asks every 100 ms at first, more slowly later.
     *
     * @param base without a slash at its end
     * @param ended asked between the requests, so that nobody waits for a container that has died
     * @throws NotServingException when the time is over, or {@code ended} says why there is no use in waiting
     */
    public void awaitPing(URI base, Duration within, Ended ended) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            String trouble;
            try {
                Http.Answer answer = http.get(URI.create(base + "/ping"));
                if (answer.status() == 200) {
                    return;
                }
                trouble = "GET /ping answers " + answer.status();
            } catch (IOException e) {
                trouble = String.valueOf(e.getMessage());
            }
            Optional<String> end = ended.look();
            if (end.isPresent()) {
                throw new NotServingException(end.get());
            }
            if (System.nanoTime() > deadline) {
                throw new NotServingException(
                        base + " did not answer within " + within.toSeconds() + " s: " + trouble);
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            Duration next = Duration.ofNanos((long) (pause.toNanos() * GROWTH));
            pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
        }
    }

    /**
     * The version that GET /version names.
     *
     * @throws NotServingException when it answers, but not with a version
     * @throws IOException when it does not answer
     */
    public String version(URI base) throws IOException {
        Http.Answer answer = http.get(URI.create(base + "/version"));
        if (answer.status() != 200) {
            throw new NotServingException("GET /version answers " + answer.status());
        }
        try {
            JsonNode version = JSON.readTree(answer.body()).path("version");
            if (version.isTextual() && !version.asText().isEmpty() && version.asText().length() <= VERSION_LENGTH) {
                return version.asText();
            }
        } catch (JsonProcessingException e) {
            // no JSON at all: the same to whoever wants a version
        }
        throw new NotServingException("GET /version answers without a version");
    }

    /** @throws NotServingException when another version answers, naming both */
    public void expectVersion(URI base, String expected) throws IOException {
        String found = version(base);
        if (!found.equals(expected)) {
            throw new NotServingException(base + " answers version " + found + ", not " + expected);
        }
    }
}
