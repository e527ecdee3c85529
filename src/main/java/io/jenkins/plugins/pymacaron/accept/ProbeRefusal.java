package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Explains an answer other than 200 to a user of a deployment, with the key of the configuration that helps. A service
 * refuses an unknown host name with 400 (Werkzeug's trusted_hosts, whose SecurityError is a BadRequest; Django's
 * ALLOWED_HOSTS), with 421 (RFC 9110, section 15.5.20), or with 404, as Flask 2.2 does with a SERVER_NAME or
 * host_matching. So an answer under another name shows which setting is missing.
 */
final class ProbeRefusal {
    private static final int LONGEST = 200;
    private static final Duration TRY_WITHIN = Duration.ofSeconds(1);
    private static final List<String> USUAL_PATHS = List.of("/api", "/v1", "/api/v1");

    private final ProbeRequest asking;
    private final URI base;
    private final String path;

    /** Makes the explanation. @param path of the request, without the base path */
    ProbeRefusal(ProbeRequest asking, URI base, String path) {
        this.asking = asking;
        this.base = base;
        this.path = path;
    }

    /**
     * Returns {@link #words}, after trying the settings that may be missing: the refused answer is known to be the
     * last.
     */
    String told(Http.Answer answer) {
        return switch (answer.status()) {
            case 400, 421 -> named().map(found -> plain(answer) + found).orElseGet(() -> words(answer));
            case 404, 405 ->
                named().or(this::placed).map(found -> plain(answer) + found).orElseGet(() -> words(answer));
            default -> words(answer);
        };
    }

    /** Returns the explanation; asks nothing more. */
    String words(Http.Answer answer) {
        return plain(answer)
                + switch (answer.status()) {
                    case 301, 302, 303, 307, 308 -> redirect(answer.location());
                    case 400, 421 ->
                        " to the host " + name() + ". A service that checks the names by which it is called has to let"
                                + " this one through for /ping and /version, or accept.host has to name one that it knows";
                    case 401, 403 -> ". The service has to answer /ping and /version without a login";
                    case 404, 405 ->
                        ". If they are below a base path, name it by accept.base_path; if the service answers under its own"
                                + " name only, name that by accept.host";
                    default -> "";
                };
    }

    private String plain(Http.Answer answer) {
        return "GET " + asking.basePath() + path + " answers " + answer.status();
    }

    private String name() {
        return asking.host().orElse(base.getRawAuthority());
    }

    private String redirect(String location) {
        String where = ", a redirect to " + tame(location) + ", which is not followed. ";
        Optional<URI> to = parsed(location);
        String host = to.map(URI::getRawAuthority).orElse("");
        String target = to.map(URI::getPath).orElse("");
        if (!host.isEmpty() && !host.equals(name()) && !withoutPort(host).equals(withoutPort(name()))) {
            return where + "If that is the service's own name, set accept.host: " + tame(host);
        }
        if (target.endsWith(path) && !target.equals(asking.basePath() + path)) {
            return where + "Set accept.base_path: " + tame(target.substring(0, target.length() - path.length()));
        }
        boolean tls =
                to.filter(uri -> "https".equals(uri.getScheme())).isPresent() && !"https".equals(base.getScheme());
        return where
                + (tls
                        ? "The service has to answer /ping and /version over plain http too, as load balancers ask for"
                                + " them; no key changes that"
                        : "The service has to answer /ping and /version itself");
    }

    private static String withoutPort(String authority) {
        return authority.replaceFirst(":\\d*$", "");
    }

    private Optional<URI> parsed(String location) {
        try {
            return Optional.of(URI.create(base + asking.basePath() + path).resolve(URI.create(location)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> named() {
        List<String> names = new ArrayList<>(asking.guesses());
        names.add("localhost");
        return names.stream()
                .filter(name -> !name.startsWith("/") && !name.equals(name()))
                .filter(name -> answers(asking.by(name)))
                .findFirst()
                .map(name -> " to the host " + name() + ", and 200 to " + name + ": set accept.host: " + name);
    }

    private Optional<String> placed() {
        List<String> paths = new ArrayList<>(asking.guesses());
        paths.addAll(USUAL_PATHS);
        return paths.stream()
                .filter(below -> below.startsWith("/") && !below.equals(asking.basePath()))
                .filter(below -> answers(asking.below(below)))
                .findFirst()
                .map(below -> ", and GET " + below + path + " answers 200: set accept.base_path: " + below);
    }

    private boolean answers(ProbeRequest other) {
        try {
            return new Http(other)
                            .get(URI.create(base + other.basePath() + path), TRY_WITHIN)
                            .status()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static String tame(String location) {
        String shown = location.replaceAll("[^!-~]", "?");
        return shown.isEmpty() ? "nowhere" : shown.substring(0, Math.min(LONGEST, shown.length()));
    }
}
