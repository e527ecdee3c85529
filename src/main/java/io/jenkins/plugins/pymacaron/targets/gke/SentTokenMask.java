package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpHeaders;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Masks the login that the Kubernetes client sends with a request, of any origin: a cluster may repeat it. The client
 * reads the kubeconfig's files again when a token is refused.
 */
record SentTokenMask(Consumer<String> hide) implements Interceptor {
    private static final String HEADER = "Authorization";

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        hideIn(request);
    }

    /** Masks the login of a request that the client has sent again with a new token. */
    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        hideIn(response.request());
    }

    private void hideIn(HttpHeaders headers) {
        headers.headers(HEADER).forEach(value -> hide.accept(value.substring(value.indexOf(' ') + 1)));
    }
}
