package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Two or three configurations of one service name share an engine, and deploy in turns: no step of one touches a
 * container that answers at an address of another.
 */
class NeighboursTest {
    private static final Docker NONE = new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.empty());

    /** A configuration file, or a checkout of it, with its own addresses. */
    private static final class Team {
        final String file;
        final Engine engine;
        final Random random;
        int live;
        int second;
        int staging;
        int made;
        /** The next port that this team has not used. */
        int next;

        Team(String file, int base, Engine engine, Random random) {
            this.file = file;
            this.engine = engine;
            this.random = random;
            live = base;
            second = random.nextInt(3) == 0 ? base + 1 : 0;
            staging = random.nextInt(3) == 0 ? 0 : base + 2;
            next = base + 3;
        }

        Set<Integer> addresses() {
            Set<Integer> all = new HashSet<>(List.of(live, second, staging));
            all.remove(0);
            return all;
        }

        private ProjectConfig config() throws Exception {
            String text = "name: hello\ndocker_repo: demo\ndeploy_target: docker\n"
                    + (random.nextInt(4) == 0 ? "retention: {removed: keep, deployments: 2}\n" : "")
                    + "live:\n  - live_url: http://127.0.0.1:" + live + "\n"
                    + (second == 0 ? "" : "  - live_url: http://127.0.0.1:" + second + "\n")
                    + (staging == 0 ? "" : "staging:\n  live_url: http://127.0.0.1:" + staging + "\n");
            return ConfigReader.read(file, text.getBytes(StandardCharsets.UTF_8), Overrides.NONE);
        }

        private DockerTarget target(Slot slot, int index, ProjectConfig config) {
            List<PymConfig> beside = slot == Slot.LIVE ? config.live() : List.of(config.staging());
            EngineFacts facts =
                    new EngineFacts("28.0", "1.48", "28.0", "linux", engine.published, "127.0.0.1", "amd64");
            Environment environment = new Environment(
                    slot, index, beside.get(index), Map.of("PYM_ENV", "x"), beside, Map.of("engine", "engine"));
            return new DockerTarget(environment, NONE, facts, engine::labelled, new Marks());
        }

        private Candidate candidate() {
            String version = "v" + made;
            // The configuration, addresses included, is part of a deployment's id.
            return new Candidate(version + "-" + Math.abs(hash()), "image", version, "sha256:" + made, "c");
        }

        private int hash() {
            return (file + live + " " + second + " " + staging).hashCode() % 1_000_000;
        }

        private Deployed run(DockerTarget target, Change change) {
            return Deployed.fromMap(engine.run(target, change)).orElse(null);
        }

        /** Runs one step of a deployment. */
        void step() throws Exception {
            ProjectConfig config = config();
            DockerTarget stage = target(Slot.STAGING, 0, config);
            switch (random.nextInt(6)) {
                case 0 -> move();
                case 1 -> {
                    Optional<Deployed> before = stage.current();
                    made++;
                    Deployed staged = run(stage, stage.prepare(candidate()));
                    if (random.nextInt(3) > 0) {
                        run(stage, stage.retire(staged, 0));
                    } else if (before.isPresent()) {
                        run(stage, stage.rollBack(staged, before.get()));
                        run(stage, stage.withdraw(staged));
                    } else {
                        run(stage, stage.withdraw(staged));
                    }
                }
                case 2 -> {
                    for (Slot slot : Slot.values()) {
                        DockerTarget target = target(slot, 0, config);
                        Optional<Change> end = target.endRemoved(1);
                        if (end.isPresent()) {
                            engine.run(target, end.get());
                        }
                    }
                }
                default -> {
                    made++;
                    for (int i = 0; i < config.live().size(); i++) {
                        promote(target(Slot.LIVE, i, config));
                    }
                }
            }
        }

        private void promote(DockerTarget target) throws Exception {
            Optional<Deployed> before = target.current();
            Deployed rehearsed = run(target, target.prepare(candidate()));
            Deployed active = run(target, target.activate(candidate(), rehearsed, before));
            run(target, target.withdraw(rehearsed));
            switch (random.nextInt(3)) {
                case 0 -> run(target, target.retire(active, random.nextInt(3)));
                case 1 -> {
                    List<Deployed> earlier = target.earlier();
                    if (!earlier.isEmpty()) {
                        run(target, target.rollBack(active, earlier.get(0)));
                    }
                    run(target, target.withdraw(active));
                }
                default -> {
                    // cut off here
                }
            }
        }

        /** Changes its configuration. */
        private void move() {
            switch (random.nextInt(4)) {
                case 0 -> live = next++;
                case 1 -> second = second == 0 ? next++ : 0;
                case 2 -> {
                    live = second == 0 ? live : second;
                    second = 0;
                }
                default -> staging = staging == 0 ? next++ : 0;
            }
        }
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.BOUNDED)
    void noStepOfOneTouchesWhatAnswersAtAnAddressOfAnother(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Engine engine = new Engine(random.nextBoolean());
        List<Team> teams = new ArrayList<>();
        for (String file : List.of("pym-config.yaml", "pym-config.qa.yaml", "pym-config.b.yaml")
                .subList(0, 2 + random.nextInt(2))) {
            teams.add(new Team(file, 20_000 + 1_000 * teams.size(), engine, random));
        }
        if (random.nextBoolean()) {
            engine.ofEarlierVersion("docker/hello/live", teams.get(0).live);
            engine.ofEarlierVersion("docker/hello/staging", 30_000);
        }
        for (int i = 0; i < 25; i++) {
            Team team = teams.get(random.nextInt(teams.size()));
            Set<Integer> foreign = new HashSet<>();
            teams.stream().filter(other -> other != team).forEach(other -> foreign.addAll(other.addresses()));
            engine.guarded = foreign;

            team.step();

            assertThat(engine.broken)
                    .as("seed %d, step %d of %s", seed, i, team.file)
                    .isEmpty();
        }
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void aDeploymentNeverTouchesWhatAnswersAtAnAddressThatItsConfigurationDoesNotName(@ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        Engine engine = new Engine(random.nextBoolean());
        // Two checkouts of one file.
        Team one = new Team("pym-config.yaml", 20_000, engine, random);
        Team other = new Team("pym-config.yaml", 21_000, engine, random);
        one.staging = 20_002;
        other.staging = 21_002;
        for (int i = 0; i < 10; i++) {
            Team team = random.nextBoolean() ? one : other;
            engine.guarded = (team == one ? other : one).addresses();
            team.made++;
            ProjectConfig config = team.config();
            DockerTarget stage = team.target(Slot.STAGING, 0, config);
            team.run(stage, stage.retire(team.run(stage, stage.prepare(team.candidate())), 0));
            for (int region = 0; region < config.live().size(); region++) {
                team.promote(team.target(Slot.LIVE, region, config));
            }
            assertThat(engine.broken).as("seed %d, step %d", seed, i).isEmpty();
        }
    }
}
