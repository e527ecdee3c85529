package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The policy of docs/policies is enough for everything that is done, and none of its actions can be left out: without it a
 * line names it.
 */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class PolicyTest {
    private static final Path DOCUMENTS = Path.of("docs", "policies");
    private static final Path BEANSTALK = DOCUMENTS.resolve("beanstalk.json");
    private static final Path ECR = DOCUMENTS.resolve("ecr.json");
    private static final Pattern ACTION = Pattern.compile("\\b[a-z0-9]+:[A-Z]\\w+");

    /** IAM User Guide, "IAM and AWS STS quotas": the characters of a managed policy, without white space. */
    private static final int LONGEST = 6144;

    /** Returns whether only the registry itself asks for it, when an image is pushed. */
    private static boolean isOfPushing(String action) {
        return action.startsWith("ecr:") && !action.equals("ecr:GetAuthorizationToken");
    }

    static Stream<String> actions() throws Exception {
        return AwsPolicy.of(BEANSTALK, ECR).actions().stream()
                .filter(action -> !isOfPushing(action))
                .filter(action -> Boolean.getBoolean("pym.full") || action.hashCode() % 8 == 0);
    }

    @TempDir
    private Path journals;

    private final List<String> said = new ArrayList<>();
    private Rig rig;

    @Test
    void thePolicyIsEnoughAndFitsIntoOne() throws Exception {
        assertThat(Files.readString(BEANSTALK).replaceAll("\\s", "").length()).isLessThan(LONGEST);
        try (Rig open = new Rig(journals, Duration.ofMillis(20))) {
            rig = open;
            rig.server.access.policy = AwsPolicy.of(BEANSTALK, ECR);

            assertThat(story(line -> false)).isFalse();

            assertThat(rig.target(Slot.LIVE, "").current())
                    .map(Deployed::version)
                    .contains("v333");
            assertThat(said).noneMatch(line -> line.contains("not authorized") || line.contains("lacks"));
        }
    }

    /** It runs all of them with {@code -Dpym.full=true}, else some. */
    @ParameterizedTest
    @MethodSource("actions")
    void withoutAnyOfItsActionsALineNamesIt(String action) throws Exception {
        try (Rig open = new Rig(journals, Duration.ofMillis(20))) {
            rig = open;
            rig.server.access.policy = AwsPolicy.of(BEANSTALK, ECR).without(action);

            assertThat(story(line -> names(line, action)))
                    .as("%s is named in %s", action, said)
                    .isTrue();
        }
    }

    private static boolean names(String line, String action) {
        boolean denial = line.contains("not authorized") || line.contains("lacks") || line.contains("takes");
        Matcher found = ACTION.matcher(line);
        while (denial && found.find()) {
            if (AwsPolicy.covers(action, found.group())) {
                return true;
            }
        }
        return false;
    }

    private interface Wanted {
        boolean is(String line);
    }

    private interface Act {
        void play() throws Exception;
    }

    /** Everything that is ever done, until a line says what is wanted. */
    private boolean story(Wanted wanted) throws Exception {
        rig.server.service.buckets.make("mycompany-docker", "eu-west-1");
        rig.server.service.buckets.put("mycompany-docker", Bundle.AUTH_KEY, new byte[] {1});
        String base = "aws_options: {'aws:elbv2:loadbalancer': {IdleTimeout: 120}}\naws_log_streaming: true\n"
                + "aws_red_for: 0.2\nretention: {images: 1}\n";
        String more = "docker_bucket: mycompany-docker\n" + base;
        Deployed[] made = new Deployed[3];
        List<Act> acts = List.of(
                () -> preflight(more),
                () -> made[0] = deploy("1", more),
                () -> preflight(more),
                () -> made[1] = deploy("22", more),
                () -> said.add(rig.target(Slot.LIVE, more).earlier().toString()),
                () -> candidate("4444", "# docker_bucket:\n" + base),
                () -> EcrLogin.of(
                        rig.config("registry: 123456789012.dkr.ecr.eu-west-1.amazonaws.com\n"),
                        rig.surroundings(BeanstalkServer.KEY)),
                () -> {
                    rig.server.service.redAfterLaunch = Duration.ofDays(1);
                    candidate("55555", more);
                    rig.server.service.redAfterLaunch = Duration.ZERO;
                },
                () -> {
                    rig.server.service.stuck = true;
                    candidate("666666", more + "timeouts: {staging: 30.5}\n");
                    rig.server.service.stuck = false;
                },
                () -> made[2] = deploy("333", more),
                () -> {
                    BeanstalkTarget live = rig.target(Slot.LIVE, more);
                    run(live, live.retire(made[2], 1));
                    rig.server.service.live();
                },
                () -> lease(more),
                () -> preflight(more));
        for (Act act : acts) {
            try {
                act.play();
            } catch (TargetException e) {
                said.add(e.getMessage());
            }
            said.addAll(rig.log);
            if (said.stream().anyMatch(wanted::is)) {
                return true;
            }
        }
        return false;
    }

    private void preflight(String more) throws Exception {
        rig.awaitCalm();
        rig.target(Slot.LIVE, more).preflight().stream().map(Problem::message).forEach(said::add);
    }

    private boolean run(BeanstalkTarget target, Change change) throws Exception {
        Outcome outcome = rig.drive.run(target, change);
        said.add(outcome.toString());
        return outcome instanceof Outcome.Done;
    }

    private void candidate(String digest, String more) throws Exception {
        BeanstalkTarget staging = rig.target(Slot.STAGING, more);
        run(staging, staging.prepare(Rig.candidate(digest)));
    }

    private void lease(String more) throws Exception {
        var leases = rig.target(Slot.LIVE, more).leases().orElseThrow();
        var lease = io.jenkins.plugins.pymacaron.targets.Lease.parse("me 2030-01-01T00:00:00Z");
        leases.write(Optional.empty(), lease);
        leases.write(lease, Optional.empty());
    }

    private Deployed deploy(String digest, String more) throws Exception {
        BeanstalkTarget live = rig.target(Slot.LIVE, more);
        Optional<Deployed> before = live.current();
        Change prepare = live.prepare(Rig.candidate(digest));
        boolean done = run(live, prepare);
        Deployed prepared = Deployed.fromMap(BeanstalkPrepareParameters.read(prepare.params())
                        .deployed()
                        .toMap())
                .orElseThrow();
        if (done) {
            run(live, live.activate(Rig.candidate(digest), prepared, before));
        }
        return prepared;
    }
}
