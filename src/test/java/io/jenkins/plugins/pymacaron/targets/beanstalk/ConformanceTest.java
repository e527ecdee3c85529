package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.AnswerShape;
import io.jenkins.plugins.pymacaron.targets.cloud.RecordedCalls;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our calls against the published model, and our server's answers against that and against answers of the real service: the
 * published examples, and with {@code -Dpym.replay=FILE} those that {@code pymdeploy --record} has written.
 */
@Timeout(20 * 60)
class ConformanceTest {
    private static final Path EXAMPLES = Path.of(
            "src/test/resources/io/jenkins/plugins/pymacaron/targets/beanstalk/elasticbeanstalk-examples.jsonl");

    /** Fields of an example that this project does not read: worker queues, database, kinds of platform, metrics. */
    private static final Set<String> UNREAD = Set.of(
            "SolutionStackDetails",
            "ApplicationMetrics",
            "InstanceHealthList.ApplicationMetrics",
            "InstanceHealthList.System",
            "EnvironmentResources.LaunchConfigurations",
            "EnvironmentResources.Queues",
            "EnvironmentResources.Triggers",
            "Options.DefaultValue",
            "Options.MinValue",
            "Options.MaxValue",
            "ConfigurationSettings.Description");

    private static Map<String, AnswerShape> answers;
    private static List<Request> requests;

    @BeforeAll
    static void everythingIsCalledOnce(@TempDir Path files) throws Exception {
        Path record = files.resolve("calls.jsonl");
        try (Rig rig = new Rig(Files.createDirectory(files.resolve("journals")))) {
            rig.record = Optional.of(record);
            String more = "retention: {images: 1}\naws_options: {'aws:elbv2:loadbalancer': {IdleTimeout: 120}}\n";
            // The causes are asked for while it is Red.
            rig.server.service.ill = machine -> rig.calls("DescribeInstancesHealth") == 0;
            Deployed first = rig.deploy("1", more);
            rig.deploy("22", more);
            BeanstalkTarget live = rig.target(Slot.LIVE, more);
            live.preflight();
            live.earlier();
            live.log(first, 10);
            var leases = live.leases().orElseThrow();
            var lease = io.jenkins.plugins.pymacaron.targets.Lease.parse("me 2030-01-01T00:00:00Z");
            leases.write(Optional.empty(), lease);
            leases.write(lease, Optional.empty());
            rig.server.service.stuck = true;
            BeanstalkTarget own = rig.target(Slot.STAGING, "timeouts: {staging: 35s}\n# docker_bucket:\n");
            rig.drive.run(own, own.prepare(Rig.candidate("4444")));
            rig.server.service.stuck = false;
            Deployed third = rig.deploy("333", more);
            rig.drive.run(live, live.retire(third, 1));
            requests = List.copyOf(rig.server.wire.requests);
        }
        answers = new TreeMap<>();
        RecordedCalls.read(record).forEach((operation, shape) -> {
            if (operation.startsWith("ElasticBeanstalk ")) {
                answers.put(operation.substring("ElasticBeanstalk ".length()), shape);
            }
        });
    }

    @AfterAll
    static void forget() {
        answers = null;
        requests = null;
    }

    @Test
    void theModelKnowsOurCalls() throws Exception {
        ServiceModel model = new ServiceModel();
        Set<String> asked = new TreeSet<>();
        Set<String> problems = new TreeSet<>();
        for (Request request : requests) {
            Map<String, String> form = request.form();
            if ("2010-12-01".equals(form.get("Version"))) {
                asked.add(form.get("Action"));
                problems.addAll(model.problems(form));
            }
        }
        assertThat(problems).isEmpty();
        assertThat(asked).as("every operation of the model is called").isEqualTo(model.operationNames());
    }

    @Test
    void theModelKnowsOurServersAnswers() throws Exception {
        ServiceModel model = new ServiceModel();
        Set<String> problems = new TreeSet<>();
        answers.forEach((action, shape) -> problems.addAll(model.problems(action, shape)));
        assertThat(problems).isEmpty();
    }

    @Test
    void ourServerAnswersAsThePublishedExamples() throws Exception {
        assertThat(differences(EXAMPLES)).isEmpty();
    }

    /** A file of calls of the real service. */
    @Test
    void ourServerAnswersAsARecordedRun() throws Exception {
        String file = System.getProperty("pym.replay", "");
        assumeTrue(!file.isEmpty(), "no recording: -Dpym.replay=FILE");
        assertThat(differences(Path.of(file))).isEmpty();
    }

    private static Set<String> differences(Path recorded) throws Exception {
        Set<String> differences = new TreeSet<>();
        Map<String, AnswerShape> real = RecordedCalls.read(recorded);
        assertThat(real).isNotEmpty();
        real.forEach((operation, shape) -> {
            String action = operation.replaceFirst("^ElasticBeanstalk ", "");
            AnswerShape ours = answers.get(action);
            if (ours != null) {
                ours.lacking(shape).stream()
                        .filter(difference -> UNREAD.stream()
                                .noneMatch(u -> difference.startsWith(u + " ") || difference.startsWith(u + ".")))
                        .forEach(difference -> differences.add(action + ": " + difference));
            }
        });
        return differences;
    }
}
