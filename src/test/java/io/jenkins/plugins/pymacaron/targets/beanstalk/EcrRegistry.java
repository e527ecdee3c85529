package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * A real registry behind the rights of ECR. ECR API reference: BatchCheckLayerAvailability when a layer is looked for,
 * InitiateLayerUpload "once per image layer that has not already been uploaded", UploadLayerPart "once per each new image
 * layer part", CompleteLayerUpload "once per each new image layer", PutImage "to create or update the image manifest",
 * BatchGetImage and GetDownloadUrlForLayer when an image is pulled. The client of docker asks in the terms of the OCI
 * distribution specification; which of its requests needs which right follows from these sentences.
 */
final class EcrRegistry implements AutoCloseable {
    private static final Set<String> HOP =
            Set.of("connection", "content-length", "host", "expect", "upgrade", "transfer-encoding");

    private final URI registry;
    private final WireServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    /** The actions that were needed. */
    final Set<String> asked = new ConcurrentSkipListSet<>();

    volatile AwsPolicy policy = AwsPolicy.EVERYTHING;

    /** @param registry host and port of loopback */
    EcrRegistry(String registry) throws IOException {
        this.registry = URI.create("http://" + registry);
        server = WireServer.start(this::answer);
    }

    String host() {
        return server.url().getAuthority();
    }

    static String action(Request request) {
        boolean manifest = request.path().matches(".*/manifests/[^/]+");
        boolean upload = request.path().contains("/blobs/uploads");
        return switch (request.method()) {
            case "POST" -> upload ? "ecr:InitiateLayerUpload" : "";
            case "PATCH" -> "ecr:UploadLayerPart";
            case "PUT" -> manifest ? "ecr:PutImage" : "ecr:CompleteLayerUpload";
            case "HEAD", "GET" ->
                manifest
                        ? "ecr:BatchGetImage"
                        : !request.path().contains("/blobs/")
                                ? ""
                                : request.method().equals("HEAD")
                                        ? "ecr:BatchCheckLayerAvailability"
                                        : "ecr:GetDownloadUrlForLayer";
            default -> "";
        };
    }

    private Answer answer(Request request) throws IOException, InterruptedException {
        String action = action(request);
        String repository = request.path().replaceFirst("^/v2/(.*)/(?:manifests|blobs)/.*$", "$1");
        String arn = "arn:aws:ecr:eu-west-1:" + BeanstalkServer.ACCOUNT + ":repository/" + repository;
        if (!action.isEmpty()) {
            asked.add(action);
            if (!policy.allows(action, arn)) {
                return Answer.json(
                        403,
                        "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"User: arn:aws:iam::" + BeanstalkServer.ACCOUNT
                                + ":user/deployer is not authorized to perform: " + action + " on resource: " + arn
                                + "\"}]}");
            }
        }
        return forward(request, action.equals("ecr:InitiateLayerUpload"));
    }

    /** @param whole whether a layer of another repository is not taken over, as ECR does by default */
    private Answer forward(Request request, boolean whole) throws IOException, InterruptedException {
        String query = whole || request.query().isEmpty()
                ? ""
                : "?"
                        + String.join(
                                "&",
                                request.query().entrySet().stream()
                                        .map(e -> e.getKey() + "="
                                                + java.net.URLEncoder.encode(
                                                        e.getValue(), java.nio.charset.StandardCharsets.UTF_8))
                                        .toList());
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(registry + request.path() + query))
                .method(request.method(), BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach((name, value) -> {
            if (!HOP.contains(name)) {
                asked.header(name, value);
            }
        });
        HttpResponse<byte[]> got = client.send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : new TreeSet<>(got.headers().map().keySet())) {
            boolean length = name.equalsIgnoreCase("content-length");
            if (!name.startsWith(":")
                    && !name.equalsIgnoreCase("transfer-encoding")
                    && (!length || request.method().equals("HEAD"))) {
                headers.put(
                        name,
                        got.headers()
                                .firstValue(name)
                                .orElseThrow()
                                .replace(registry.toString(), server.url().toString()));
            }
        }
        return new Answer(got.statusCode(), headers, got.body());
    }

    @Override
    public void close() {
        server.close();
    }
}
