package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The {@link RunServer} as a process of its own, for the demonstration: images run as containers. */
public final class DemoServer {
    private DemoServer() {}

    /**
     * @param arguments port of the API, id of the live service, port of its URL, file for the account's key,
     *     prefix of the containers
     */
    public static void main(String[] arguments) throws Exception {
        ContainerHosts hosts = new ContainerHosts(arguments[4]);
        RunServer server = new RunServer(
                Integer.parseInt(arguments[0]), hosts, Map.of(arguments[1], Integer.parseInt(arguments[2])));
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
                hosts.close();
            } catch (Exception e) {
                System.err.println(e.getMessage());
            }
            end.countDown();
        }));
        // The file is complete when it exists, because a waiting process reads it at once.
        Path key = Path.of(arguments[3]);
        Path part = Path.of(arguments[3] + ".part");
        Files.writeString(part, server.key());
        Files.move(part, key);
        end.await();
    }
}
