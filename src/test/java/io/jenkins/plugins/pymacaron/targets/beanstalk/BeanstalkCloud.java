package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.Echo;
import io.jenkins.plugins.pymacaron.targets.cloud.Front;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The server that stands for AWS, with the deployed images as containers, for whole runs in this JVM. */
public final class BeanstalkCloud implements AutoCloseable {
    /** Whether the environment of a name is to be Red, though its container is well. */
    public volatile Predicate<String> sick = name -> false;

    private final ContainerHosts containers;
    private final BeanstalkServer server;
    private final List<Front> fronts = new ArrayList<>();

    /** @param prefix of the containers' names */
    public BeanstalkCloud(String prefix) throws IOException {
        containers = new ContainerHosts(prefix);
        server = new BeanstalkServer(0, new Sickly(), Duration.ofMillis(100));
    }

    /** Makes a port of loopback lead to the environment that owns the CNAME in that region. */
    public BeanstalkCloud live(String region, String cname, int port) throws IOException {
        BeanstalkService service = server.region(region);
        fronts.add(Front.start(port, request -> service.owner(cname).map(m -> m.host)));
        return this;
    }

    /** Makes it refuse each creation in words that repeat the request, as Beanstalk does with option values. */
    public void echo() {
        server.echo = true;
    }

    /** Makes it do all requests, and repeat what it was told. */
    public void tell() {
        server.wire.between = new Echo();
    }

    /** Returns the variables that a process needs to call it. */
    public Map<String, String> variables() {
        return Map.of(
                "AWS_ENDPOINT_URL",
                server.url().toString(),
                "AWS_ACCESS_KEY_ID",
                BeanstalkServer.KEY,
                "AWS_SECRET_ACCESS_KEY",
                "very secret of AWS");
    }

    /** Makes its credentials belong to that account. */
    public BeanstalkCloud account(String id) {
        server.account = id;
        return this;
    }

    /** Makes ECR hand out that login, {@code user:password}. */
    public BeanstalkCloud ecr(String login) {
        server.ecr = login;
        return this;
    }

    /** Returns the regions that ECR was asked in for a login. */
    public List<String> loginsAskedIn() {
        return server.wire.requests.stream()
                .filter(r -> r.headers().getOrDefault("x-amz-target", "").endsWith(".GetAuthorizationToken"))
                .map(r -> r.headers().get("authorization").split("/")[2])
                .toList();
    }

    /**
     * Returns the environments of a region that exist and do not end: the first part of the CNAME of each, the oldest
     * first.
     */
    public List<String> cnames(String region) {
        return machines(region)
                .map(m -> m.cname.substring(0, m.cname.indexOf('.')))
                .toList();
    }

    /** Returns the same as {@link #cnames}, by their names. */
    public List<String> names(String region) {
        return machines(region).map(m -> m.name).toList();
    }

    /** The files in the bundle of what an environment runs, by their names. */
    public Map<String, String> bundle(String region, String environment) {
        BeanstalkService service = server.region(region);
        Machine machine = machines(region)
                .filter(m -> m.name.equals(environment))
                .findFirst()
                .orElseThrow();
        return service.versions.entrySet().stream()
                .filter(version -> version.getKey().endsWith(" " + machine.label))
                .map(version -> (Map<?, ?>) version.getValue().get("SourceBundle"))
                .map(at -> service.buckets
                        .get(String.valueOf(at.get("S3Bucket")), String.valueOf(at.get("S3Key")))
                        .orElseThrow())
                .map(bytes -> SourceBundle.of(bytes).files())
                .findFirst()
                .orElseThrow();
    }

    /** Makes all environments of a region, with what happened to them, that much older. */
    public void age(String region, Duration by) {
        machines(region).forEach(machine -> {
            machine.created = machine.created.minus(by);
            machine.updated = machine.updated.minus(by);
        });
    }

    private Stream<Machine> machines(String region) {
        return server.region(region).machines.values().stream().filter(m -> !m.status.startsWith("Terminat"));
    }

    /** Returns the tags of an application, the leases among them. */
    public Map<String, String> tags(String region, String application) {
        return server.region(region).applications.getOrDefault(application, Map.of());
    }

    /** Returns the names of the actions of Elastic Beanstalk that it was asked for, in order. */
    public List<String> actions() {
        return server.wire.requests.stream()
                .map(Request::form)
                .map(form -> form.getOrDefault("Action", ""))
                .filter(action -> !action.isEmpty())
                .toList();
    }

    @Override
    public void close() throws IOException {
        fronts.forEach(Front::close);
        server.close();
        containers.close();
        if (!server.wire.troubles.isEmpty()) {
            throw new AssertionError(server.wire.troubles);
        }
    }

    /** Containers, but for their health. */
    private final class Sickly implements Hosts {
        @Override
        public URI run(String name, String image, Map<String, String> variables) throws IOException {
            return containers.run(name, image, variables);
        }

        @Override
        public String trouble(String name) throws IOException {
            return sick.test(name) ? "is sick" : containers.trouble(name);
        }

        @Override
        public String log(String name) throws IOException {
            return containers.log(name);
        }

        @Override
        public void end(String name) throws IOException {
            containers.end(name);
        }

        @Override
        public void close() throws IOException {
            containers.close();
        }
    }
}
