package io.jenkins.plugins.pymacaron.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An answer that was read to its end, within a limit of time and size for all of it. {@code HttpRequest.timeout} alone
 * ends with the head of the answer (seen with JDK 17 and 21: it waits without end for a body that drips).
 *
 * @param body of the size that was allowed at most
 */
public record WholeAnswer(int status, HttpHeaders headers, byte[] body) {
    /**
     * Sends the request.
     *
     * @param most bytes of the body that are accepted; 0 ignores the body
     * @param within the time from the first step to the last byte
     * @throws IOException with one line: the client's reason, no whole answer in time, or one that is too large
     */
    public static WholeAnswer ask(HttpClient client, HttpRequest request, int most, Duration within)
            throws IOException, InterruptedException {
        Body body = new Body(most);
        CompletableFuture<HttpResponse<byte[]>> asked = client.sendAsync(request, head -> body);
        try {
            HttpResponse<byte[]> answer = asked.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return new WholeAnswer(answer.statusCode(), answer.headers(), answer.body());
        } catch (TimeoutException e) {
            throw late(within);
        } catch (ExecutionException e) {
            // The client's own timer may be the first.
            Duration limit = request.timeout().orElse(within);
            if (e.getCause() instanceof HttpTimeoutException timeout && !isOfConnecting(timeout, client, limit)) {
                throw late(limit);
            }
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
        } finally {
            if (!asked.isDone()) {
                asked.cancel(true);
                body.cancel();
            }
        }
    }

    /** The client says that it did not connect, too, if the time for the whole answer has passed by then. */
    private static boolean isOfConnecting(HttpTimeoutException timeout, HttpClient client, Duration limit) {
        return timeout instanceof HttpConnectTimeoutException
                && client.connectTimeout()
                        .filter(connect -> connect.compareTo(limit) < 0)
                        .isPresent();
    }

    private static HttpTimeoutException late(Duration limit) {
        return new HttpTimeoutException("there was no whole answer within " + words(limit));
    }

    private static String words(Duration limit) {
        return limit.toSeconds() > 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    /** Keeps the received bytes, and closes the connection when there are too many. */
    private static final class Body implements HttpResponse.BodySubscriber<byte[]> {
        private final int most;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private volatile Flow.Subscription subscription;

        Body(int most) {
            this.most = most;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> some) {
            for (ByteBuffer buffer : some) {
                if (whole.isDone()) {
                    return;
                }
                if (bytes.size() + (long) buffer.remaining() > most) {
                    cancel();
                    end();
                    return;
                }
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.write(part, 0, part.length);
            }
        }

        private void end() {
            if (most == 0) {
                whole.complete(new byte[0]);
            } else {
                whole.completeExceptionally(new IOException("its answer is larger than " + most + " bytes"));
            }
        }

        @Override
        public void onError(Throwable trouble) {
            whole.completeExceptionally(trouble);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }

        void cancel() {
            Flow.Subscription begun = subscription;
            if (begun != null) {
                begun.cancel();
            }
        }
    }
}
