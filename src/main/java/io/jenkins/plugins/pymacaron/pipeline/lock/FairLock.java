package io.jenkins.plugins.pymacaron.pipeline.lock;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A lock of this machine that is given to runs in the order of their requests, see {@link WaitingLine}. The lock itself
 * is taken too: an earlier version of this program does not know the waiting line.
 */
public final class FairLock implements Closeable {
    private static final int LOOK_AGAIN_MILLIS = 100;

    private final WaitingLine.Ticket ticket;
    private final OwnerLock lock;

    private FairLock(WaitingLine.Ticket ticket, OwnerLock lock) {
        this.ticket = ticket;
        this.lock = lock;
    }

    /**
     * Waits for the lock, and reports its owner and the number of runs ahead.
     *
     * @param file the lock
     * @param me the new owner, in words, for those who will wait
     * @param within how long to wait while the waiting line does not move
     * @throws IOException when the waiting line does not move in time, with a line that names the owner of the lock
     */
    public static FairLock take(Path file, String me, Duration within, RunProgress progress)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before it was waited for " + file);
        }
        try {
            return waitFor(file, me, within, progress);
        } catch (ClosedByInterruptException e) {
            // An interrupt closes the very file that is being read.
            Thread.interrupted();
            throw new InterruptedException(e.getMessage());
        }
    }

    private static FairLock waitFor(Path file, String me, Duration within, RunProgress progress)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectories(file.resolveSibling(file.getFileName() + ".line"));
        WaitingLine.Ticket ticket = new WaitingLine(directory).join(me);
        boolean taken = false;
        try {
            FairLock turn = new FairLock(ticket, await(file, me, ticket, within, progress));
            taken = true;
            return turn;
        } finally {
            if (!taken) {
                ticket.close();
            }
        }
    }

    private static OwnerLock await(
            Path file, String me, WaitingLine.Ticket ticket, Duration within, RunProgress progress)
            throws IOException, InterruptedException {
        long deadline = 0;
        String told = "";
        while (true) {
            List<String> ahead = ticket.ahead();
            if (ahead.isEmpty()) {
                Optional<OwnerLock> lock = OwnerLock.tryTake(file, me);
                if (lock.isPresent()) {
                    return lock.get();
                }
            }
            String holder = ahead.isEmpty() ? OwnerLock.owner(file) : ahead.get(0);
            String place = holder + "; place " + Math.max(1, ahead.size()) + " in line";
            if (!place.equals(told)) {
                progress.say("Waiting for " + place);
                told = place;
                deadline = System.nanoTime() + within.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "gave up after " + within.toMinutes() + " minutes: " + holder + " is still at it");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** Frees the lock. A second call does nothing. */
    @Override
    public void close() throws IOException {
        try (ticket) {
            lock.close();
        }
    }
}
