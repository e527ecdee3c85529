package io.jenkins.plugins.pymacaron.targets.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.targets.cloud.FaultPlan.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Tells a story under many plans, some in parallel, since most of their time is waiting. It runs as many as fit into a
 * usual run of the tests; a thousand with {@code -Dpym.full=true}, or {@code -Dpym.plans=N}; one alone with
 * {@code -Dpym.seed=N}. The seed decides the fault of each request; threads also decide the order of requests.
 */
public final class FaultPlans {
    private static final int AT_ONCE = 24;
    private static final int FULL = 1_000;

    private FaultPlans() {}

    /** A story, which throws an AssertionError where it does not end as it should. */
    @FunctionalInterface
    public interface Story {
        /** @return how it ended, for the figures */
        String tell(FaultPlan plan) throws Exception;
    }

    /** @param usual how many plans there are in a usual run */
    public static void tell(String target, int usual, LongFunction<FaultPlan> plans, Story story) throws Exception {
        Long only = Long.getLong("pym.seed");
        int count = only != null ? 1 : Integer.getInteger("pym.plans", Boolean.getBoolean("pym.full") ? FULL : usual);
        long first = only != null ? only : Long.getLong("pym.first", 1);
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        Map<String, Integer> ends = Collections.synchronizedMap(new java.util.TreeMap<>());
        Map<Kind, Integer> used = new EnumMap<>(Kind.class);
        List<Callable<Void>> all = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            FaultPlan plan = plans.apply(seed);
            all.add(() -> {
                try {
                    ends.merge(story.tell(plan), 1, Integer::sum);
                } catch (Exception | AssertionError e) {
                    failures.add(plan + ": " + e);
                    System.out.println("fault plans of " + target + ": FAILED " + plan + ": " + e);
                    e.printStackTrace(System.out);
                }
                // The threads of an HttpClient end with its garbage.
                System.gc();
                synchronized (used) {
                    plan.used().forEach((kind, n) -> used.merge(kind, n, Integer::sum));
                }
                return null;
            });
        }
        long began = System.nanoTime();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            for (Future<Void> done : pool.invokeAll(all)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
        System.out.println(
                "fault plans of " + target + ": " + count + " in " + (System.nanoTime() - began) / 1_000_000_000
                        + " s, " + failures.size() + " failed; ends " + ends + ", faults " + used);
        assertThat(failures).as("repeat one by -Dpym.seed=N").isEmpty();
        if (count > 100) {
            assertThat(ends).as("some go well, some do not").hasSizeGreaterThan(1);
            assertThat(used).as("kinds of faults").hasSizeGreaterThan(3);
        }
    }
}
