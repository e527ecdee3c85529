package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The deaths of a process before and after its calls. A few of them, the same each time; {@code -Dpym.seed=N} chooses others.
 * All of them, in their order, with {@code -Dpym.full=true}; or {@code -Dpym.deaths=M} of them from {@code -Dpym.first=N} on, or
 * as many as there is time for in {@code -Dpym.minutes=N}.
 */
final class KillMatrix {
    static final boolean FULL = Boolean.getBoolean("pym.full");
    private static final long SEED = Long.getLong("pym.seed", 1);
    private static final long MINUTES = Long.getLong("pym.minutes", 6 * 60);
    private static final int FIRST = Integer.getInteger("pym.first", 1);
    private static final int DEATHS = Integer.getInteger("pym.deaths", Integer.MAX_VALUE);

    /** The call at which the process dies, and the way in which the work goes on. */
    record Death(int call, String when, boolean resumed) {}

    /** The death of one process, and all that must hold after it. */
    interface Case {
        /** @param what says which death it is */
        void die(Death death, String what) throws Exception;
    }

    /** A beginning after a failure, so that one fault does not make each death that follows another one. */
    interface Beginning {
        void make() throws Exception;
    }

    private KillMatrix() {}

    /**
     * Lets processes die.
     *
     * @param name of the target
     * @param calls those of a process that is not killed
     * @param sample the number of deaths in the short form
     */
    static void run(String name, List<String> calls, int sample, Case each, Beginning anew) throws Exception {
        List<Death> deaths = deaths(calls.size(), sample);
        List<String> failures = new ArrayList<>();
        long until = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        int died = 0;
        for (Death death : deaths) {
            if (System.nanoTime() > until) {
                break;
            }
            String what = name + ", " + (FULL ? "number " + (FIRST + died) : "seed " + SEED) + ": " + death + " of "
                    + calls.get(death.call() - 1);
            died++;
            try {
                each.die(death, what);
            } catch (AssertionError e) {
                failures.add(what + ": " + e.getMessage());
                System.out.println("kill matrix: FAILED " + failures.get(failures.size() - 1));
                if (died < deaths.size()) {
                    anew.make();
                }
            }
            if (died % 10 == 0) {
                say(name + ": " + died + " of " + deaths.size() + " deaths, " + failures.size() + " failures");
            }
        }

        say(name + ": " + died + " deaths from number " + FIRST + " on, of " + 2 * calls.size() + " in " + calls.size()
                + " calls, " + failures.size() + " failures");
        assertThat(failures).isEmpty();
        assertThat(died).isGreaterThanOrEqualTo(Math.min(sample, deaths.size()));
    }

    /** Goes on where the process died, in this JVM. */
    static void goOn(Service service, Death death, String what, String... deploy) {
        Service.Ended ended = service.run(death.resumed() ? new String[] {"--resume"} : deploy);
        if (ended.output().contains("There is nothing to resume")) {
            // It died before there was a run that could be known.
            ended = service.run(deploy);
        }
        assertThat(ended.code()).as(what + ": " + ended.output()).isZero();
    }

    private static void say(String line) {
        if (FULL) {
            System.out.println("kill matrix: " + line);
        }
    }

    private static List<Death> deaths(int calls, int sample) {
        Random random = new Random(SEED);
        List<Death> all = new ArrayList<>();
        for (int call = 1; call <= calls; call++) {
            for (String when : List.of("before", "after")) {
                all.add(new Death(call, when, random.nextBoolean()));
            }
        }
        if (FULL) {
            int from = Math.min(all.size(), FIRST - 1);
            return all.subList(from, (int) Math.min(all.size(), (long) from + DEATHS));
        }
        Collections.shuffle(all, random);
        return all.subList(0, sample);
    }
}
