package io.jenkins.plugins.pymacaron.accept;

import java.net.URI;

/** Says what an answer to GET /ping that is not 200 means for a deployment, and what the service can do about it. */
final class PingWords {
    private static final int LONGEST = 200;

    private PingWords() {}

    static String of(URI base, Http.Answer answer) {
        String plain = "GET /ping answers " + answer.status();
        return switch (answer.status()) {
            case 301, 302, 303, 307, 308 ->
                plain + ", a redirect to " + tame(answer.location())
                        + ", which is not followed. The service has to answer"
                        + " /ping itself, over plain http and under any name";
            case 400, 421 ->
                plain + " to the host " + base.getRawAuthority()
                        + ". A service that checks the names by which it is called"
                        + " has to let this one through for /ping and /version";
            case 401, 403 -> plain + ". The service has to answer /ping and /version without a login";
            case 404, 405 ->
                plain + ". The service has to answer GET /ping at its root, also where its API is below a base path";
            default -> plain;
        };
    }

    private static String tame(String location) {
        String shown = location.replaceAll("[^!-~]", "?");
        return shown.isEmpty() ? "nowhere" : shown.substring(0, Math.min(LONGEST, shown.length()));
    }
}
