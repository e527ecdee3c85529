package io.jenkins.plugins.pymacaron.jenkins.credentials;

import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/** A user who calls the web methods of forms directly, in the way of the forms and in forbidden ways. */
public final class Visitor {
    private final JenkinsRule.WebClient client;

    private Visitor(JenkinsRule.WebClient client) {
        this.client = client;
        client.setThrowExceptionOnFailingStatusCode(false);
    }

    public static Visitor anonymous(JenkinsRule j) {
        return new Visitor(j.createWebClient());
    }

    public static Visitor named(JenkinsRule j, String user) throws Exception {
        return new Visitor(j.createWebClient().login(user));
    }

    /** @param parameters name, value, name, … */
    public Page post(String path, String... parameters) throws Exception {
        WebRequest request = new WebRequest(new URL(client.getContextPath() + path), HttpMethod.POST);
        List<NameValuePair> pairs = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            pairs.add(new NameValuePair(parameters[i], parameters[i + 1]));
        }
        request.setRequestParameters(pairs);
        client.addCrumb(request);
        return client.getPage(request);
    }

    public String posted(String path, String... parameters) throws Exception {
        return post(path, parameters).getWebResponse().getContentAsString();
    }

    /** Returns the answer to a link, which a page of another site may contain. */
    public int got(String path) throws Exception {
        return client.getPage(new WebRequest(new URL(client.getContextPath() + path), HttpMethod.GET))
                .getWebResponse()
                .getStatusCode();
    }
}
