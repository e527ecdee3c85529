package io.jenkins.plugins.pymacaron.image.layers;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.image.json.V22ManifestTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.jenkins.plugins.pymacaron.docker.Credentials;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Moves blobs and manifests from and to one repository of a registry, by jib-core. All transfers together have a
 * deadline, which the library itself does not have: its limit is for each read (jib-core, FailoverHttpClient). Failures are one line.
 */
public final class RegistrySession implements AutoCloseable {
    private static final int MOST_MESSAGE = 300;
    private static final int ATTEMPTS = 4;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Place place;
    private final Duration limit;
    private final long end;
    private final EncryptedHttpClient http;
    private final RegistryClient client;
    private final SecretMask mask;
    private long sent;

    /**
     * A repository in a registry.
     *
     * @param shown name for messages
     * @param server {@code host[:port]} that is asked
     * @param path of the repository there
     * @param loopback whether the registry is on this machine, and so may be without encryption
     */
    public record Place(String shown, String server, String path, boolean loopback) {}

    private interface Work<T> {
        T run() throws IOException, RegistryException, DigestException;
    }

    private RegistrySession(
            Place place, Duration limit, EncryptedHttpClient http, RegistryClient client, SecretMask mask) {
        this.place = place;
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
        this.http = http;
        this.client = client;
        this.mask = mask;
    }

