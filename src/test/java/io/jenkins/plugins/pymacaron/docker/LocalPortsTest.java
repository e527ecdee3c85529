package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the choice of ports for containers that share the network of the machine. */
class LocalPortsTest {
    private static final int ASKED = 200;

    /** A port from where the kernel takes those of connections may be taken before the container listens there. */
    @Test
    void portsAreFreeAndNotAmongThoseOfConnections() throws Exception {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < ASKED; i++) {
            int port = LocalPorts.free();
            assertThat(port).isBetween(20_000, 29_999);
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
