package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.FreePorts;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.s3.S3Client;

/** moto's server (getmoto/moto), which others have made of AWS's own models and behaviour, with what a deployment finds there. */
final class Moto implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final URI url;

    private Moto(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, "moto_server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param log where it writes */
    static Moto start(Path program, Path log) throws IOException {
        int port = FreePorts.next();
        Process process = new ProcessBuilder(
                        List.of(program.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Moto moto = new Moto(process, URI.create("http://127.0.0.1:" + port));
        long deadline = System.nanoTime() + START.toNanos();
        while (!moto.answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                moto.close();
                throw new IOException("moto_server did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        return moto;
    }

    private boolean answers() {
        try {
            HttpURLConnection ask =
                    (HttpURLConnection) url.resolve("/moto-api/").toURL().openConnection();
            ask.setConnectTimeout(1000);
            ask.setReadTimeout(5000);
            return ask.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    URI url() {
        return url;
    }

    private <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(url)
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("owner", "secret")))
                .build();
    }

    void bucket(String name) {
        try (S3Client s3 = client(S3Client.builder().forcePathStyle(true))) {
            s3.createBucket(
                    r -> r.bucket(name).createBucketConfiguration(c -> c.locationConstraint(Region.EU_WEST_1.id())));
        }
    }

    /** Returns the id of a security group of that name. */
    String group(String name) {
        try (Ec2Client ec2 = client(Ec2Client.builder())) {
            return ec2.createSecurityGroup(r -> r.groupName(name).description("of " + name))
                    .groupId();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
