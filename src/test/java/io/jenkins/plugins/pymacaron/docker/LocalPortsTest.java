package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the choice of ports for containers that share the network of the machine. */
class LocalPortsTest {
    /** As many as the kernel has. */
    private static final int LONG_BEFORE = 30_000;

    private static final int ASKED = 500;

    /** Otherwise two regions that are deployed side by side could get the same. */
    @Test
    void noPortIsGivenTwice() throws Exception {
        for (int i = 0; i < LONG_BEFORE; i++) {
            LocalPorts.free();
        }
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < ASKED; i++) {
            int port = LocalPorts.free();
            assertThat(given.add(port)).as("%d is given twice", port).isTrue();
        }
    }

    @Test
    void aPortThatIsListenedAtIsTaken() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(LocalPorts.isTaken(listening.getLocalPort())).isTrue();
        }
    }
}
