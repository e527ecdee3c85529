package io.jenkins.plugins.pymacaron.targets.cloud;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import io.jenkins.plugins.pymacaron.targets.Recording;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks for tokens on behalf of Google's library, with a limit of time and size for the whole answer, from any server: a
 * key itself names the address of its token service. The library's own transport limits each read alone.
 */
final class BoundedTransport extends HttpTransport {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LARGEST = 1 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final Duration limit;
    private final int largest;
    private final String service;
    private final Recording recording;

    /** Makes a transport for tokens, which are not recorded. @param limit for a whole answer */
    BoundedTransport(Duration limit) {
        this(limit, LARGEST, "", Recording.none());
    }

    /**
     * Makes a transport.
     *
     * @param limit for a whole answer
     * @param largest answer
     * @param service that is asked, for the recording
     */
    BoundedTransport(Duration limit, int largest, String service, Recording recording) {
        this.limit = limit;
        this.largest = largest;
        this.service = service;
        this.recording = recording;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(limit);
        return new LowLevelHttpRequest() {
            @Override
            public void addHeader(String name, String value) {
                // The client sets the headers of the connection itself, and refuses to be given them.
                if (!List.of("connection", "content-length", "expect", "host", "upgrade")
                        .contains(name.toLowerCase(java.util.Locale.ROOT))) {
                    request.header(name, value);
                }
            }

            @Override
            public LowLevelHttpResponse execute() throws IOException {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                if (getStreamingContent() != null) {
                    getStreamingContent().writeTo(body);
                    if (getContentType() != null) {
                        request.header("Content-Type", getContentType());
                    }
                    if (getContentEncoding() != null) {
                        request.header("Content-Encoding", getContentEncoding());
                    }
                }
                request.method(
                        method,
                        getStreamingContent() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
                try {
                    HttpRequest asked = request.build();
                    long begun = System.nanoTime();
                    WholeAnswer answer = WholeAnswer.ask(client, asked, largest, limit);
                    recording.add(
                            service,
                            asked,
                            body.toString(StandardCharsets.UTF_8),
                            answer,
                            Duration.ofNanos(System.nanoTime() - begun));
                    return new Read(answer);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        };
    }

    /** The answer in the library's form. */
    private static final class Read extends LowLevelHttpResponse {
        private final WholeAnswer answer;
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();

        Read(WholeAnswer answer) {
            this.answer = answer;
            answer.headers().map().forEach((name, values) -> values.forEach(v -> headers.add(Map.entry(name, v))));
        }

        private String header(String name) {
            return answer.headers().firstValue(name).orElse(null);
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(answer.body());
        }

        @Override
        public String getContentEncoding() {
            return header("Content-Encoding");
        }

        @Override
        public long getContentLength() {
            return answer.body().length;
        }

        @Override
        public String getContentType() {
            return header("Content-Type");
        }

        @Override
        public String getStatusLine() {
            return "HTTP/1.1 " + answer.status();
        }

        @Override
        public int getStatusCode() {
            return answer.status();
        }

        @Override
        public String getReasonPhrase() {
            return "";
        }

        @Override
        public int getHeaderCount() {
            return headers.size();
        }

        @Override
        public String getHeaderName(int index) {
            return headers.get(index).getKey();
        }

        @Override
        public String getHeaderValue(int index) {
            return headers.get(index).getValue();
        }
    }
}
