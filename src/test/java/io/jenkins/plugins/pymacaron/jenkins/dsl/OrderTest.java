package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jenkins.scm.api.SCMHead;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final List<String> ALL = List.of(
            "Preflight",
            "Unit tests",
            "Build image",
            "Accept image",
            "Push image",
            "Deploy staging",
            "Accept staging",
            "Promote to live",
            "Accept live");
    private static final BuildOrigin ANY_JOB = new BuildOrigin(null, false, true);
    private static final BuildOrigin PRIMARY = new BuildOrigin(new SCMHead("main"), true, true);
    private static final BuildOrigin BRANCH = new BuildOrigin(new SCMHead("feature/x"), false, true);
    private static final BuildOrigin REQUEST = new BuildOrigin(new Heads.Request("PR-1"), false, true);
    private static final BuildOrigin FORK = new BuildOrigin(new Heads.Request("PR-2"), false, false);
    private static final Surroundings FROM_SCM = new Surroundings(false, true, true, true);
    private static final Surroundings IN_NODE = new Surroundings(true, false, true, true);

    private List<String> notes;

    @Test
    void withoutParametersDoesAll() throws Exception {
        Map<String, Object> order = decide(Map.of(), ANY_JOB, FROM_SCM);
        assertThat(stages(order)).isEqualTo(ALL);
        assertThat(order).containsEntry("steps", Map.of("dir", ".")).containsEntry("preflight", "pymPlan");
        assertThat(order.get("approve")).isNull();

        assertThat(notes).isEmpty();
        assertThat(stages(decide(Map.of(), PRIMARY, FROM_SCM))).isEqualTo(ALL);
    }

    @Test
    void skipsTests() throws Exception {
        Map<String, Object> order =
                decide(Map.of("skip", List.of("unit", "container", "staging", "live")), PRIMARY, FROM_SCM);
        assertThat(stages(order))
                .containsExactly("Preflight", "Build image", "Push image", "Deploy staging", "Promote to live");
    }

    @Test
    void asksBeforeLive() throws Exception {
        Map<String, Object> order = decide(Map.of("approve", true), PRIMARY, FROM_SCM);
        assertThat(stages(order)).containsSequence("Accept staging", "Approve", "Promote to live");
        assertThat(order.get("approve")).isEqualTo(Map.of());
        assertThat(notes).isEmpty();
        decide(Map.of("approve", true), PRIMARY, IN_NODE);
        assertThat(notes)
                .containsExactly("WARNING: this build keeps an executor while it waits for approval. To free it,"
                        + " call pymacaronDeploy outside node.");
        Map<String, Object> branch = decide(Map.of("approve", true), BRANCH, FROM_SCM);
        assertThat(branch.get("approve")).as("never asked").isNull();
    }

    @Test
    void liveIsForThePrimaryBranchOrThoseNamed() throws Exception {
        assertThat(stages(decide(Map.of(), BRANCH, FROM_SCM))).endsWith("Accept staging");
        assertThat(notes)
                .containsExactly(
                        "feature/x is not the primary branch, so it is deployed to staging only. To deploy it to"
                                + " live, set live: 'feature/x'.");
        assertThat(stages(decide(Map.of("live", "feature/*"), BRANCH, FROM_SCM)))
                .isEqualTo(ALL);
        assertThat(stages(decide(Map.of("live", List.of("main", "v1")), BRANCH, FROM_SCM)))
                .endsWith("Accept staging");
        assertThat(notes).containsExactly("feature/x is deployed to staging only: live is for main, v1.");
        assertThat(stages(decide(Map.of("live", "release"), PRIMARY, FROM_SCM))).endsWith("Accept staging");
        assertThat(stages(decide(Map.of("live", "main"), ANY_JOB, FROM_SCM))).isEqualTo(ALL);
        assertThat(notes).hasSize(1).first().asString().startsWith("live has no effect");
    }

    @Test
    void changeRequestsNeverShip() throws Exception {
        Map<String, Object> order = decide(Map.of("live", "*", "secrets", Map.of("A", "a")), REQUEST, FROM_SCM);
        assertThat(stages(order)).endsWith("Accept image");
        assertThat(notes).containsExactly("PR-1 is not a branch of this repository. The build ends before the push.");
        assertThat(order.get("steps")).isEqualTo(Map.of("dir", ".", "secrets", Map.of("A", "a")));
    }

    @Test
    void forksGetNothing() throws Exception {
        Map<String, Object> order = decide(
                Map.of("live", "*", "secrets", Map.of("A", "a"), "credentials", Map.of("docker", "d")), FORK, FROM_SCM);
        assertThat(stages(order)).endsWith("Accept image");
        assertThat(order.get("steps")).isEqualTo(Map.of("dir", "."));
        assertThat(notes).hasSize(2).first().asString().contains("It gets no secrets and no credentials");
        BuildOrigin branchOfFork = new BuildOrigin(new SCMHead("main"), true, false);
        assertThat(stages(decide(Map.of(), branchOfFork, FROM_SCM))).endsWith("Accept image");
    }

    @Test
    void plansAndStops() throws Exception {
        Map<String, Object> order = decide(Map.of("plan", true, "approve", true), PRIMARY, FROM_SCM);
        assertThat(stages(order)).containsExactly("Preflight");
        assertThat(order).containsEntry("preflight", "pymPlan");
        assertThat(order.get("approve")).isNull();
    }

    @Test
    void aPromotionWithoutAnAcceptanceEndsTheDeployment() throws Exception {
        assertThat(decide(Map.of(), PRIMARY, FROM_SCM).get("promote"))
                .asString()
                .doesNotContain("last");
        assertThat(decide(Map.of("skip", List.of("live", "unit")), PRIMARY, FROM_SCM)
                        .get("stages"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .doesNotContain("Unit tests", "Accept live");
        assertThat(notes).containsExactly("Tests that are skipped (skip): unit, live.");
        assertThat(decide(Map.of("skip", "live"), PRIMARY, FROM_SCM).get("promote"))
                .asString()
                .contains("last=true");
    }

    @Test
    void passesOnWhatStepsTake() throws Exception {
        Map<String, Object> written =
                new HashMap<>(Map.of("env", "prod", "dir", "a", "forceBuild", true, "keepFailed", "true"));
        written.put("timeouts", Map.of("staging", "10m"));
        written.put("label", "linux");
        Map<String, Object> order = decide(written, PRIMARY, FROM_SCM);
        assertThat(order.get("steps"))
                .isEqualTo(Map.of("dir", "a", "env", "prod", "keepFailed", true, "timeouts", Map.of("staging", "10m")));
        assertThat(order.get("build")).asString().contains("forceBuild=true");
        assertThat(order.get("deploy")).asString().doesNotContain("forceBuild");
        assertThat(order).containsEntry("label", "linux");
    }

    @Test
    void rollsBackAndNothingElse() throws Exception {
        RollbackRequest request = new RollbackRequest("a", "docker/a/live", "v1", "bob");
        Map<String, Object> order = decide(Map.of("dir", "./a/", "approve", true), PRIMARY, FROM_SCM, request);
        assertThat(stages(order)).containsExactly("Roll back");
        assertThat(order).containsEntry("rollback", Map.of("dir", "a", "version", "v1"));
        assertThat(notes).containsExactly("bob asked to roll back docker/a/live to v1. The build does nothing else.");

        Map<String, Object> other = decide(Map.of("dir", "b"), PRIMARY, FROM_SCM, request);
        assertThat(stages(other)).isEmpty();

        assertThat(notes)
                .containsExactly("This build only rolls back the service in a. It does nothing with the service in b.");

        RollbackRequest before = new RollbackRequest(".", "docker/a/live", "", "bob");
        assertThat(decide(Map.of(), PRIMARY, FROM_SCM, before)).containsEntry("rollback", Map.of("dir", "."));
        assertThat(notes)
                .containsExactly(
                        "bob asked to roll back docker/a/live to the previous version. The build does nothing else.");
        assertThatThrownBy(() -> decide(Map.of(), REQUEST, FROM_SCM, before))
                .hasMessageStartingWith("A build of PR-1 cannot roll back");
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> decide(Map.of("canary", List.of("5%")), PRIMARY, FROM_SCM))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("canary must be a list of percentages");
        assertThatThrownBy(() -> decide(Map.of(), ANY_JOB, new Surroundings(false, false, true, true)))
                .hasMessage("There is no source to deploy: this Pipeline does not come from an SCM. Load it from an"
                        + " SCM, or check out the source first: node { checkout …; pymacaronDeploy() }");
        assertThatThrownBy(() ->
                        decide(Map.of("testImage", "python"), PRIMARY, new Surroundings(false, true, true, false)))
                .hasMessageContaining("Docker Pipeline");
    }

    @Test
    void warnsWhereARestartWouldEndIt() throws Exception {
        decide(Map.of("label", "x"), PRIMARY, new Surroundings(true, true, false, true));
        assertThat(notes).hasSize(2);
        assertThat(notes.get(0)).startsWith("WARNING: label has no effect");
        assertThat(notes.get(1)).startsWith("NOTE: a restart of Jenkins would end this build, since its job");
    }

    private Map<String, Object> decide(
            Map<String, Object> parameters, BuildOrigin origin, Surroundings around, RollbackRequest... request)
            throws AbortException {
        Order order = new Order(
                new Parameters(parameters),
                origin,
                around,
                List.of(request).stream().findFirst());
        notes = order.notes();
        return order.decide();
    }

    @SuppressWarnings("unchecked")
    private static List<String> stages(Map<String, Object> order) {
        return (List<String>) order.get("stages");
    }
}
