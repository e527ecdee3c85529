package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process, killed before and after its calls of docker, wherever in a deployment; then {@code --resume}, or a
 * deployment anew. In the end all is as if nothing had happened, and live has answered all the time. All deaths take an
 * hour; {@link KillMatrix} says how to choose some.
 */
@Timeout(6 * 60 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class KillMatrixTest {
    private static final int SAMPLE = 2;
    private static final String[] DEPLOY =
            KillMatrix.FULL ? new String[] {"--no-push", "--no-unittest"} : new String[] {"--no-push", "--no-test"};

    @TempDir
    Path temporary;

    private Service service;
    private int contents;

    @Test
    void aProcessThatIsKilledAnywhereLeavesNothing() throws Exception {
        service = Service.in(temporary).readingByClient();
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        next();
        Path calls = temporary.resolve("calls");
        service.holdDockerAtCall("before", 0, calls);
        assertThat(service.runChild(DEPLOY).code()).isZero();
        List<String> undisturbed = containers();

        KillMatrix.run(
                "docker",
                Files.readAllLines(calls),
                SAMPLE,
                (death, what) -> {
                    dieAndGoOn(death, what);
                    assertNothingIsLeft(undisturbed, what);
                },
                this::startAnew);
    }

    private void assertNothingIsLeft(List<String> undisturbed, String what) throws Exception {
        assertThat(containers()).as(what).isEqualTo(undisturbed);
        assertThat(Service.underTest()).as(what).isEmpty();
        assertThat(service.checkouts()).as(what).noneMatch(Files::exists);
        Service.Ended cleanup = service.run("--cleanup");
        assertThat(cleanup.output()).as(what).contains("There is nothing to clean up");
    }

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

    private void dieAndGoOn(KillMatrix.Death death, String what) throws Exception {
        String before = Service.live();
        String next = next();
        Path calls = Files.createTempFile(temporary, "calls", ".txt");
        service.holdDockerAtCall(death.when(), death.call(), calls);
        // If ports are published, one container has to leave the port before the other one can take it.
        boolean published = !"host".equals(System.getenv("PYM_ENGINE_NETWORK"));
        try (Asker asker = new Asker(Service.LIVE, published)) {
            try (Child child = service.start(DEPLOY)) {
                // Polling varies, and so the last calls may not come at all.
                if (child.atGateOrEnd()) {
                    child.kill();
                }
            }
            service.environment().keySet().removeIf(name -> name.startsWith("E2E_DOCKER"));
            KillMatrix.goOn(service, death, what, DEPLOY);
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
}
