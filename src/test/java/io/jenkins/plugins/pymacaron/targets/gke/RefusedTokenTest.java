package io.jenkins.plugins.pymacaron.targets.gke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.Retryable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import io.jenkins.plugins.pymacaron.targets.cloud.LastingRefusal;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A token that is not taken, or no longer: an answer, and no lost connection. */
@Timeout(20 * 60)
class RefusedTokenTest {
    private static final String REFUSED = "the token is refused (401)";

    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new Scene();
        scene.inherited.clear();
        scene.inherited.put(ClusterAccess.KUBECONFIG_TEXT, Wires.kubeconfig(scene.kube));
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    /** The server offers HTTP/2, as each real one does. A client that takes it up loses the answer. */
    @Test
    void thePreflightSaysSoWithinSeconds() throws Exception {
        Wires.http2(scene.kube);
        scene.inherited.put(
                ClusterAccess.KUBECONFIG_TEXT, Wires.kubeconfig(scene.kube).replace("token: admin", "token: no"));
        long begin = System.nanoTime();

        assertThat(scene.target(Slot.LIVE).preflight().toString()).contains(REFUSED);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(2));
    }

    /** This is the reason to use the older protocol. */
    @Test
    void aClientOfHttp2LosesTheAnswer() throws Exception {
        Wires.http2(scene.kube);
        javax.net.ssl.TrustManager any = new javax.net.ssl.X509ExtendedTrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
        context.init(null, new javax.net.ssl.TrustManager[] {any}, null);
        java.net.http.HttpClient client =
                java.net.http.HttpClient.newBuilder().sslContext(context).build();

        assertThatThrownBy(() -> client.send(
                        java.net.http.HttpRequest.newBuilder(scene.kube.url().resolve("/api/v1/namespaces"))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("GOAWAY received");
    }

    /** Live would run an unaccepted version for as long as the rollout may take: ten minutes and more. */
    @Test
    void aTokenThatEndsInARolloutEndsTheRunWithItsReason() throws Exception {
        Target staging = scene.target(Slot.STAGING);
        scene.done(staging, staging.prepare(Scene.candidate("v1")));
        Change change = staging.prepare(Scene.candidate("v2"));
        Wires.slowly(scene.kube, true);
        long before = Wires.watches(scene.kube, "pods");
        CompletableFuture<Outcome> running = CompletableFuture.supplyAsync(() -> outcome(staging, change));
        Wires.awaitWatch(scene.kube, "pods", before);

        Wires.forget(scene.kube);

        Outcome outcome = running.get(600, TimeUnit.SECONDS);
        assertThat(((Outcome.Failed) outcome).reason())
                .contains("Deployment hello-staging cannot be watched any more", REFUSED);
        assertThat(outcome.left()).as("nothing could be undone").isNotEmpty();
    }

    private Outcome outcome(Target target, Change change) {
        try {
            return scene.run(target, change);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static TargetException refused(int status) {
        try {
            new Calls(GkeFailureMapper::of).read("look", () -> {
                throw new KubernetesClientException("no", status, null);
            });
            throw new AssertionError();
        } catch (TargetException e) {
            return e;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authenticator of a server may not be well for a moment. */
    @Test
    void aRefusalThatPassesEndsNothing() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        LastingRefusal refusal = new LastingRefusal(now::get);
        assertThat(refusal.facts(refused(401))).containsOnlyKeys(LiveUnchangedCheck.ERROR);
        now.set(Instant.EPOCH.plus(LastingRefusal.LASTING).minusMillis(1));
        assertThat(refusal.facts(refused(401))).containsOnlyKeys(LiveUnchangedCheck.ERROR);
        refusal.passed();
        now.set(Instant.EPOCH.plus(LastingRefusal.LASTING));

        assertThat(refusal.facts(refused(403))).containsOnlyKeys(LiveUnchangedCheck.ERROR);
        now.set(now.get().plus(LastingRefusal.LASTING));
        assertThat(refusal.facts(new TargetException("away"))).containsOnlyKeys(LiveUnchangedCheck.ERROR);
        assertThat(refusal.facts(refused(403))).containsOnlyKeys(LiveUnchangedCheck.ERROR);
        now.set(now.get().plus(LastingRefusal.LASTING));
        assertThat(refusal.facts(refused(403))).containsKey(LastingRefusal.FACT);
    }

    /** A key that was deleted, as Google's own library tells it, which the Kubernetes client asks for each token. */
    @Test
    void aTokenThatGoogleNoLongerGivesIsARefusalToo() {
        assertThat(GkeFailureMapper.of(told(false)))
                .isEqualTo(new Failure(Failure.Kind.REFUSED, "Google refuses a token to hello"));
        assertThat(GkeFailureMapper.of(told(true)).kind()).isEqualTo(Failure.Kind.UNCLEAR);
    }

    /** Returns the exception in the form of the client. */
    private static Exception told(boolean again) {
        TargetException refused = new TargetException("Google refuses a token to hello", new NoToken(again));
        return new KubernetesClientException(
                "Operation failed", new UncheckedIOException(new IOException(refused.getMessage(), refused)));
    }

    private static final class NoToken extends IOException implements Retryable {
        private static final long serialVersionUID = 1L;
        private final boolean again;

        NoToken(boolean again) {
            super("invalid_grant");
            this.again = again;
        }

        @Override
        public boolean isRetryable() {
            return again;
        }

        @Override
        public int getRetryCount() {
            return 0;
        }
    }
}
