package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What must not outlive this JVM, however it ends short of SIGKILL: at Ctrl-C or SIGTERM the programs that run are
 * ended first, then everything registered here is cleaned up, the newest first. From then on nobody else can start a
 * program.
 */
public final class Shutdown {
    private static final Deque<Guard> GUARDS = new ArrayDeque<>();
    private static final Thread HOOK = new Thread(Shutdown::run, "pymacaron-shutdown");
    private static final Deque<Runnable> FIRST = new ArrayDeque<>();
    private static final ReadWriteLock STARTING = new ReentrantReadWriteLock();
    private static volatile boolean begun;

    static {
        Runtime.getRuntime().addShutdownHook(HOOK);
    }

    /** Something to clean up exactly once: by {@link #close} in good time, or else at the end of the JVM. */
    public static final class Guard implements AutoCloseable {
        private final Runnable cleanup;
        private boolean done;

        private Guard(Runnable cleanup) {
            this.cleanup = cleanup;
        }

        /**
         * Cleans up now. A second call waits for the first one and does nothing, but for the end of the JVM: by then the
         * first one may have been refused the programs that it needs, or have had them ended.
         */
        @Override
        public synchronized void close() {
            try {
                if (!done) {
                    cleanup.run();
                }
            } finally {
                done = !begun || Thread.currentThread() == HOOK;
                if (done) {
                    release();
                }
            }
        }

        /** Forgets about it: it is not ours any more. */
        public void release() {
            synchronized (GUARDS) {
                GUARDS.remove(this);
            }
        }
    }

    private Shutdown() {}

    public static Guard guard(Runnable cleanup) {
        Guard guard = new Guard(cleanup);
        synchronized (GUARDS) {
            GUARDS.push(guard);
        }
        return guard;
    }

    /**
     * Has {@code task} run at Ctrl-C or SIGTERM before anything is ended, while programs can still be started: the time
     * to take back in good order what is half-made.
     *
     * @param task comes to an end by itself
     * @return forgets about it
     */
    public static Runnable before(Runnable task) {
        synchronized (FIRST) {
            FIRST.push(task);
        }
        return () -> {
            synchronized (FIRST) {
                FIRST.remove(task);
            }
        };
    }

    /** Whether the JVM is ending, so that failures are its doing and nothing new is to be begun. */
    public static boolean begun() {
        return begun;
    }

    /**
     * Starts something that has to be ended, unless it is too late for that. What is started is known to us before the
     * end begins, or is not started at all.
     */
    static RunningProcess start(Starter starter) throws IOException {
        STARTING.readLock().lock();
        try {
            if (begun && Thread.currentThread() != HOOK) {
                throw new IOException("nothing more is started: we are being ended");
            }
            return starter.start();
        } finally {
            STARTING.readLock().unlock();
        }
    }

    /** Starts a program and makes it known to {@link RunningProcess#stopAll}. */
    @FunctionalInterface
    interface Starter {
        RunningProcess start() throws IOException;
    }

    private static void run() {
        List<Runnable> first;
        synchronized (FIRST) {
            first = List.copyOf(FIRST);
        }
        first.forEach(Runnable::run);
        STARTING.writeLock().lock();
        begun = true;
        STARTING.writeLock().unlock();
        RunningProcess.stopAll();
        while (true) {
            Guard guard;
            synchronized (GUARDS) {
                guard = GUARDS.peek();
            }
            if (guard == null) {
                return;
            }
            try {
                guard.close();
            } catch (RuntimeException e) {
                System.getLogger(Shutdown.class.getName()).log(System.Logger.Level.WARNING, "not cleaned up", e);
            }
        }
    }
}
