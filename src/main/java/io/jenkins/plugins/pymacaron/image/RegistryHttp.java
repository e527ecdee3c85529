package io.jenkins.plugins.pymacaron.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.docker.Credentials;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends requests to registries: with credentials, tokens, redirects to the storage of blobs, limits of time and size.
 */
final class RegistryHttp {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration REQUEST = Duration.ofSeconds(20);
    private static final int MOST_TOKEN = 1 << 20;
    private static final int MOST_REDIRECTS = 5;
    private static final String ACCEPT = String.join(
            ", ",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "*/*;q=0.1");
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final Docker docker;
    /** The authorization by repository, once the registry asked for one. */
    private final Map<RegistryName, String> authorizations = new ConcurrentHashMap<>();

    private final Duration limit;
    private volatile HttpClient client;

    RegistryHttp(Docker docker) {
        this(docker, REQUEST);
    }

    /** Makes the client. @param limit for a whole answer */
    RegistryHttp(Docker docker, Duration limit) {
        this.docker = docker;
        this.limit = limit;
    }

    /** Sends a request. @param most bytes of the answer that are accepted */
    WholeAnswer ask(RegistryName name, String method, String path, int most) throws IOException, InterruptedException {
        URI uri = URI.create(name.api() + path);
        WholeAnswer answer = send(method, uri, Optional.ofNullable(authorizations.get(name)), most);
        if (answer.status() == 401) {
            Optional<String> authorization = authorize(
                    name, answer.headers().firstValue("WWW-Authenticate").orElse(""));
            if (authorization.isPresent()) {
                authorizations.put(name, authorization.get());
                answer = send(method, uri, authorization, most);
            }
        }
        for (int i = 0; i < MOST_REDIRECTS && answer.status() / 100 == 3; i++) {
            // The target of the redirect has its own authorization, and must not get our credentials.
            uri = uri.resolve(address(answer.headers().firstValue("Location").orElse("")));
            answer = send(method, uri, Optional.empty(), most);
        }
        return answer;
    }

    private Optional<String> authorize(RegistryName name, String challenge) throws IOException, InterruptedException {
        Optional<String> basic = Credentials.find(docker, name.registry()).map(Credentials::basic);
        if (!challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return basic;
        }
        Map<String, String> parameters = new TreeMap<>();
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2));
        }
        String realm = parameters.getOrDefault("realm", "");
        if (!mayHaveCredentials(name, address(realm))) {
            return Optional.empty();
        }
        String query = "?service=" + encoded(parameters.getOrDefault("service", "")) + "&scope="
                + encoded(parameters.getOrDefault("scope", "repository:" + name.path() + ":pull"));
        WholeAnswer answer = send("GET", address(realm + query), basic, MOST_TOKEN);
        if (answer.status() != 200) {
            return Optional.empty();
        }
        JsonNode token = token(answer.body());
        String text = token.path("token").asText(token.path("access_token").asText(""));
        return text.isEmpty() ? Optional.empty() : Optional.of("Bearer " + text);
    }

    /**
     * Returns whether the token service may get the credentials: the connection must be encrypted. A registry on
     * loopback may have its tokens from loopback, and from no other host.
     */
    private static boolean mayHaveCredentials(RegistryName name, URI realm) {
        String host = String.valueOf(realm.getHost());
        return "https".equals(realm.getScheme())
                || "http".equals(realm.getScheme()) && name.loopback() && new RegistryName(host, "").loopback();
    }

    /** Returns the address in a registry's answer. */
    private static URI address(String text) throws IOException {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IOException("it leads to what is no address", e);
        }
    }

    private static JsonNode token(byte[] body) throws IOException {
        try {
            return new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new IOException("its token service answered with no JSON", e);
        }
    }

    private WholeAnswer send(String method, URI uri, Optional<String> authorization, int most)
            throws IOException, InterruptedException {
        HttpRequest request;
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                    .timeout(limit)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .header("Accept", ACCEPT);
            authorization.ifPresent(value -> builder.header("Authorization", value));
            request = builder.build();
        } catch (IllegalArgumentException e) {
            // The text is an address of another kind than http(s), or a token that is no text of one line.
            throw new IOException("it leads to what cannot be asked", e);
        }
        return WholeAnswer.ask(client(), request, most, limit);
    }

    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
            client = made;
        }
        return made;
    }

    static String reason(IOException e) {
        if (e instanceof ConnectException) {
            return "nothing answers there";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
