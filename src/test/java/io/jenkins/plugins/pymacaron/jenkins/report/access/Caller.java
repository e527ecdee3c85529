package io.jenkins.plugins.pymacaron.jenkins.report.access;

import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.StringJoiner;
import org.jvnet.hudson.test.JenkinsRule;

/** Asks Jenkins as a user does, in a session of its own, and follows no redirect: the first answer is what counts. */
final class Caller {
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final JenkinsRule j;
    private final String user;

    /** @param user empty for one who has not logged in */
    Caller(JenkinsRule j, String user) {
        this.j = j;
        this.user = user;
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    /** Posts with a crumb, as the pages do. */
    HttpResponse<String> post(String path, String... parameters) throws Exception {
        return send(posting(path, parameters).header("Jenkins-Crumb", "test"));
    }

    /** Posts without a crumb, as a page of another site can. */
    HttpResponse<String> postWithoutCrumb(String path, String... parameters) throws Exception {
        return send(posting(path, parameters));
    }

    /** Calls a method of an object that is bound to its session, as the script of a page does. */
    HttpResponse<String> call(String path) throws Exception {
        return send(request(path)
                .header("Crumb", "test")
                .header("Jenkins-Crumb", "test")
                .header("Content-Type", "application/x-stapler-method-invocation;charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString("[]")));
    }

    private HttpRequest.Builder posting(String path, String... parameters) throws Exception {
        StringJoiner form = new StringJoiner("&");
        for (int i = 0; i < parameters.length; i += 2) {
            form.add(parameters[i] + "=" + URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.toString()));
    }

    private HttpRequest.Builder request(String path) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(j.getURL() + path));
        if (!user.isEmpty()) {
            // The realm of tests takes the name for the password.
            String login = Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + login);
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
