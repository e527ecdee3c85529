package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpHeaders;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.jenkins.plugins.pymacaron.targets.Recording;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Gives what the Kubernetes client sends and receives to the run's recording; a watch when it ends. */
final class KubeRecorder implements Interceptor {
    /** The size of an answer that is kept to be recorded. */
    private static final int LARGEST = 1 << 20;

    private record Seen(ByteArrayOutputStream body, long begun) {}

    private final Recording recording;
    private final Map<UUID, Seen> open = new ConcurrentHashMap<>();

    KubeRecorder(Recording recording) {
        this.recording = recording;
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        Seen seen = new Seen(new ByteArrayOutputStream(), System.nanoTime());
        open.put(request.id(), seen);
        return new AsyncBody.Consumer<>() {
            @Override
            public void consume(List<ByteBuffer> parts, AsyncBody body) throws Exception {
                for (ByteBuffer part : parts) {
                    ByteBuffer copy = part.duplicate();
                    byte[] bytes = new byte
                            [Math.min(
                                    copy.remaining(),
                                    Math.max(0, LARGEST - seen.body().size()))];
                    copy.get(bytes);
                    seen.body().writeBytes(bytes);
                }
                consumer.consume(parts, body);
            }

            @Override
            public <U> U unwrap(Class<U> target) {
                return consumer.unwrap(target);
            }
        };
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        Seen seen = open.remove(request.id());
        if (seen != null && response.body() instanceof AsyncBody body) {
            body.done().whenComplete((done, trouble) -> add(request, response, seen));
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        open.remove(request.id());
    }

    private void add(HttpRequest request, HttpResponse<?> response, Seen seen) {
        String body = request.bodyString();
        recording.add(new Recording.Exchange(
                "kubernetes",
                request.method(),
                request.uri(),
                first(request),
                (body == null ? "" : body).getBytes(StandardCharsets.UTF_8),
                response.code(),
                first(response),
                seen.body().toByteArray(),
                Duration.ofNanos(System.nanoTime() - seen.begun())));
    }

    private static Map<String, String> first(HttpHeaders headers) {
        Map<String, String> first = new TreeMap<>();
        headers.headers().forEach((name, values) -> first.put(name, values.isEmpty() ? "" : values.get(0)));
        return first;
    }
}
