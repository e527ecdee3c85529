package io.jenkins.plugins.pymacaron.accept;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time limit of a request, for all of its reads together. */
final class Deadline {
    private static final ScheduledExecutorService CUTTER = Executors.newSingleThreadScheduledExecutor(body -> {
        Thread thread = new Thread(body, "pymacaron request deadlines");
        thread.setDaemon(true);
        return thread;
    });

    private final long end;

    Deadline(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
    }

    /** Returns milliseconds, at least one. @throws SocketTimeoutException when there are none left */
    int left() throws SocketTimeoutException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** Returns the input of the socket, with each read limited to the time that is left. */
    InputStream limit(Socket socket) throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read() throws IOException {
                socket.setSoTimeout(left());
                return super.read();
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                socket.setSoTimeout(left());
                return super.read(to, offset, length);
            }
        };
    }

    /** Closes the socket at the deadline, unless it is ended before. */
    Cut cut(Socket socket) throws IOException {
        Future<?> close = CUTTER.schedule(
                () -> {
                    socket.close();
                    return null;
                },
                left(),
                TimeUnit.MILLISECONDS);
        return () -> {
            close.cancel(false);
            left();
        };
    }

    /** A deadline that holds until it is ended. */
    @FunctionalInterface
    interface Cut {
        /**
         * Ends the deadline.
         *
         * @throws SocketTimeoutException when the deadline has passed, even if that caused another failure
         */
        void end() throws SocketTimeoutException;
    }
}
