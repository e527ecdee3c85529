package io.jenkins.plugins.pymacaron.image;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The URL of a repository without its credentials, so that it can be in arguments, in the clone's configuration and in
 * labels.
 *
 * @param url without user name and password where it is http(s); else as it was
 * @param scope the beginning of all URLs of that server, for git's {@code http.URL.extraHeader}; empty if not http(s)
 * @param authorization the value of an Authorization header
 */
record RepositoryOrigin(String url, String scope, Optional<String> authorization) {
    /** Bitbucket's user name for a repository's access token. */
    private static final String TOKEN_USER = "x-token-auth";

    static RepositoryOrigin of(String given, Optional<String> token) {
        if (!given.matches("(?i)https?://.*")) {
            return new RepositoryOrigin(given, "", Optional.empty());
        }
        int start = given.indexOf("://") + 3;
        int slash = given.indexOf('/', start);
        String authority = slash < 0 ? given.substring(start) : given.substring(start, slash);
        String path = slash < 0 ? "" : given.substring(slash);
        int at = authority.lastIndexOf('@');
        String scope = given.substring(0, start) + authority.substring(at + 1) + "/";
        String clean = scope + path.replaceFirst("^/", "");
        if (token.isPresent()) {
            return new RepositoryOrigin(clean, scope, Optional.of(basic(TOKEN_USER + ":" + token.get())));
        }
        if (at < 0) {
            return new RepositoryOrigin(clean, scope, Optional.empty());
        }
        String user = decode(authority.substring(0, at));
        return new RepositoryOrigin(clean, scope, Optional.of(basic(user.indexOf(':') < 0 ? user + ":" : user)));
    }

    boolean http() {
        return !scope.isEmpty();
    }

    /** Returns whether it is on this machine, as a path or by file:. */
    boolean local() {
        return url.startsWith("file:") || !url.matches("[^/]*:.*");
    }

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        try {
            return URI.create("x://h/?" + text).getQuery();
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
