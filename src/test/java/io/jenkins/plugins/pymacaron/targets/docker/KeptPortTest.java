package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A container keeps the port that it was made with. If the port was only chosen, it may be another program's by the
 * time the same deployment comes again, so a container that does not run is not used again there.
 */
class KeptPortTest {
    private static final Docker NONE = new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.empty());
    private static final Candidate CANDIDATE = new Candidate("v1-00000000", "image", "v1", "sha256:1", "c");

    private static DockerTarget target(Slot slot, Engine engine) throws Exception {
        String text = "name: hello\ndocker_repo: demo\ndeploy_target: docker\nlive_url: http://127.0.0.1:20000\n";
        ProjectConfig config =
                ConfigReader.read("pym-config.yaml", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE);
        PymConfig own = slot == Slot.LIVE ? config.live().get(0) : config.staging();
        EngineFacts facts = new EngineFacts("28.0", "1.48", "28.0", "linux", engine.published, "127.0.0.1", "amd64");
        return new DockerTarget(
                new Environment(slot, 0, own, Map.of(), List.of(own), Map.of("engine", "engine")),
                NONE,
                facts,
                engine::labelled,
                new Marks());
    }

    /** The remains of an earlier prepare of the same deployment. */
    enum Left {
        CREATED("created"),
        STOPPED("exited"),
        COMES_UP_AGAIN_AND_AGAIN("restarting");

        private final String status;

        Left(String status) {
            this.status = status;
        }
    }

    @Property(tries = 40)
    void aCandidateListensAtItsPort(@ForAll Slot slot, @ForAll Left left, @ForAll boolean published) throws Exception {
        Engine engine = new Engine(published);
        DockerTarget target = target(slot, engine);
        Deployed first =
                Deployed.fromMap(engine.run(target, target.prepare(CANDIDATE))).orElseThrow();
        engine.become(first.revision(), left.status);

        Deployed again =
                Deployed.fromMap(engine.run(target, target.prepare(CANDIDATE))).orElseThrow();

        ContainerFacts made = engine.containers.get(again.revision());
        assertThat(made.running()).isTrue();
        assertThat(made.label(DockerMetadata.URL)).isEqualTo(again.url());
        assertThat(again.url()).as("a port of its own").isNotEqualTo(first.url());
        if (slot == Slot.STAGING) {
            engine.run(target, target.retire(again, 0));
            assertThat(engine.containers).containsOnlyKeys(again.revision());
        }
    }

    @Property(tries = 4)
    void aRunningContainerIsLeftAsItIs(@ForAll boolean published) throws Exception {
        Engine engine = new Engine(published);
        DockerTarget target = target(Slot.STAGING, engine);
        Deployed first =
                Deployed.fromMap(engine.run(target, target.prepare(CANDIDATE))).orElseThrow();

        Deployed again =
                Deployed.fromMap(engine.run(target, target.prepare(CANDIDATE))).orElseThrow();

        assertThat(again.revision()).isEqualTo(first.revision());
        assertThat(again.url()).isEqualTo(first.url());
    }
}
