package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.Recording;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;

/** Gives what the AWS SDK sends and receives to the run's recording. */
final class RecordingInterceptor implements ExecutionInterceptor {
    private static final ExecutionAttribute<Long> BEGUN = new ExecutionAttribute<>("pymacaron.begun");
    /** More than any answer that a deployment reads. */
    private static final int LARGEST = 16 << 20;

    private final Recording recording;

    RecordingInterceptor(Recording recording) {
        this.recording = recording;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        attributes.putAttribute(BEGUN, System.nanoTime());
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        Optional<InputStream> answer = context.responseBody();
        byte[] bytes = answer.map(RecordingInterceptor::read).orElse(new byte[0]);
        Long begun = attributes.getAttribute(BEGUN);
        recording.add(new Recording.Exchange(
                String.valueOf(attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME)),
                context.httpRequest().method().name(),
                context.httpRequest().getUri(),
                first(context.httpRequest().headers()),
                request(context),
                context.httpResponse().statusCode(),
                first(context.httpResponse().headers()),
                bytes,
                begun == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - begun)));
        return answer.map(read -> new ByteArrayInputStream(bytes));
    }

    /**
     * Returns the request's body. The Query protocol makes its form from parameters late, so it is in the request
     * itself.
     */
    private static byte[] request(Context.ModifyHttpResponse context) {
        Optional<ContentStreamProvider> late = context.httpRequest() instanceof SdkHttpFullRequest full
                ? full.contentStreamProvider()
                : Optional.empty();
        return late.or(() -> context.requestBody().map(RequestBody::contentStreamProvider))
                .map(body -> read(body.newStream()))
                .orElse(new byte[0]);
    }

    private static Map<String, String> first(Map<String, List<String>> headers) {
        Map<String, String> first = new HashMap<>();
        headers.forEach((name, values) -> first.put(name, values.isEmpty() ? "" : values.get(0)));
        return first;
    }

    private static byte[] read(InputStream stream) {
        try (stream) {
            byte[] bytes = stream.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("an answer of more than " + LARGEST + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
