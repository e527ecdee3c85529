package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call of docker is a process: the number of calls of a deployment must not grow unnoticed. They are the changes;
 * the engine is read by its socket.
 */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class DockerCallsTest {
    private static final int MOST_UNCHANGED = 8;
    private static final int MOST_CHANGED = 26;

    @TempDir
    Path temporary;

    @Test
    void aDeploymentAsksTheEngineNoMoreThanItHasTo() throws Exception {
        // No child waits at a gate, and with one of its own its tests would run in another environment.
        Service service = Service.in(temporary).with("E2E_GATE", "none");
        calls(service);

        List<String> unchanged = calls(service);
        service.content("two").commit("second");
        List<String> changed = calls(service);

        assertThat(Service.live()).isEqualTo("two");
        assertThat(changed).as(String.join("\n", changed)).hasSizeLessThanOrEqualTo(MOST_CHANGED);
        assertThat(unchanged).as(String.join("\n", unchanged)).hasSizeLessThanOrEqualTo(MOST_UNCHANGED);
        assertThat(unchanged).noneMatch(call -> call.matches("(build|push|run|create|start|stop) .*"));
        assertThat(changed)
                .noneMatch(call -> call.matches("(ps|(container|image|volume) (ls|inspect)|inspect|info) .*"));
        System.out.println("calls of docker: " + changed.size() + " of a change, " + unchanged.size() + " without one");
    }

    /** Returns the calls of one deployment; the environment is the same in each. */
    private List<String> calls(Service service) throws Exception {
        Path log = temporary.resolve("calls.txt");
        Files.deleteIfExists(log);
        service.holdDockerAtCall("before", 0, log);
        Service.Ended ended = service.runChild();
        assertThat(ended.code()).as(ended.output()).isZero();
        return Files.readAllLines(log);
    }
}
