package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.operation.CrashStory;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.VirtualTime;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkModel.Env;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkModel.Nature;
import io.jenkins.plugins.pymacaron.targets.cloud.Faults;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Runs a deployment, its promotion, its rollback and its retirement in thousands of worlds, with the real driver:
 * processes that die at any point, stops, lost requests and answers, and a late cloud.
 */
class ScheduleTest {
    private static final String OLD = "hello-old";
    private static final String NEW = "hello-new";
    private static final String REGION = BeanstalkModel.CNAME.substring(BeanstalkModel.CNAME.indexOf('.'));

    private static Deployed deployed(String name) {
        return new Deployed(
                "beanstalk/hello/live",
                "deployment-" + name,
                "v2",
                "sha256:2",
                "c",
                "https://hello.example.com",
                name,
                VirtualTime.BEGIN);
    }

    private static BeanstalkPrepareParameters candidacy(boolean first, boolean keepFailed) {
        Map<String, String> version =
                Map.of("application", "hello", "label", "v2-1", "bucket", "b", "key", "k", "image", "i");
        Map<String, String> creation =
                Map.of("name", NEW, "label", "v2-1", "prefix", first ? "hello-live" : NEW, "application", "hello");
        return new BeanstalkPrepareParameters(
                deployed(NEW),
                version,
                creation,
                first,
                true,
                true,
                BeanstalkModel.CNAME,
                "hello",
                "http",
                keepFailed,
                Duration.ofMinutes(29),
                Duration.ofMinutes(3),
                "");
    }

    private static BeanstalkActivateParameters swapping(String to, String from, Optional<String> expected) {
        return new BeanstalkActivateParameters(
                deployed(to), from, BeanstalkModel.CNAME, expected, Duration.ofMinutes(3));
    }

    /** The parts of a story. */
    private static final class World {
        final VirtualTime time;
        final Random random;
        final BeanstalkModel model;
        final long seed;
        final double faults;

        World(long seed, Nature nature) {
            this.seed = seed;
            time = new VirtualTime(seed);
            random = new Random(seed);
            model = new BeanstalkModel(time, seed, nature, "v2");
            faults = random.nextInt(3) == 0 ? 0.3 : 0.05;
        }

