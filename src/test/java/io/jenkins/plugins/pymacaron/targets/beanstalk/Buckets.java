package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The calls of S3 that a deployment needs: PutObject with its checksum, HeadObject, GetBucketLocation, and a few for aws. */
final class Buckets {
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private record Stored(byte[] bytes, String checksum, String type) {}

    /** Objects by {@code bucket/key}. */
    private final Map<String, Stored> objects = new ConcurrentHashMap<>();

    private final Map<String, String> regions = new ConcurrentHashMap<>();

    private final Access access;

    Buckets(Access access) {
        this.access = access;
    }

    void make(String bucket, String region) {
        regions.put(bucket, region);
    }

    void put(String bucket, String key, byte[] bytes) {
        objects.put(bucket + "/" + key, new Stored(bytes, sha256(bytes), "binary/octet-stream"));
    }

    Optional<byte[]> get(String bucket, String key) {
        return Optional.ofNullable(objects.get(bucket + "/" + key)).map(Stored::bytes);
    }

    void remove(String bucket, String key) {
        objects.remove(bucket + "/" + key);
    }

    Map<String, String> keys() {
        Map<String, String> keys = new TreeMap<>();
        objects.forEach((name, stored) -> keys.put(name, stored.checksum));
        return keys;
    }

    Answer answer(Request request) {
        String path = request.path().substring(1);
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        boolean object = slash >= 0 && slash < path.length() - 1;
        if (!regions.containsKey(bucket)) {
            return error(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        Optional<String> denied = access.refusal(request);
        if (denied.isPresent()) {
            return denied(request, denied.get());
        }
        if (!object) {
            return request.query().containsKey("location")
                    ? Answer.of(
                            200,
                            "application/xml",
                            XML + "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                                    + regions.get(bucket) + "</LocationConstraint>")
                    : new Answer(
                            200,
                            Map.of("Content-Type", "application/xml", "x-amz-bucket-region", regions.get(bucket)),
                            new byte[0]);
        }
        return switch (request.method()) {
            case "PUT" -> put(path, request);
            case "HEAD", "GET" -> read(path, request);
            default -> error(405, "MethodNotAllowed", request.method());
        };
    }

    private Answer put(String path, Request request) {
        byte[] body = content(request);
        String given = request.headers().get("x-amz-checksum-sha256");
        if (given == null) {
            return error(400, "InvalidRequest", "no checksum");
        }
        if (!given.equals(sha256(body))) {
            return error(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.");
        }
        objects.put(
                path, new Stored(body, given, request.headers().getOrDefault("content-type", "binary/octet-stream")));
        return new Answer(200, Map.of("ETag", "\"1\"", "x-amz-checksum-sha256", given), new byte[0]);
    }

    /** Returns the content without the frames of {@code aws-chunked}, where the client uses them. */
    private static byte[] content(Request request) {
        if (!request.headers().getOrDefault("content-encoding", "").contains("aws-chunked")) {
            return request.body();
        }
        String all = new String(request.body(), StandardCharsets.ISO_8859_1);
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (true) {
            int end = all.indexOf("\r\n", at);
            int length = Integer.parseInt(all.substring(at, end).split(";")[0], 16);
            if (length == 0) {
                return content.toString().getBytes(StandardCharsets.ISO_8859_1);
            }
            content.append(all, end + 2, end + 2 + length);
            at = end + 2 + length + 2;
        }
    }

    private Answer read(String path, Request request) {
        Stored stored = objects.get(path);
        if (stored == null && !access.mayList(path.substring(0, path.indexOf('/')))) {
            return denied(request, "Access Denied");
        }
        if (stored == null) {
            return request.method().equals("HEAD")
                    ? new Answer(404, Map.of(), new byte[0])
                    : error(404, "NoSuchKey", "The specified key does not exist.");
        }
        Map<String, String> headers = "ENABLED".equals(request.headers().get("x-amz-checksum-mode"))
                ? Map.of(
                        "x-amz-checksum-sha256",
                        stored.checksum,
                        "x-amz-checksum-type",
                        "FULL_OBJECT",
                        "ETag",
                        "\"1\"",
                        "Content-Type",
                        stored.type)
                : Map.of("ETag", "\"1\"", "Content-Type", stored.type);
        return new Answer(200, headers, stored.bytes);
    }

    /** The answer to HEAD has no body, and so no reason. */
    private static Answer denied(Request request, String why) {
        return request.method().equals("HEAD")
                ? new Answer(403, Map.of(), new byte[0])
                : error(403, "AccessDenied", why);
    }

    private static Answer error(int status, String code, String message) {
        return Answer.of(
                status,
                "application/xml",
                XML + "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
    }

    private static String sha256(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(bytes, bytes.length)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
