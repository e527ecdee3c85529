package io.jenkins.plugins.pymacaron.process;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ends the threads of HTTP clients before the JVM ends. A JVM that ends waits up to 300 ms for threads in native code
 * ({@code VM_Exit::wait_for_threads_in_native_to_block} of OpenJDK 17), and the selector of a {@code java.net.http.HttpClient}
 * is always in it. A client cannot be closed before JDK 21. An interrupt ends its selector
 * ({@code HttpClientImpl.SelectorManager.run}).
 */
public final class HttpClientThreads {
    private static final Pattern SELECTOR = Pattern.compile("HttpClient-\\d+-SelectorManager");

    /** Each needs some milliseconds; a thread that does not end holds the JVM up for no longer than without this. */
    private static final long WITHIN_MILLIS = 100;

    private HttpClientThreads() {}

    /** Ends them. No client can be used after it. */
    public static void end() {
        List<Thread> selectors = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (SELECTOR.matcher(thread.getName()).matches()) {
                thread.interrupt();
                selectors.add(thread);
            }
        }
        try {
            for (Thread selector : selectors) {
                selector.join(WITHIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
