package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process, killed before and after its calls of docker, wherever in a deployment; then {@code --resume}, or a
 * deployment anew. In the end all is as if nothing had happened, and live has answered all the time.
 *
 * <p>A few deaths here, the same each time; {@code -Dpym.seed=N} chooses others. All of them, in their order, with {@code
 * -Dpym.full=true}, which takes an hour; or {@code -Dpym.deaths=M} of them from {@code -Dpym.first=N} on, or as many as there is
 * time for in {@code -Dpym.minutes=N}.
 */
@Timeout(6 * 60 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class KillMatrixTest {
    private static final boolean FULL = Boolean.getBoolean("pym.full");
    private static final int SAMPLE = 2;
    private static final long MINUTES = Long.getLong("pym.minutes", 6 * 60);
    private static final int FIRST = Integer.getInteger("pym.first", 1);
    private static final int DEATHS = Integer.getInteger("pym.deaths", Integer.MAX_VALUE);
    private static final String[] DEPLOY =
            FULL ? new String[] {"--no-push", "--no-unittest"} : new String[] {"--no-push", "--no-test"};

    @TempDir
    Path temporary;

    private Service service;
    private int contents;

    /** The call at which the process dies, and the way in which the work goes on. */
    private record Death(int call, String when, boolean resumed) {}

    @Test
    void aProcessThatIsKilledAnywhereLeavesNothing() throws Exception {
        long seed = Long.getLong("pym.seed", 1);
        service = Service.in(temporary).readingByClient();
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        next();
        Path calls = temporary.resolve("calls");
        service.holdDockerAtCall("before", 0, calls);
        assertThat(service.runChild(DEPLOY).code()).isZero();
        List<String> all = Files.readAllLines(calls);
        List<String> undisturbed = containers();
        List<Death> deaths = deaths(all.size(), new Random(seed));
        List<String> failures = new ArrayList<>();
        long until = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        int died = 0;
        for (Death death : deaths) {
            if (System.nanoTime() > until) {
                break;
            }
            String what = (FULL ? "number " + (FIRST + died) + ": " : "seed " + seed + ": ") + death + " of "
                    + all.get(death.call() - 1);
            died++;
            try {
                dieAndGoOn(death, what);
                assertNothingIsLeft(undisturbed, what);
            } catch (AssertionError e) {
                failures.add(what + ": " + e.getMessage());
                say("FAILED " + what + ": " + e.getMessage());
                startAnew();
            }
            if (died % 10 == 0) {
                say(died + " of " + deaths.size() + " deaths, " + failures.size() + " failures");
            }
        }

        say(died + " deaths from number " + FIRST + " on, of " + 2 * all.size() + " in " + all.size() + " calls, "
                + failures.size() + " failures");
        assertThat(failures).isEmpty();
        assertThat(died).isGreaterThanOrEqualTo(Math.min(SAMPLE, deaths.size()));
    }

    private static void say(String line) {
        if (FULL) {
            System.out.println("kill matrix: " + line);
        }
    }

    private void assertNothingIsLeft(List<String> undisturbed, String what) throws Exception {
        assertThat(containers()).as(what).isEqualTo(undisturbed);
        assertThat(Service.underTest()).as(what).isEmpty();
        assertThat(service.checkouts()).as(what).noneMatch(Files::exists);
        Service.Ended cleanup = service.run("--cleanup");
        assertThat(cleanup.output()).as(what).contains("There is nothing to clean up");
    }

    /** After a failure, so that one fault does not make each death that follows another one. */
    private void startAnew() throws Exception {
        service.environment().keySet().removeIf(name -> name.startsWith("E2E_DOCKER"));
        CleanEngine.removeContainers();
        service = Service.in(Files.createTempDirectory(temporary, "anew")).readingByClient();
        service.content("version " + ++contents).commit("anew");
        Service.Ended first = service.run("--no-test", "--no-push");
        assertThat(first.code()).as(first.output()).isZero();
        next();
        Service.Ended second = service.run("--no-test", "--no-push");
        assertThat(second.code()).as(second.output()).isZero();
    }

    private void dieAndGoOn(Death death, String what) throws Exception {
        String before = Service.live();
        String next = next();
        Path calls = Files.createTempFile(temporary, "calls", ".txt");
        service.holdDockerAtCall(death.when(), death.call(), calls);
        try (Asker asker = new Asker()) {
            try (Child child = service.start(DEPLOY)) {
                // Polling varies, and so the last calls may not come at all.
                if (child.atGateOrEnd()) {
                    child.kill();
                }
            }
            service.environment().keySet().removeIf(name -> name.startsWith("E2E_DOCKER"));
            Service.Ended ended = service.run(death.resumed() ? new String[] {"--resume"} : DEPLOY);
            if (ended.output().contains("There is nothing to resume")) {
                // It died before there was a run that could be known.
                ended = service.run(DEPLOY);
            }
            assertThat(ended.code()).as(what + ": " + ended.output()).isZero();
            assertThat(asker.stop()).as(what).isSubsetOf(before, next);
        }
        assertThat(Service.live()).as(what).isEqualTo(next);
        assertThat(Service.staging()).as(what).isEqualTo(next);
        assertThat(Files.readAllLines(calls).stream()
                        .filter(line -> line.startsWith("create ") || line.startsWith("container create "))
                        .collect(Collectors.groupingBy(line -> line, Collectors.counting()))
                        .values())
                .as(what)
                .allMatch(times -> times == 1);
    }

    private String next() throws Exception {
        String content = "version " + ++contents;
        service.content(content).commit(content);
        return content;
    }

    private static List<Death> deaths(int calls, Random random) {
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
        return all.subList(0, SAMPLE);
    }

    /** Slot, role and state of each, sorted: names differ. */
    private static List<String> containers() throws Exception {
        return Service.containers().stream()
                .map(c -> c.labels()
                                .get("io.jenkins.plugins.pymacaron.environment")
                                .replaceFirst(".*/", "") + " " + c.labels().get("io.jenkins.plugins.pymacaron.role")
                        + " " + c.state().status())
                .sorted()
                .toList();
    }

    /** A user of live who never stops asking. */
    private static final class Asker implements AutoCloseable {
        private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
        private final Thread thread = new Thread(this::ask, "asker");
        private volatile boolean stopped;

        Asker() {
            thread.setDaemon(true);
            thread.start();
        }

        private void ask() {
            boolean published = !"host".equals(System.getenv("PYM_ENGINE_NETWORK"));
            while (!stopped) {
                try {
                    answers.add(Service.ask(Service.LIVE, "/content").replace("\"", ""));
                } catch (IOException e) {
                    // If ports are published, one has to leave the port before the other one can take it.
                    if (!published) {
                        answers.add(e.toString());
                    }
                } catch (Exception e) {
                    answers.add(e.toString());
                }
            }
        }

        List<String> stop() throws InterruptedException {
            stopped = true;
            thread.join();
            return answers.stream().distinct().toList();
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
