package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A world of files that several processes share: each effect adds a line to the file of its key.
 *
 * @param hangAfter the key of the effect after which {@link #apply} never returns
 */
record FileWorld(Path directory, String hangAfter) implements Effector {
    static final String APPLIED = "applied, and about to hang";

    @Override
    public Lookup find(Effect effect) {
        return Files.exists(directory.resolve(effect.key())) ? Lookup.present(Map.of("id", "found")) : Lookup.ABSENT;
    }

    @Override
    public Map<String, String> apply(Effect effect) throws InterruptedException {
        try {
            Files.writeString(
                    directory.resolve(effect.key()), "once\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (effect.key().equals(hangAfter)) {
            System.out.println(APPLIED);
            new CountDownLatch(1).await();
        }
        return Map.of("id", "applied");
    }

    /** Everything is ready at once. */
    static Observer observer() {
        return new Observer("files", subject -> Map.of("ready", "true"), Backoff.RETRY);
    }

    String count(String key) throws IOException {
        return Files.readString(directory.resolve(key));
    }

    /** A process that drives a chain until it is killed: {@code directory hangAfter}. */
    public static void main(String[] args) throws Exception {
        FileWorld world = new FileWorld(Path.of(args[0]), args[1]);
        try (ThreadedRuntime threads = new ThreadedRuntime("child", 2)) {
            Journal journal =
                    new JournalStore(world.directory(), Clock.systemUTC()).create("a", "test.chain", Chain.length(3));
            new Driver(threads.clockwork())
                    .run(journal, new Chain(), world, observer(), Listener.NONE)
                    .await();
        }
    }
}
