package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each call of docker is a process and a round trip: the number of calls of a deployment must not grow unnoticed. */
@Timeout(180)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class DockerCallsTest {
    private static final int MOST_UNCHANGED = 54;
    private static final int MOST_CHANGED = 84;

    @TempDir
    Path temporary;

    @Test
    void aDeploymentAsksTheEngineNoMoreThanItHasTo() throws Exception {
        Service service = Service.in(temporary);
        Service.Ended first = service.run("--no-test");
        assertThat(first.code()).as(first.output()).isZero();

        List<String> unchanged = calls(service);
        service.content("two").commit("second");
        List<String> changed = calls(service);

        assertThat(Service.live()).isEqualTo("two");
        assertThat(changed).as(String.join("\n", changed)).hasSizeLessThanOrEqualTo(MOST_CHANGED);
        assertThat(unchanged).as(String.join("\n", unchanged)).hasSizeLessThanOrEqualTo(MOST_UNCHANGED);
        assertThat(unchanged).noneMatch(call -> call.matches("(build|push|create|start|stop) .*"));
        System.out.println("calls of docker: " + changed.size() + " of a change, " + unchanged.size() + " without one");
    }

    /**
     * Returns the calls of one deployment. Each wait counts as one look, since the number of looks depends on the
     * machine.
     */
    private List<String> calls(Service service) throws Exception {
        Path log = Files.createTempFile(temporary, "calls", ".txt");
        service.holdDockerAtCall("before", 0, log);
        Service.Ended ended = service.runChild();
        assertThat(ended.code()).as(ended.output()).isZero();
        List<String> calls = new ArrayList<>();
        for (String call : Files.readAllLines(log)) {
            boolean again = !calls.isEmpty() && calls.get(calls.size() - 1).equals(call);
            if (!again || !call.startsWith("container inspect ")) {
                calls.add(call);
            }
        }
        return calls;
    }
}