        Outcome tell(Operation operation, Map<String, String> params) throws IOException {
            Set<Integer> crashes = new HashSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                crashes.add(random.nextInt(60));
            }
            Faults way = new Faults(model, model, random.nextLong(), faults);
            if (random.nextBoolean()) {
                way.slow(time);
            }
            return new CrashStory(time, random.nextLong(), operation, params, way, way)
                    .crashAt(crashes)
                    .stopAt(random.nextInt(4) == 0 ? random.nextInt(60) : -1)
                    .suspendAt(random.nextInt(4) == 0 ? random.nextInt(60) : -1)
                    .tell();
        }
    }

    private static List<String> left(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return failed.left();
        }
        return outcome instanceof Outcome.Stopped stopped ? stopped.left() : List.of();
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void liveIsAlwaysSomethingThatWasProvenAndNothingIsMadeTwice(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Nature nature = random.nextInt(3) > 0 ? Nature.GOOD : Nature.values()[random.nextInt(Nature.values().length)];
        boolean keepFailed = random.nextInt(5) == 0;
        World world = new World(seed, nature);
        BeanstalkModel model = world.model;
        model.add(OLD, BeanstalkModel.CNAME);

        Outcome prepared = world.tell(
                new BeanstalkPrepareOperation(), candidacy(false, keepFailed).toParams());

        assertThat(model.owner().map(e -> e.name)).contains(OLD);
        assertThat(model.created.getOrDefault(NEW, 0)).isLessThanOrEqualTo(1);
        if (!(prepared instanceof Outcome.Done)) {
            Env env = model.envs.get(NEW);
            boolean stays = env != null && !env.terminated;
            if (left(prepared).isEmpty() && !keepFailed) {
                assertThat(stays).as(prepared.toString()).isFalse();
            }
            return;
        }
        assertThat(nature).isIn(Nature.GOOD, Nature.WRONG_WHEN_LIVE);
        assertThat(((Outcome.Done) prepared).result()).containsEntry("url", "http://" + NEW + ".elb");

        Outcome swapped = world.tell(
                new BeanstalkActivateOperation(),
                swapping(NEW, OLD, Optional.of("deployment-" + OLD)).toParams());

        assertThat(model.envs.get(OLD).terminated).isFalse();
        if (swapped instanceof Outcome.Done) {
            assertThat(nature).isEqualTo(Nature.GOOD);
            assertThat(model.owners.toString()).endsWith(" " + NEW).doesNotContain(NEW + " " + OLD);
            retire(world, List.of(OLD));
        } else if (left(swapped).isEmpty()) {
            assertThat(model.owner().map(e -> e.name)).as(swapped.toString()).contains(OLD);
            assertThat(model.serves(OLD)).as("not on its way only: " + swapped).isTrue();
            retire(world, List.of(NEW));
        }
        assertThat(model.owner()).as("live").isPresent();
    }

    /** No request makes it remove live. */
    private static void retire(World world, List<String> names) throws IOException {
        String live = world.model.owner().orElseThrow().name;
        List<String> all = new java.util.ArrayList<>(names);
        all.add(live);
        Outcome retired = world.tell(
                new BeanstalkDeleteOperation(),
                BeanstalkDeleteOperation.params(all, List.of("v2-1"), "hello", "hello", BeanstalkModel.CNAME, false));
        assertThat(retired).isNotInstanceOf(Outcome.Done.class);
        assertThat(world.model.owner().map(e -> e.name)).contains(live);
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void theRollbackEndsWithTheGoodOne(@ForAll long seed) throws IOException {
        World world = new World(seed, Nature.GOOD);
        world.model.add(NEW, BeanstalkModel.CNAME);
        world.model.add(OLD, NEW + REGION);

        Outcome back = world.tell(
                new BeanstalkActivateOperation(),
                swapping(OLD, NEW, Optional.empty()).toParams());

        if (back instanceof Outcome.Done) {
            assertThat(world.model.owner().map(e -> e.name)).contains(OLD);
        } else if (left(back).isEmpty()) {
            assertThat(world.model.owner().map(e -> e.name)).contains(NEW);
        }
    }

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void aFirstDeploymentIsMadeWithTheLiveNameAndGoesWithIt(@ForAll long seed) throws IOException {
        World world = new World(seed, seed % 3 == 0 ? Nature.RED : Nature.GOOD);

        Outcome prepared = world.tell(
                new BeanstalkPrepareOperation(), candidacy(true, false).toParams());

        if (prepared instanceof Outcome.Done) {
            assertThat(world.model.owner().map(e -> e.name)).contains(NEW);
            Outcome withdrawn = world.tell(
                    new BeanstalkDeleteOperation(),
                    BeanstalkDeleteOperation.params(
                            List.of(NEW), List.of("v2-1"), "hello", "hello", BeanstalkModel.CNAME, true));
            if (withdrawn instanceof Outcome.Done) {
                assertThat(world.model.owner()).as("nothing is to replace it").isEmpty();
                assertThat(world.model.versions).isEmpty();
            }
        } else if (left(prepared).isEmpty()) {
            assertThat(world.model.owner()).isEmpty();
        }
    }

    /** The create call is carried out, its answer is lost, and the environment is shown late: the next call is refused. */
    @Example
    void anEnvironmentThatAppearsAfterARefusalIsNotLeftBehind() throws IOException {
        aFirstDeploymentIsMadeWithTheLiveNameAndGoesWithIt(-2_192_012_886L);
    }

    @Example
    void nothingIsDoneIfAnotherOwnerWasFaster() throws IOException {
        World world = new World(3, Nature.GOOD);
        world.model.add("somebody-elses", BeanstalkModel.CNAME);
        world.model.add(OLD, OLD + REGION);
        world.model.add(NEW, NEW + REGION);

        VirtualTime time = world.time;
        Outcome swapped = new CrashStory(
                        time,
                        1,
                        new BeanstalkActivateOperation(),
                        swapping(NEW, OLD, Optional.of("deployment-" + OLD)).toParams(),
                        world.model,
                        world.model)
                .tell();

        assertThat(swapped).isInstanceOf(Outcome.Failed.class);
        assertThat(((Outcome.Failed) swapped).reason())
                .contains("superseded: deployment-somebody-elses serves in beanstalk/hello/live by now");
        assertThat(world.model.owner().map(e -> e.name)).contains("somebody-elses");
    }

    @Example
    void parametersSurviveTheJournal() {
        BeanstalkPrepareParameters c = candidacy(true, true);
        BeanstalkActivateParameters s = swapping(NEW, OLD, Optional.of("x"));

        assertThat(BeanstalkPrepareParameters.read(c.toParams())).isEqualTo(c);
        assertThat(BeanstalkActivateParameters.read(s.toParams())).isEqualTo(s);
    }
}
