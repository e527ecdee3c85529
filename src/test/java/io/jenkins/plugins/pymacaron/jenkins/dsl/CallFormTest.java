package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import groovy.lang.GroovyShell;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import io.jenkins.plugins.pymacaron.jenkins.step.StepHolder;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The one line as the snippet generator writes it, and as Declarative checks it. */
@WithJenkins
class CallFormTest {
    private static final String FORM = """
            {'stapler-class': 'CLASS', '$class': 'CLASS', 'dir': 'a/b', 'plan': true, 'approve': true, 'submitter': 'alice, ops',
             'message': '', 'skipUnit': true, 'skipLive': true, 'live': 'main, release/*', 'canary': '5, 25',
             'timeoutTable': {'stage': 'unit', 'time': '90s'}, 'secretTable': {'name': 'A', 'credentialsId': 'b'}}""";

    private static JenkinsRule j;

    @BeforeAll
    static void jenkins(JenkinsRule rule) {
        j = rule;
    }

    @Test
    void theFormWritesALineThatTheCallTakes() throws Exception {
        String line = posted(
                "pipeline-syntax/generateSnippet", "json", FORM.replace("CLASS", PymacaronDeployStep.class.getName()));
        assertThat(line)
                .isEqualTo("pymacaronDeploy approve: [submitter: 'alice,ops'], canary: '5, 25', dir: 'a/b',"
                        + " live: ['main', 'release/*'], plan: true, secrets: [A: 'b'], skip: ['unit', 'live'],"
                        + " timeouts: [unit: '90s']");
        Parameters taken = new Parameters(arguments(line));
        assertThat(taken.approve()).isEqualTo(Map.of("submitter", "alice,ops"));
        assertThat(taken.texts("live")).containsExactly("main", "release/*");
        assertThat(taken.texts("skip")).containsExactly("unit", "live");
        assertThat(Snippetizer.object2Groovy(new PymacaronDeployStep())).isEqualTo("pymacaronDeploy()");
    }

    @Test
    void theFormKeepsEachParameterOfTheCall() throws Exception {
        PymacaronDeployStep kept = StepHolder.submitted(j, filled());
        String line = Snippetizer.object2Groovy(kept);
        assertThat(line).isEqualTo(Snippetizer.object2Groovy(filled()));
        List<String> formless = List.of("onFailure", "onSuccess", "parameters");
        List<String> known = new ArrayList<>();
        for (DescribableParameter parameter :
                DescribableModel.of(PymacaronDeployStep.class).getParameters()) {
            known.add(parameter.getName());
            if (!formless.contains(parameter.getName())) {
                assertThat(line).contains(parameter.getName() + ": ");
            }
        }
        known.remove("parameters");
        assertThat(Parameters.KNOWN).containsExactlyInAnyOrderElementsOf(known);
        new Parameters(arguments(line));
    }

    @Test
    void everyFieldIsExplained() throws Exception {
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            for (String field :
                    List.of("", "/plan", "/skip", "/approve", "/submitter", "/live", "/label", "/testImage", "/dir")) {
                String help = "descriptor/" + PymacaronDeployStep.class.getName() + "/help" + field;
                assertThat(web.getPage(new URL(j.getURL(), help))
                                .getWebResponse()
                                .getContentAsString())
                        .as(field)
                        .contains("<div>");
            }
        }
    }

    @Test
    void declarativeTakesWhatTheCallTakesAndNamesWhatIsWrong() throws Exception {
        String line = Snippetizer.object2Groovy(filled());
        for (String good : List.of(
                line,
                "pymacaronDeploy()",
                "pymacaronDeploy approve: true, skip: 'unit', live: 'main', canary: [5, 25], plan: params.PLAN",
                "pymacaronDeploy onSuccess: { echo 'shipped' }, onFailure: { why -> echo why }")) {
            assertThat(validated(good)).as(good).contains("\"result\":\"success\"");
        }
        assertThat(validated("pymacaronDeploy tagret: 'docker', skpi: 'unit'"))
                .contains("\"result\":\"failure\"", "tagret", "target", "skpi", "skip");
    }

    private static PymacaronDeployStep filled() {
        PymacaronDeployStep step = new PymacaronDeployStep();
        step.setDir("a/b");
        step.setEnv("eu");
        step.setTarget("docker");
        step.setPython("/usr/bin/python3");
        step.setCommit("abcdef");
        step.setCanary("5, 25");
        step.setKeepFailed(true);
        step.setAllowOlder(true);
        CredentialIds ids = new CredentialIds();
        ids.setDocker("registry");
        step.setCredentials(ids);
        step.setSecrets(Map.of("NAME", "id"));
        step.setTimeouts(Map.of("unit", "90s"));
        step.setPlan(true);
        step.setForceBuild(true);
        step.setApprove(true);
        step.setLabel("docker");
        step.setTestImage("python:3.12");
        step.setLive("main");
        step.setSkip("container, staging");
        return step;
    }

    /** Evaluates the arguments of a written call. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> arguments(String line) {
        return (Map<String, Object>) new GroovyShell().evaluate("[" + line.replaceFirst("pymacaronDeploy ", "") + "]");
    }

    private static String validated(String step) throws Exception {
        return posted(
                "pipeline-model-converter/validateJenkinsfile",
                "jenkinsfile",
                "pipeline {\n  agent any\n  stages {\n    stage('Ship') {\n      steps {\n        " + step
                        + "\n      }\n    }\n  }\n}\n");
    }

    private static String posted(String url, String name, String value) throws Exception {
        return Visitor.anonymous(j).posted(url, name, value).strip();
    }
}
