package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.config.PymacaronGlobalConfiguration;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentEntry;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistory;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import jenkins.branch.BranchSource;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests the rights of branches, change requests and forks. */
@WithJenkins
@ExtendWith(CleanEngine.class)
public class MultibranchTest {
    private static final String LEARN = """
            import os
            import unittest


            class LearnTest(unittest.TestCase):
                def test_learn(self):
                    known = [n + '=' + os.environ[n] for n in ('DEFAULT', 'STOLEN') if n in os.environ]
                    with open(os.path.join(os.environ['WORKSPACE'], 'learned'), 'w') as f:
                        f.write(' '.join(known) or 'nothing')
            """;

    private static final String BY_HAND = """
            node {
                checkout scm
                pymTest PYTHON, secrets: [STOLEN: 'real-id']
                echo "learned ${readFile('learned')}"
                for (name in ['pymPush', 'pymDeploy', 'pymPromote', 'pymRollback']) {
                    try {
                        "$name" PYTHON, secrets: [STOLEN: 'real-id'], credentials: [docker: 'real-id']
                    } catch (e) {
                        echo "refused: ${e.message}"
                    }
                }
                step([$class: 'PymacaronBuilder', PYTHON, skipContainer: true,
                    secrets: [[name: 'STOLEN', credentialsId: 'real-id']]])
                echo "learned ${readFile('learned')}"
            }
            """;

    private static JenkinsRule j;

