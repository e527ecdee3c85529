package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rights in docs/policies/cloud-run.yaml are enough, and each of them is needed and named where it is missing. */
@Timeout(20 * 60)
class CloudRunPolicyTest {
    private static final Path ROLE = Path.of("docs", "policies", "cloud-run.yaml");
    private static final String ACT_AS = "iam.serviceAccounts.actAs";
    /** Without it a deployment goes on; a late refusal has a worse reason then. */
    private static final String REASONS = "run.operations.get";

    @TempDir
    private Path directory;

    private RunRig rig;

    @BeforeEach
    void begin() throws Exception {
        rig = new RunRig(directory);
    }

    @AfterEach
    void end() {
        assertThat(rig.server.wire.troubles).isEmpty();
        rig.close();
    }

    private static Set<String> role() throws IOException {
        Set<String> permissions = new TreeSet<>(Set.of(ACT_AS));
        Files.readAllLines(ROLE).stream()
                .filter(line -> line.startsWith("- "))
                .map(line -> line.substring(2))
                .forEach(permissions::add);
        return permissions;
    }

    static Stream<String> permissions() throws IOException {
        return role().stream().filter(name -> !name.equals(REASONS));
    }

    @Test
    void aDeploymentNeedsNoMore() throws Exception {
        rig.server.granted.addAll(role());
        List<String> told = story();

        assertThat(told).isEmpty();
        assertThat(rig.log).noneMatch(line -> line.contains("denied"));
    }

    @ParameterizedTest
    @MethodSource("permissions")
    void eachThatIsMissingIsNamed(String permission) throws Exception {
        rig.server.granted.addAll(role());
        rig.server.granted.remove(permission);

        List<String> told = story();

        assertThat(told).isNotEmpty().allSatisfy(line -> assertThat(line).hasLineCount(1));
        assertThat(told.get(0)).contains(permission);
    }

    /** Preflight, a first deployment that fails, a good one, another, and back; what went wrong first. */
    private List<String> story() throws Exception {
        List<String> told = new ArrayList<>();
        CloudRunTarget target = rig.target(Slot.LIVE);
        if (wrong(told, target) || failed(told, rig.run(target, target.prepare(RunRig.candidate("bad"))), true)) {
            return told;
        }
        if (failed(told, rig.run(target, target.prepare(RunRig.candidate("1"))), false) || wrong(told, target)) {
            return told;
        }
        try {
            Deployed first = target.current().orElseThrow();
            Deployed second = rig.done(target, target.prepare(RunRig.candidate("2")));
            Deployed active = rig.done(target, target.activate(RunRig.candidate("2"), second, Optional.of(first)));
            rig.log.clear();
            target.log(active, 10);
            rig.log.stream().filter(line -> line.contains("denied")).forEach(told::add);
            rig.done(target, target.rollBack(active, first));
            rig.run(target, target.retire(first, 1));
        } catch (TargetException e) {
            told.add(e.getMessage());
        }
        return told;
    }

    private static boolean wrong(List<String> told, CloudRunTarget target) throws InterruptedException {
        target.preflight().stream().map(Problem::message).forEach(told::add);
        return !told.isEmpty();
    }

    private static boolean failed(List<String> told, Outcome outcome, boolean expected) {
        if (outcome instanceof Outcome.Failed failed) {
            failed.left().forEach(left -> told.add(left.toString()));
            if (!expected || failed.reason().contains("denied")) {
                told.add(0, failed.reason());
            }
        }
        return !told.isEmpty();
    }
}
