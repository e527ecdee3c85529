package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.Echo;
import io.jenkins.plugins.pymacaron.targets.cloud.Front;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import io.jenkins.plugins.pymacaron.targets.cloud.StopAtChange;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

    /** Puts that between the server and its callers. */
    public void between(WireServer.Between between) {
        server.wire.between = between;
    }

    /** Returns a name for the change that a request asks for; "" if it reads. */
    public static String change(Request request) {
        if (!request.path().equals("/")) {
            return request.method().equals("PUT") ? "PUT " + request.path() : "";
        }
        Map<String, String> form = request.form();
        String action = form.getOrDefault("Action", "");
        if (action.isEmpty() || action.matches("(Describe|List|Check|Get|Assume).*")) {
            return "";
        }
        String tag = form.getOrDefault("TagsToAdd.member.1.Key", "");
        if (tag.startsWith(BeanstalkMetadata.LEASE)) {
            return StopAtChange.LEASE + tag;
        }
        return Stream.of("TagsToRemove.member.1", "EnvironmentName", "EnvironmentId", "VersionLabel")
                .map(form::get)
                .filter(Objects::nonNull)
                .findFirst()
                .map(name -> action + " " + name)
                .orElse(action);
    }

    /** Returns the names of all that is there in a region. */
    public Set<String> things(String region) {
        synchronized (server) {
            BeanstalkService service = server.region(region);
            return Stream.of(
                            machines(region).map(m -> "environment " + m.name),
                            service.versions.keySet().stream().map(v -> "version " + v),
                            service.buckets.keys().keySet().stream().map(k -> "object " + k))
                    .flatMap(all -> all)
                    .collect(Collectors.toSet());
        }
    }

    /**
     * Returns all that is there in a region, sorted, without the names that differ from version to version. The number of
     * versions is left out: one is deleted only after the environment that ran it has ended.
     */
    public List<String> state(String region, String liveCname) {
        synchronized (server) {
            BeanstalkService service = server.region(region);
            Set<String> bundles = service.versions.values().stream()
                    .map(version -> (Map<?, ?>) version.get("SourceBundle"))
                    .map(at -> at.get("S3Bucket") + "/" + at.get("S3Key"))
                    .collect(Collectors.toSet());
            return Stream.of(
                            machines(region)
                                    .map(m -> "environment "
                                            + (m.cname.startsWith(liveCname + ".") ? "live" : "not live") + " "
                                            + m.tags.keySet()),
                            service.buckets.keys().keySet().stream()
                                    .filter(object -> !bundles.contains(object))
                                    .map(object -> "object of no version"),
                            service.applications.entrySet().stream()
                                    .map(a -> "application " + a.getKey() + " "
                                            + a.getValue().keySet()))
                    .flatMap(all -> all)
                    .sorted()
                    .toList();
        }
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