    /**
     * Logs in.
     *
     * @param push whether it will push, too
     * @param limit for all transfers
     */
    public static RegistrySession open(Place place, Optional<Credentials> credentials, boolean push, Duration limit)
            throws IOException, InterruptedException {
        EncryptedHttpClient http = new EncryptedHttpClient(place);
        RegistryClient.Factory factory = RegistryClient.factory(EventHandlers.NONE, place.server(), place.path(), http);
        credentials.ifPresent(known -> factory.setCredential(Credential.from(known.user(), known.password())));
        RegistryClient client = factory.newRegistryClient();
        RegistrySession session = new RegistrySession(
                place,
                limit,
                http,
                client,
                // The messages repeat what the registry answers, which may be what it was told.
                new SecretMask(credentials.map(Credentials::password).stream().toList()));
        try {
            session.within("the login", () -> {
                boolean bearer = push ? client.doPushBearerAuth() : client.doPullBearerAuth();
                if (!bearer && credentials.isPresent()) {
                    client.configureBasicAuth();
                }
                return bearer;
            });
            return session;
        } catch (IOException | InterruptedException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Pulls a blob into the cache. @throws IOException also for other bytes than those of the digest */
    public Path pull(BaseManifest.Layer layer, LayerCache cache) throws IOException, InterruptedException {
        Path to = cache.fresh();
        try {
            within("pulling a layer", () -> {
                try (OutputStream out = new Limited(Files.newOutputStream(to), layer.size())) {
                    client.pullBlob(DescriptorDigest.fromDigest(layer.digest()), size -> {}, part -> {})
                            .writeTo(out);
                }
                return true;
            });
            if (!Sha256.of(to).equals(layer.digest())) {
                throw new IOException(
                        "the registry " + place.shown() + " gives other bytes than those of " + layer.digest());
            }
            return cache.putBlob(layer.digest(), to);
        } finally {
            Files.deleteIfExists(to);
        }
    }

    boolean has(String digest) throws IOException, InterruptedException {
        return within("looking for a layer", () -> client.checkBlob(DescriptorDigest.fromDigest(digest))
                .isPresent());
    }

    /**
     * Makes a blob of another repository of the same registry one of this repository.
     *
     * @return false if the registry does not do that
     */
    boolean mount(String digest, String from) throws IOException, InterruptedException {
        return within(
                "mounting a layer",
                // Without a mount the library sends the blob; an empty one is refused, as it has another digest.
                () -> {
                    try {
                        return client.pushBlob(DescriptorDigest.fromDigest(digest), Blobs.from(""), from, part -> {});
                    } catch (RegistryException | IOException e) {
                        return false;
                    }
                });
    }

    void push(String digest, Path file) throws IOException, InterruptedException {
        within(
                "pushing a layer",
                () -> client.pushBlob(DescriptorDigest.fromDigest(digest), Blobs.from(file), null, part -> {}));
        sent += Files.size(file);
    }

    void push(String digest, byte[] bytes) throws IOException, InterruptedException {
        within(
                "pushing the configuration",
                () -> client.pushBlob(
                        DescriptorDigest.fromDigest(digest),
                        Blobs.from(out -> out.write(bytes), true),
                        null,
                        part -> {}));
        sent += bytes.length;
    }

    /**
     * Pushes a manifest. The library only warns if the registry names another digest than that of the manifest
     * (ManifestPusher), so the caller has to look.
     *
     * @param reference a tag, or the digest of the manifest
     */
    void push(V22ManifestTemplate manifest, String reference) throws IOException, InterruptedException {
        within("pushing the manifest", () -> client.pushManifest(manifest, reference));
    }

    /** Gives an image of this repository another tag. */
    public void tag(String digest, String tag) throws IOException, InterruptedException {
        ManifestAndDigest<V22ManifestTemplate> there =
                within("reading the manifest", () -> client.pullManifest(digest, V22ManifestTemplate.class));
        if (!there.getDigest().toString().equals(digest)) {
            throw new IOException("the registry " + place.shown() + " gives other bytes than those of " + digest);
        }
        push(there.getManifest(), tag);
    }

    /** Returns the number of bytes of the pushed blobs. */
    long sent() {
        return sent;
    }

    /** Tries again where a connection breaks off, which registries do when they are restarted. */
    private <T> T within(String doing, Work<T> work) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            FutureTask<T> running = new FutureTask<>(work::run);
            Thread thread = new Thread(running, "pymacaron registry");
            thread.setDaemon(true);
            thread.start();
            try {
                return running.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                close();
                throw failure(doing, "it took longer than " + limit.toSeconds() + " s", e);
            } catch (ExecutionException e) {
                // A blob of the library can throw exceptions of the input only.
                Throwable cause = e.getCause().getCause() instanceof RegistryException refusal ? refusal : e.getCause();
                if (cause instanceof RegistryUnauthorizedException) {
                    throw failure(doing, "it does not let us. Log in with an account that may", cause);
                }
                if (attempt == ATTEMPTS
                        || !(cause instanceof IOException)
                        || cause instanceof Limited.TooLargeException) {
                    throw failure(doing, reason(cause), cause);
                }
            } finally {
                running.cancel(true);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis() << attempt);
        }
    }

    private IOException failure(String doing, String reason, Throwable cause) {
        return new IOException("the registry " + place.shown() + ": " + doing + " failed: " + reason, cause);
    }

    /** Returns one line: messages of the library have several, and answers of registries any. */
    private String reason(Throwable trouble) {
        String message = mask.mask(String.valueOf(trouble.getMessage()))
                .replaceAll("\\s+", " ")
                .strip();
        String kind = trouble.getClass().getSimpleName();
        String text = message.equals("null") ? kind : message;
        return text.length() > MOST_MESSAGE ? text.substring(0, MOST_MESSAGE) + "…" : text;
    }

    @Override
    public void close() {
        try {
            http.shutDown();
        } catch (IOException e) {
            // The end of an answer that is not wanted any more changes no result.
        }
    }

    /** Takes no more bytes than were announced. */
    private static final class Limited extends FilterOutputStream {
        private long left;

        private static final class TooLargeException extends IOException {
            private static final long serialVersionUID = 1L;

            TooLargeException() {
                super("a layer is larger than its manifest says");
            }
        }

        Limited(OutputStream out, long most) {
            super(out);
            left = most;
        }

        @Override
        public void write(byte[] bytes, int at, int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new TooLargeException();
            }
            out.write(bytes, at, length);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }
    }
}
