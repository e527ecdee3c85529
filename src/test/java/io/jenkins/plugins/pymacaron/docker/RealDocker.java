package io.jenkins.plugins.pymacaron.docker;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The engine and the registries that bin/verify provides, and all docker clients of this machine. */
public final class RealDocker {
    private RealDocker() {}

    /** Returns a variable of the environment that tests with real parts need. */
    public static String variable(String name) {
        String value = System.getenv(name);
        Assumptions.assumeTrue(value != null && !value.isEmpty(), name + " is not set");
        return value;
    }

    /**
     * Returns the clients that are installed, whose abilities differ more than those of engines, and the one that reads
     * by the engine's socket.
     */
    public static Stream<String> clients() {
        variable("PYM_TEST_BASE");
        return Stream.of("/usr/local/bin/docker", "/usr/bin/docker", "docker")
                .filter(program -> program.equals("docker") || Files.isExecutable(Path.of(program)));
    }

    public static Docker docker(List<String> log) {
        return docker(log, "docker");
    }

    public static Docker docker(List<String> log, String client, String... secrets) {
        variable("PYM_TEST_BASE");
        return new Docker(new Processes(new SecretMask(List.of(secrets)), log::add), Optional.empty(), client);
    }

    public static List<String> log() {
        return Collections.synchronizedList(new ArrayList<>());
    }

    public static String base() {
        return variable("PYM_TEST_BASE");
    }

    /** Returns a name that no other test has. */
    public static String unique(String prefix) {
        return prefix + "-" + Long.toString(System.nanoTime(), 36) + "-"
                + ProcessHandle.current().pid();
    }
}
