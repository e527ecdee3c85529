package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.StopAtChange;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Between;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunCloud;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process, killed before and after each request by which it changes a cloud; then {@code --resume}, or a deployment
 * anew. In the end the cloud is as if nothing had happened, nothing was created twice, and live has answered all the time.
 * The clouds are servers of the tests, with containers behind them. {@link KillMatrix} says how to choose deaths.
 */
@Timeout(6 * 60 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class CloudKillMatrixTest {
    private static final String REGION = "eu-west-1";
    private static final String CNAME = Service.NAME + "-live";
    private static final int SAMPLE = 1;
    private static final String DEPLOY = "--no-test";

    /**
     * One of the clouds, as the matrix needs it.
     *
     * @param variables that a process needs to call it
     * @param config its part of pym-config.yaml
     * @param between puts something between it and its callers
     * @param change names the change of a request
     * @param things the names of all that it has
     * @param state all that it has, without names that differ
     * @param parts to close, in that order
     */
    private record Cloud(
            Map<String, String> variables,
            String config,
            Wire between,
            Function<Request, String> change,
            Supplier<Set<String>> things,
            Supplier<List<String>> state,
            List<AutoCloseable> parts) {}

    /** Puts something between a server and its callers. */
    private interface Wire {
        void put(Between between);
    }

    /** Starts a cloud. */
    private interface Start {
        Cloud make() throws Exception;
    }

    @TempDir
    Path temporary;

    private final int live = FreePorts.next();
    private final int staging = FreePorts.next();
    private Start start;
    private Cloud cloud;
    private Service service;
    private List<String> undisturbed;
    private int creations;
    private int contents;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : cloud.parts()) {
            part.close();
        }
    }

    @Test
    void beanstalk() throws Exception {
        runMatrix("beanstalk", () -> {
            BeanstalkCloud aws = new BeanstalkCloud(Service.NAME + "-").live(REGION, CNAME, live);
            return new Cloud(
                    aws.variables(),
                    """
                    deploy_target: beanstalk
                    aws_user: nobody
                    aws_region: eu-west-1
                    aws_keypair: pair
                    aws_instance_type: t3.small
                    aws_instance_profile: role
                    aws_red_for: 1s
                    aws_live_cname: %s
                    """.formatted(CNAME),
                    aws::between,
                    BeanstalkCloud::change,
                    () -> aws.things(REGION),
                    () -> aws.state(REGION, CNAME),
                    List.of(aws));
        });
    }

    @Test
    void cloudRun() throws Exception {
        runMatrix("cloud-run", () -> {
            RunCloud run = new RunCloud(
                    Service.NAME + "-run-", Map.of(Service.NAME + "-live", live, Service.NAME + "-staging", staging));
            return new Cloud(
                    run.variables(),
                    "deploy_target: cloud-run\ngcp_project: my-project\n",
                    run::between,
                    RunCloud::change,
                    run::things,
                    run::state,
                    List.of(run));
        });
    }

    @Test
    void kubernetes() throws Exception {
        runMatrix("gke", () -> {
            ContainerHosts pods = new ContainerHosts(Service.NAME + "-pod-");
            KubeServer kube = new KubeServer(
                    pods,
                    image -> true,
                    4000,
                    Map.of(Service.NAME + "-live-ingress", live, Service.NAME + "-staging-ingress", staging));
            return new Cloud(
                    Map.of("PYM_KUBECONFIG", Wires.kubeconfig(kube)),
                    """
                    deploy_target: gke
                    gke_ingress: true
                    gke_probe_delay: 1s
                    gke_pre_stop: 1s
                    staging:
                      live_url: http://127.0.0.1:%d
                    """.formatted(staging),
                    between -> kube.between = between,
                    Wires::change,
                    () -> Wires.things(kube),
                    () -> Wires.state(kube),
                    List.of(kube, pods));
        });
    }

    private void runMatrix(String name, Start begins) throws Exception {
        start = begins;
        List<String> calls = begin();
        KillMatrix.run(name, calls, SAMPLE, this::dieAndGoOn, () -> {
            stop();
            begin();
        });
    }

    /** Deploys twice to a cloud of its own. @return the changes that the second deployment makes */
    private List<String> begin() throws Exception {
        cloud = start.make();
        service = Service.in(Files.createTempDirectory(temporary, "begin"));
        cloud.variables().forEach(service::with);
        service.write(
                        "pym-config.yaml",
                        """
                name: %s
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                env_secrets: [%s]
                """.formatted(
                                                Service.NAME,
                                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                                RealDocker.base(),
                                                live,
                                                Service.SECRET)
                                + cloud.config())
                .commit("to a cloud");
        next();
        deploy();
        next();
        StopAtChange changes = between(0, true);
        deploy();
        undisturbed = state();
        creations = changes.created().size();
        return changes.changes();
    }

    private void deploy() {
        Service.Ended ended = service.run(DEPLOY);
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    private StopAtChange between(int number, boolean before) {
        StopAtChange stop = new StopAtChange(cloud.change(), cloud.things(), number, before);
        cloud.between().put(stop);
        return stop;
    }

    private void dieAndGoOn(KillMatrix.Death death, String what) throws Exception {
        String before = Service.answer(live);
        String next = next();
        StopAtChange stop = between(death.call(), death.when().equals("before"));
        boolean died;
        try (Asker asker = new Asker(live, false)) {
            try (Child child = service.start(DEPLOY)) {
                // Some changes depend on time, and so the last one may not come at all.
                died = child.untilOrEnd(stop::reached);
                if (died) {
                    child.kill();
                }
            } finally {
                stop.end();
            }
            KillMatrix.goOn(service, death, what, DEPLOY);
            assertThat(asker.stop()).as(what).isSubsetOf(before, next);
        }
        assertThat(Service.answer(live)).as(what).isEqualTo(next);
        awaitUndisturbed(what);
        if (died && death.resumed()) {
            assertThat(stop.created()).as(what).doesNotHaveDuplicates().hasSize(creations);
        }
        assertThat(service.checkouts()).as(what).noneMatch(Files::exists);
        Service.Ended cleanup = service.run("--cleanup");
        assertThat(cleanup.output()).as(what).contains("There is nothing to clean up");
    }

    /** Controllers of a cloud end some things later than the run. */
    private void awaitUndisturbed(String what) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!state().equals(undisturbed) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        assertThat(state()).as(what).isEqualTo(undisturbed);
    }

    private List<String> state() {
        return cloud.state().get().stream()
                .map(line -> line.replace(Service.NAME, "e2e").replaceAll("-[0-9a-f]{4,}(?=-|$)", "-*"))
                .collect(Collectors.toList());
    }

    private String next() throws Exception {
        String content = "version " + ++contents;
        service.content(content).commit(content);
        return content;
    }
}
