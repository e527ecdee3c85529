package io.jenkins.plugins.pymacaron.targets.beanstalk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles.ServiceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * The source bundle of an application version: the image to run, by its digest, and the place of the registry's login.
 * It contains no secret. Equal contents are equal bytes.
 *
 * <p>Formats: "Docker platform configuration" in the developer guide; the login in a bucket is named in
 * {@code Dockerrun.aws.json}, of version 3 beside a compose file.
 *
 * @param kind {@link #DOCKERRUN} or {@link #COMPOSE}
 * @param image {@code repository@sha256:…}
 * @param redirects whether the load balancer redirects from http to https
 * @param authBucket holds {@link #AUTH_KEY}; "" for a registry that needs no login or has that of the instance profile
 * @param files of the service's own: {@code .ebextensions} and {@code .platform}
 */
record Bundle(String kind, String image, String authBucket, boolean redirects, ServiceFiles files) {
    static final String REDIRECT_FILE = ".ebextensions/pymacaron-https-redirect.config";

    private static final int FILE_MODE = 0100644;
    private static final int PROGRAM_MODE = 0100755;

    /**
     * Makes the listener on port 80 of Elastic Beanstalk answer with a redirect (awsdocs/elastic-beanstalk-samples,
     * configuration-files/aws-provided/resource-configuration, alb-http-to-https-redirection.config). The health check
     * goes to the instances and not through it.
     */
    private static final String REDIRECT = """
            Resources:
              AWSEBV2LoadBalancerListener:
                Type: AWS::ElasticLoadBalancingV2::Listener
                Properties:
                  LoadBalancerArn:
                    Ref: AWSEBV2LoadBalancer
                  Port: 80
                  Protocol: HTTP
                  DefaultActions:
                    - Type: redirect
                      RedirectConfig:
                        Host: "#{host}"
                        Path: "/#{path}"
                        Port: "443"
                        Protocol: "HTTPS"
                        Query: "#{query}"
                        StatusCode: "HTTP_301"
            """;

    static final String DOCKERRUN = "dockerrun";
    static final String COMPOSE = "compose";
    static final String AUTH_KEY = "docker/dockercfg";

    /** The port inside the container, on which PyMacaron's images listen. */
    static final int PORT = 80;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    Bundle(String kind, String image, String authBucket, boolean redirects) {
        this(kind, image, authBucket, redirects, ServiceFiles.NONE);
    }

    byte[] bytes() {
        Map<String, ServiceFile> all = new TreeMap<>(files.byPath());
        if (kind.equals(COMPOSE)) {
            put(all, "docker-compose.yml", compose());
            if (!authBucket.isEmpty()) {
                put(all, "Dockerrun.aws.json", dockerrun("3"));
            }
        } else {
            put(all, "Dockerrun.aws.json", dockerrun("1"));
        }
        if (redirects) {
            put(all, REDIRECT_FILE, REDIRECT);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, ServiceFile> file : all.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                entry.setTimeLocal(EPOCH);
                // Platforms from before April 2022 do not make hooks executable themselves ("Platform hooks").
                entry.setUnixMode(file.getValue().executable() ? PROGRAM_MODE : FILE_MODE);
                zip.putArchiveEntry(entry);
                zip.write(file.getValue().content());
                zip.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(Map<String, ServiceFile> all, String name, String text) {
        all.put(name, new ServiceFile(text.getBytes(StandardCharsets.UTF_8), false));
    }

    /** Returns the SHA-256, as hex. */
    String hash() {
        return HexFormat.of().formatHex(digest());
    }

    /** Returns the SHA-256 in the form of S3. */
    String checksum() {
        return Base64.getEncoder().encodeToString(digest());
    }

    private byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String dockerrun(String version) {
        ObjectNode root = JSON.createObjectNode();
        root.put("AWSEBDockerrunVersion", version);
        if (!authBucket.isEmpty()) {
            String bucket = version.equals("1") ? "Bucket" : "bucket";
            String key = version.equals("1") ? "Key" : "key";
            ObjectNode login = root.putObject(version.equals("1") ? "Authentication" : "authentication");
            login.put(bucket, authBucket).put(key, AUTH_KEY);
        }
        if (version.equals("1")) {
            root.putObject("Image").put("Name", image).put("Update", "true");
            root.putArray("Ports").addObject().put("ContainerPort", PORT);
            root.put("Logging", "/var/log/");
        }
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the compose file. The platform writes the environment properties into {@code .env}. */
    private String compose() {
        return """
                services:
                  service:
                    image: "IMAGE"
                    env_file: .env
                    ports:
                      - "PORT:PORT"
                    restart: always
                """.replace("PORT", Integer.toString(PORT)).replace("IMAGE", image);
    }
}
