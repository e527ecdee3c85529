package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.Front;
import java.io.IOException;
import java.time.Duration;

/**
 * Runs the server as a process, for {@code bin/demo beanstalk}, with containers behind the live CNAME on a port of
 * loopback.
 */
public final class BeanstalkDemo {
    private BeanstalkDemo() {}

    /** @param args port of the API, port of live, live CNAME prefix, prefix of the containers' names */
    public static void main(String[] args) throws IOException, InterruptedException {
        ContainerHosts hosts = new ContainerHosts(args[3]);
        BeanstalkServer server = new BeanstalkServer(Integer.parseInt(args[0]), hosts, Duration.ofSeconds(3));
        Front front = Front.start(
                Integer.parseInt(args[1]),
                request -> server.service.owner(args[2]).map(m -> m.host));
        System.out.println("API at " + server.url() + ", live at " + front.url());
        while (true) {
            Thread.sleep(1000);
            server.wire.troubles.forEach(System.err::println);
            server.wire.troubles.clear();
        }
    }
}
