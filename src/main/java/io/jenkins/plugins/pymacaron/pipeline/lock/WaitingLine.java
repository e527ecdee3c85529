package io.jenkins.plugins.pymacaron.pipeline.lock;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The waiting line for a lock on this machine, in a directory. Each waiting run has a ticket: a file with a number,
 * which it holds locked. The system frees that lock when its owner dies; the next in line then removes the ticket.
 *
 * <p>Tickets are made, and read, by one process at a time, so that no process sees one whose owner has not locked it
 * yet.
 */
public final class WaitingLine {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{12}");
    private static final String DOOR = "door";
    /** A process in this section only reads and writes names of files. */
    private static final Duration OPEN_WITHIN = Duration.ofMinutes(2);

    private static final int AGAIN_MILLIS = 5;

    private final Path directory;

    WaitingLine(Path directory) {
        this.directory = directory;
    }

    /** A place in the waiting line, until it is closed. */
    final class Ticket implements Closeable {
        private final long number;
        private final OwnerLock lock;

        private Ticket(long number, OwnerLock lock) {
            this.number = number;
            this.lock = lock;
        }

        /**
         * Returns the owners of the tickets before this one, the first one first. A dead owner is no longer among them,
         * at the latest when its ticket is the next one.
         */
        List<String> ahead() throws IOException, InterruptedException {
            while (true) {
                Deque<Long> before = new ArrayDeque<>(
                        numbers().stream().filter(other -> other < number).toList());
                if (before.isEmpty() || isAlive(before.getLast())) {
                    return before.stream()
                            .map(other -> OwnerLock.owner(file(other)))
                            .toList();
                }
            }
        }

        @Override
        public void close() throws IOException {
            try {
                Files.deleteIfExists(file(number));
            } finally {
                lock.close();
            }
        }
    }

    /** Joins the waiting line. @param me the name of this run, in words, for those behind */
    Ticket join(String me) throws IOException, InterruptedException {
        try (OwnerLock door = door()) {
            List<Long> before = numbers();
            long number = before.isEmpty() ? 1 : before.get(before.size() - 1) + 1;
            while (true) {
                // A ticket that was just given back here may not be free again yet.
                Optional<OwnerLock> lock = OwnerLock.tryTake(file(number), me);
                if (lock.isPresent()) {
                    return new Ticket(number, lock.get());
                }
                number++;
            }
        }
    }

    private boolean isAlive(long number) throws IOException, InterruptedException {
        try (OwnerLock door = door()) {
            Optional<OwnerLock> dead = OwnerLock.tryTake(file(number), "a look at it");
            if (dead.isPresent()) {
                try (OwnerLock ticket = dead.get()) {
                    Files.deleteIfExists(file(number));
                }
            }
            return dead.isEmpty();
        }
    }

    private OwnerLock door() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + OPEN_WITHIN.toNanos();
        while (true) {
            Optional<OwnerLock> door = OwnerLock.tryTake(
                    directory.resolve(DOOR),
                    "process " + ProcessHandle.current().pid());
            if (door.isPresent()) {
                return door.get();
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(OwnerLock.owner(directory.resolve(DOOR)) + " keeps the line in " + directory
                        + " shut for " + OPEN_WITHIN.toSeconds() + " s; look whether it is stopped");
            }
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        }
    }

    private List<Long> numbers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> NUMBER.matcher(name).matches())
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        }
    }

    private Path file(long number) {
        return directory.resolve(String.format(Locale.ROOT, "%012d", number));
    }
}
