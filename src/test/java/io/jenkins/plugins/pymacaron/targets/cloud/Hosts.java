package io.jenkins.plugins.pymacaron.targets.cloud;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** The machines of a wire server: what runs a deployed image, for real or in play. */
public interface Hosts extends AutoCloseable {
    /** Runs {@code image} with the service's variables, on a loopback port of its own. Returns at once. */
    URI run(String name, String image, Map<String, String> variables) throws IOException;

    /** Returns why it will never answer, or empty. */
    String trouble(String name) throws IOException;

    /** Returns the last lines that it wrote. */
    String log(String name) throws IOException;

    void end(String name) throws IOException;

    @Override
    void close() throws IOException;
}
