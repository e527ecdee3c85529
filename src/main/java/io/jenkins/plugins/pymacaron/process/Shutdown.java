package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Cleans up what must not outlive this JVM, for every end but SIGKILL: at Ctrl-C or SIGTERM the running programs are
 * ended first, then everything registered here is cleaned up, the newest first. From then on no other program can be
 * started.
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

    /** A clean-up that runs exactly once: by {@link #close} in time, or else at the end of the JVM. */
    public static final class Guard implements AutoCloseable {
        private final Runnable cleanup;
        private boolean done;

        private Guard(Runnable cleanup) {
            this.cleanup = cleanup;
        }

        /**
         * Cleans up now. A second call waits for the first one and does nothing, except at the end of the JVM: by then
         * the first call may have been refused the programs that it needs, or they may have been ended.
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

        /** Drops the clean-up: the resource is not ours any more. */
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
     * Runs {@code task} at Ctrl-C or SIGTERM before anything is ended, while programs can still be started: this is the
     * time to undo half-made changes in order.
     *
     * @param task comes to an end by itself
     * @return drops the task
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

    /** Returns whether the JVM is ending, so that this is the cause of failures and nothing new may begin. */
    public static boolean begun() {
        return begun;
    }

    /**
     * Starts a program that has to be ended, unless it is too late for that. A program is registered before the end
     * begins, or is not started at all.
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

    /** Starts a program and registers it with {@link RunningProcess#stopAll}. */
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
