package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.Echo;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.util.List;
import java.util.Map;

/** The server that stands for Cloud Run, with the deployed images as containers, for whole runs in this JVM. */
public final class RunCloud implements AutoCloseable {
    private final ContainerHosts hosts;
    private final RunServer server;

    /**
     * @param prefix of the containers' names
     * @param service the id of the one that is live
     * @param port of loopback where that answers
     */
    public RunCloud(String prefix, String service, int port) throws Exception {
        hosts = new ContainerHosts(prefix);
        server = new RunServer(0, hosts, Map.of(service, port));
    }

    /** Makes it refuse each change in words that repeat the request. */
    public void echo() {
        server.echo = true;
    }

    /** Makes it refuse validations in that way, too. */
    public void echoValidation() {
        server.echoesValidation = true;
        echo();
    }

    /** Makes it do all requests, and repeat what it was told. */
    public void tell() {
        server.wire.between = new Echo();
    }

    /** Returns the access tokens that it has given out. */
    public List<String> tokens() {
        return List.copyOf(server.tokens.issued);
    }

    /** Returns the variables that a process needs to call it. */
    public Map<String, String> variables() {
        return Map.of(
                GoogleCredential.KEY,
                server.key(),
                CloudRunClient.ENDPOINT,
                server.wire.url().toString());
    }

    @Override
    public void close() throws Exception {
        server.close();
        hosts.close();
        if (!server.wire.troubles.isEmpty()) {
            throw new AssertionError(server.wire.troubles);
        }
    }
}
