package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Ends an answer of a cluster that is larger than any that a deployment reads, also that of a watch, which ends with the
 * first change. The Kubernetes client itself has limits of time alone.
 */
final class BoundedAnswers implements Interceptor {
    static final int LARGEST = 16 << 20;

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        return new AsyncBody.Consumer<>() {
            private long read;

            @Override
            public void consume(List<ByteBuffer> parts, AsyncBody body) throws Exception {
                read += parts.stream().mapToLong(ByteBuffer::remaining).sum();
                if (read > LARGEST) {
                    throw new IOException("its answer is larger than " + LARGEST + " bytes");
                }
                consumer.consume(parts, body);
            }

            @Override
            public <U> U unwrap(Class<U> target) {
                return consumer.unwrap(target);
            }
        };
    }
}
