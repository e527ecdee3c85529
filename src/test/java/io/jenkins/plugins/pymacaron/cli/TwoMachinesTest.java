package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two users, each with a checkout and a state directory of his own, deploy the same service to one engine at the same
 * time: no lock is between them. The report to each is true, one version serves, and nothing is left.
 *
 * <p>One stands still before one of its calls of docker while the other deploys from the beginning to the end. This
 * runs some of the calls, by chance, which {@code -Dpym.seed=N} repeats; all of them with {@code -Dpym.full=true}, or
 * {@code -Dpym.deaths=M} from {@code -Dpym.first=N} on.
 */
@Timeout(6 * 60 * 60)
@ExtendWith(CleanEngine.class)
class TwoMachinesTest {
    private static final boolean FULL = Boolean.getBoolean("pym.full");
    private static final int SAMPLE = 2;
    private static final int FIRST = Integer.getInteger("pym.first", 1);
    private static final int MOST = Integer.getInteger("pym.deaths", Integer.MAX_VALUE);
    private static final String[] DEPLOY = {"--no-push", "--no-test"};
    private static final int QUESTIONS = 30;

    @TempDir
    Path temporary;

    private Service one;
    private Service two;
    private int contents;

    @BeforeEach
    void start() throws Exception {
        one = Service.in(Files.createDirectories(temporary.resolve("one"))).readingByClient();
        two = Service.in(Files.createDirectories(temporary.resolve("two")));
        assertThat(one.run(DEPLOY).code()).isZero();
    }

    private String next(Service service) throws Exception {
        String content = "version " + ++contents;
        service.content(content).commit(content);
        return content;
    }

    @Test
    void oneStandsStillWhileTheOtherDeploys() throws Exception {
        long seed = Long.getLong("pym.seed", 1);
        next(one);
        Path calls = temporary.resolve("calls");
        one.holdDockerAtCall("before", 0, calls);
        assertThat(one.runChild(DEPLOY).code()).isZero();
        List<String> all = Files.readAllLines(calls);
        List<Integer> numbers = numbers(all.size(), new Random(seed));
        TreeSet<String> ends = new TreeSet<>();
        List<String> failures = new ArrayList<>();
        for (int number : numbers) {
            String what = "seed " + seed + ", before call " + number + ", " + all.get(number - 1);
            try {
                ends.add(standStill(number, what));
            } catch (AssertionError e) {
                failures.add(what + ": " + e.getMessage());
                System.out.println("two machines: FAILED " + what + ": " + e.getMessage());
                CleanEngine.removeContainers();
            }
        }
        System.out.println("two machines: " + numbers.size() + " of " + all.size() + " calls, " + failures.size()
                + " failures, ends " + ends);
        assertThat(failures).isEmpty();
    }

    private static List<Integer> numbers(int calls, Random random) {
        List<Integer> all = new ArrayList<>();
        for (int number = 1; number <= calls; number++) {
            all.add(number);
        }
        if (FULL) {
            int from = Math.min(calls, FIRST - 1);
            return all.subList(from, (int) Math.min(calls, (long) from + MOST));
        }
        Collections.shuffle(all, random);
        return all.subList(0, SAMPLE);
    }

    /** A call that stands still for longer than it may is ended by the one who made it: then it is too late to judge. */
    private static final Pattern ENDED = Pattern.compile("ran for longer than .* and was ended");

    private static final int TRIES = 4;

    private String standStill(int call, String what) throws Exception {
        return standStill(call, what, TRIES);
    }

    private String standStill(int call, String what, int tries) throws Exception {
        String ofOne = next(one);
        String ofTwo = next(two);
        one.holdDockerAtCall("before", call, Files.createTempFile(temporary, "calls", ".txt"));
        Service.Ended first;
        Service.Ended second;
        try (Child child = one.start(DEPLOY)) {
            child.atGateOrEnd();
            second = two.run(DEPLOY);
            child.openGate();
            first = child.await();
        } finally {
            one.environment().keySet().removeIf(name -> name.startsWith("E2E_DOCKER"));
        }
        if (tries > 1 && ENDED.matcher(first.output()).find()) {
            CleanEngine.removeContainers();
            assertThat(one.run(DEPLOY).code()).isZero();
            return standStill(call, what, tries - 1);
        }
        return assertHonest(first, ofOne, second, ofTwo, what);
    }

    @Test
    void bothBeginAtOnce() throws Exception {
        String ofOne = next(one);
        String ofTwo = next(two);
        try (Child first = one.start(DEPLOY);
                Child second = two.start(DEPLOY)) {
            assertHonest(first.await(), ofOne, second.await(), ofTwo, "at once");
        }
    }

    /** @return how both ended, for the figures */
    private String assertHonest(Service.Ended first, String ofOne, Service.Ended second, String ofTwo, String what)
            throws Exception {
        String as = what + "\nFIRST " + first.code() + "\n" + first.output() + "\nSECOND " + second.code() + "\n"
                + second.output();
        assertThat(List.of(first.code(), second.code()))
                .as(as)
                .isSubsetOf(0, 6, 10)
                .contains(0);
        TreeSet<String> answers = new TreeSet<>();
        for (int i = 0; i < QUESTIONS; i++) {
            answers.add(Service.live());
        }
        assertThat(answers).as(as).hasSize(1);
        String live = answers.first();
        List<String> done = new ArrayList<>();
        if (first.code() == 0) {
            done.add(ofOne);
        }
        if (second.code() == 0) {
            done.add(ofTwo);
        }
        assertThat(live).as(as).isIn(done);
        assertThat(Service.staging()).as(as).isIn(ofOne, ofTwo);
        assertThat(Service.running()).as(as).containsExactly("live serving", "staging serving");
        assertThat(Service.underTest()).as(as).isEmpty();
        for (Service service : List.of(one, two)) {
            assertThat(service.run("--cleanup").output()).as(as).contains("There is nothing to clean up");
        }
        return first.code() + " and " + second.code();
    }
}
