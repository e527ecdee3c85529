package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the longest time without an answer. Requests overlap, and the failure of a timeout is known only after later
 * requests have succeeded; so requests are put in the order of their begin before anything is measured.
 */
final class LongestGap {
    private static final Comparator<Request> BY_BEGIN = Comparator.comparingLong(Request::begun);

    private record Request(long begun, boolean good) {}

    private final List<Request> requests = new ArrayList<>();

    /** Adds a request. @param begun by {@link System#nanoTime} */
    synchronized void add(long begun, boolean good) {
        requests.add(new Request(begun, good));
    }

    /**
     * Returns the gap. It lasts from the begin of the last good request before a failed one to the begin of the next
     * good one, which is the longest time that a user can have seen; without a next one, to {@code now}.
     */
    synchronized ServiceGap seen(long now) {
        List<Request> ordered = requests.stream().sorted(BY_BEGIN).toList();
        long longest = 0;
        long failures = 0;
        long lastGood = ordered.isEmpty() ? now : ordered.get(0).begun();
        boolean failing = false;
        for (Request request : ordered) {
            if (request.good()) {
                longest = failing ? Math.max(longest, request.begun() - lastGood) : longest;
                lastGood = request.begun();
                failing = false;
            } else {
                failures++;
                failing = true;
            }
        }
        longest = failing ? Math.max(longest, now - lastGood) : longest;
        return new ServiceGap(ordered.size(), failures, Duration.ofNanos(longest));
    }
}