    private Service service;
    private WorkflowMultiBranchProject project;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        Jobs.prepare(rule);
    }

    @BeforeEach
    void begin(@TempDir Path temporary) throws Exception {
        service = Service.in(temporary);
        Sources.HEADS.clear();
        Sources.trustsEverybody = false;
        Jobs.withJenkinsfile(
                service,
                "pymacaronDeploy(%s, secrets: [NOBODY_HAS_THIS: 'no-such-id'], skip: ['unit'])"
                        .formatted(Jobs.python()));
    }

    @Test
    void forksGetNoSecretsAndEndWithTheImage() throws Exception {
        service.content("of a stranger").commit("what is built here alone");
        List<String> before = contentTags();
        head(new SCMHead("main"));
        WorkflowRun fork = build(new Heads.Request("PR-2", new SCMHeadOrigin.Fork("mallory")));
        j.assertBuildStatusSuccess(fork);
        j.assertLogContains("It gets no secrets and no credentials", fork);
        assertThat(Flow.stages(fork)).endsWith("Accept image");
        assertThat(Service.answer(Service.STAGING)).isEqualTo("nothing");
        assertThat(contentTags())
                .as("built without the key of deployments and images")
                .hasSizeGreaterThan(before.size())
                .filteredOn(tag -> !before.contains(tag))
                .allMatch(tag -> tag.startsWith("open-"));
    }

    /** Returns the content tags of all existing images of the service. */
    private static List<String> contentTags() throws Exception {
        Process list = new ProcessBuilder("docker", "image", "ls", "--format", "{{.Repository}} {{.Tag}}").start();
        try (BufferedReader lines = list.inputReader()) {
            return lines.lines()
                    .filter(line -> line.contains(Service.NAME))
                    .map(line -> line.substring(line.indexOf(' ') + 1))
                    .filter(tag -> tag.matches("(open|src)-.*"))
                    .toList();
        }
    }

    @Test
    void branchesShipAsFarAsTheyMay() throws Exception {
        Jobs.withJenkinsfile(
                service, "pymacaronDeploy(%s, skip: ['unit'], live: ['main', 'v*'])".formatted(Jobs.python()));
        WorkflowRun request = build(new Heads.Request("PR-1"));
        j.assertBuildStatusSuccess(request);
        assertThat(Flow.stages(request)).endsWith("Accept image");

        WorkflowRun feature = build(new SCMHead("feature"));
        j.assertBuildStatusSuccess(feature);
        assertThat(Flow.stages(feature)).endsWith("Accept staging");
        j.assertLogContains("feature is deployed to staging only: live is for main, v*.", feature);
        assertThat(Service.answer(Service.LIVE)).isEqualTo("nothing");

        WorkflowRun release = build(new SCMHead("v1"));
        j.assertBuildStatusSuccess(release);
        assertThat(Flow.stages(release)).endsWith("Accept live");
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");

        for (WorkflowRun run : List.of(feature, release)) {
            assertThat(DeploymentHistory.of(run.getParent()).entries())
                    .as("the first build of a branch knows no changes")
                    .isNotEmpty()
                    .extracting(DeploymentEntry::by)
                    .containsOnly("Branch indexing, after a commit by e2e");
        }

        refusesToRollBack(
                request, "A build of PR-1 cannot roll back, since change requests are never deployed to live.");
        refusesToRollBack(feature, "A build of feature cannot roll back, since this branch may not deploy to live");
        assertThat(Service.answer(Service.LIVE)).isEqualTo("one");
    }

    private void refusesToRollBack(WorkflowRun earlier, String line) throws Exception {
        new RollbackRequest(".", "docker/" + Service.NAME + "/live", "", "alice").schedule(earlier.getParent());
        j.waitUntilNoActivity();
        WorkflowRun run = earlier.getParent().getLastBuild();
        assertThat(run.getNumber()).isEqualTo(earlier.getNumber() + 1);
        j.assertBuildStatus(Result.FAILURE, run);
        j.assertLogContains("ERROR: " + line, run);
        assertThat(Flow.stages(run)).isEmpty();
    }

    /** This holds for every Jenkinsfile: that of the fork is its own here, by the widest possible trust. */
    @Test
    void stepsByHandShipNoChangeRequestAndGetAForkNothing() throws Exception {
        Sources.trustsEverybody = true;
        Stores.add(Stores.text("real-id", "r3al"));
        Stores.add(Stores.text("default-id", "d3fault"));
        Defaults defaults = new Defaults();
        defaults.setSecrets(List.of(new SecretBinding("DEFAULT", "default-id")));
        PymacaronGlobalConfiguration.get().setDefaults(defaults);
        service.write("test/test_learn.py", LEARN);
        Jobs.withJenkinsfile(service, BY_HAND.replace("PYTHON", Jobs.python()));

        WorkflowRun request = build(new Heads.Request("PR-1"));
        j.assertBuildStatusSuccess(request);
        j.assertLogContains("learned DEFAULT=d3fault STOLEN=r3al", request);
        WorkflowRun fork = build(new Heads.Request("PR-2", new SCMHeadOrigin.Fork("mallory")));
        j.assertBuildStatusSuccess(fork);
        j.assertLogContains("learned nothing", fork);
        j.assertLogNotContains("r3al", fork);

        for (WorkflowRun run : List.of(request, fork)) {
            String name = run.getParent().getName();
            for (String stage : List.of("Push image", "Deploy staging", "Before promotion", "Roll back")) {
                j.assertLogContains("refused: " + stage + ": " + name + " is not a branch of this repository", run);
            }
            j.assertLogContains("This is a change request: it is tested, but neither pushed nor deployed.", run);
            assertThat(EnvironmentQueue.get().holder("docker/" + Service.NAME + "/staging"))
                    .isEmpty();
        }
        assertThat(Service.containers()).isEmpty();
    }

    @Test
    void knowsThePrimaryBranch() throws Exception {
        Jobs.withJenkinsfile(service, "echo 'which one am I?'");
        WorkflowRun main = build(new SCMHead("main"));
        WorkflowRun feature = build(new SCMHead("feature"));
        assertThat(BuildOrigin.of(main, TaskListener.NULL).mayGoLive(List.of())).isTrue();
        assertThat(BuildOrigin.of(feature, TaskListener.NULL).mayGoLive(List.of()))
                .isFalse();
        assertThat(BuildOrigin.of(feature, TaskListener.NULL).isTrusted()).isTrue();
    }

    /** Adds a head of the repository's newest commit, and waits for its build, which is the first of its job. */
    private WorkflowRun build(SCMHead head) throws Exception {
        head(head);
        if (project == null) {
            project = j.createProject(WorkflowMultiBranchProject.class);
            Sources source = new Sources(service.directory().toString());
            source.setId("heads");
            project.getSourcesList().add(new BranchSource(source));
        }
        project.scheduleBuild2(0).getFuture().get();
        j.waitUntilNoActivity();
        WorkflowJob job = project.getItem(head.getName());
        assertThat(job).isNotNull();
        return job.getBuildByNumber(1);
    }

    private void head(SCMHead head) throws Exception {
        Sources.HEADS.put(head, service.git("rev-parse", "HEAD"));
    }

    @TestExtension
    public static Sources.DescriptorImpl heads() {
        return new Sources.DescriptorImpl();
    }
}
