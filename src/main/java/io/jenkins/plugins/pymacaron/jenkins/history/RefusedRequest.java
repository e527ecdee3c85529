package io.jenkins.plugins.pymacaron.jenkins.history;

import java.io.IOException;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Answers a refused request with one line, for people and scripts: an error page of Jenkins does not show it.
 *
 * @param status of HTTP
 */
record RefusedRequest(int status, String line) implements HttpResponse {
    @Override
    public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getWriter().println(line);
    }
}
