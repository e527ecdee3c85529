package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.FormValidation;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jenkinsci.plugins.pipeline.modeldefinition.parser.Converter;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The steps as the forms and generators of Jenkins know them. */
@WithJenkins
class StepFormsTest {
    private static JenkinsRule j;

    @BeforeAll
    static void jenkins(JenkinsRule rule) {
        j = rule;
    }

    private static final List<String> NAMES = List.of(
            "pymConfig",
            "pymTest",
            "pymBuild",
            "pymAccept",
            "pymPush",
            "pymDeploy",
            "pymPromote",
            "pymRollback",
            "pymPlan");

    @Test
    void everyStepIsFoundByItsNameAndExplainsItself() throws Exception {
        for (String name : NAMES) {
            StepDescriptor descriptor = StepDescriptor.byFunctionName(name);
            assertThat(descriptor).as(name).isInstanceOf(ServiceStepDescriptor.class);
            String help = "descriptor/" + descriptor.getId() + "/help";
            assertThat(page(help)).as(name).contains("<div>");
            for (String field : List.of("dir", "target", "env", "commit", "python", "secrets", "timeouts", "canary")) {
                assertThat(page(help + "/" + field)).as(name + "." + field).contains("<div>");
            }
        }
    }

    @Test
    void everyStepGoesThroughItsFormAndItsSnippet() throws Exception {
        List<StageStep> all = new ArrayList<>();
        for (String name : NAMES) {
            StageStep step = filled(name);
            step.setKeepFailed(true);
            step.setAllowOlder(true);
            step.setCanary("5, 25");
            if (step instanceof TestingStep testing) {
                testing.setOnFailure("unstable");
            }
            if (step instanceof PymAcceptStep accept) {
                accept.setOn("live");
            }
            if (step instanceof PymBuildStep build) {
                build.setForceBuild(true);
            }
            if (step instanceof PymDeployStep deploy) {
                deploy.setVersion("260102-0304-5-abcdef");
            }
            if (step instanceof PymPromoteStep promote) {
                promote.setLast(true);
            }
            if (step instanceof PymRollbackStep rollback) {
                rollback.setVersion("260102-0304-5-abcdef");
                rollback.setReason("the new one loses 'orders'");
            }
            all.add(step);
        }
        List<Step> submitted = StepHolder.submitted(j, all);
        for (int i = 0; i < all.size(); i++) {
            StageStep step = all.get(i);
            String snippet = Snippetizer.object2Groovy(step);
            assertThat(snippet).startsWith(NAMES.get(i) + " ");
            for (DescribableParameter parameter : new DescribableModel<>(step.getClass()).getParameters()) {
                assertThat(snippet).as("all of its parameters").contains(parameter.getName() + ": ");
            }
            assertThat(Snippetizer.object2Groovy(submitted.get(i))).isEqualTo(snippet);
            // As a Pipeline makes it from what the snippet names.
            Map<String, Object> named = DescribableModel.uninstantiate2_(step).toMap();
            StageStep called = (StageStep) new DescribableModel<>(step.getClass()).instantiate(named);
            assertThat(Snippetizer.object2Groovy(called)).isEqualTo(snippet);
        }
    }

    @Test
    void theGeneratorListsTheOneLineAndTheStepsOfStagesAndNoOther() {
        Snippetizer list = new Snippetizer();
        assertThat(list.getQuasiDescriptors(false))
                .extracting(Snippetizer.QuasiDescriptor::getSymbol)
                .filteredOn(name -> name.startsWith("pym"))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(NAMES.stream(), Stream.of("pymacaronDeploy"))
                        .toList());
        assertThat(list.getQuasiDescriptors(true))
                .extracting(one -> one.real.clazz.getName())
                .as("advanced or deprecated")
                .noneMatch(name -> name.contains("pymacaron"));
        assertThat(StepDescriptor.all())
                .extracting(StepDescriptor::getFunctionName)
                .noneMatch(name -> name.contains("Order"));
    }

    @Test
    void declarativeTakesEveryStepWithAllItsParameters() throws Exception {
        StringBuilder steps = new StringBuilder();
        for (String name : NAMES) {
            steps.append("        ")
                    .append(Snippetizer.object2Groovy(filled(name)))
                    .append('\n');
        }
        String jenkinsfile = """
                pipeline {
                  agent any
                  stages {
                    stage('All') {
                      steps {
                %s      }
                    }
                  }
                }
                """.formatted(steps);
        assertThat(Converter.scriptToPipelineDef(jenkinsfile).getStages().getStages())
                .hasSize(1);
        assertThat(validated(jenkinsfile)).contains("\"result\":\"success\"");
        assertThat(validated(jenkinsfile.replace("pymPlan ", "pymPlan orbit: 'x', ")))
                .contains("\"result\":\"failure\"", "orbit");
    }

    private static String validated(String jenkinsfile) throws Exception {
        return posted("pipeline-model-converter/validateJenkinsfile", "jenkinsfile", jenkinsfile);
    }

    @Test
    void formsKeepWhatIsTypedIn() throws Exception {
        PymAcceptStep accept = common(new PymAcceptStep());
        accept.setOn("staging");
        accept.setOnFailure("unstable");
        PymAcceptStep kept = StepHolder.submitted(j, accept);
        assertThat(values(kept)).isEqualTo(values(accept));
        assertThat(kept.getOn()).isEqualTo("staging");
        assertThat(kept.getOnFailure()).isEqualTo("unstable");

        PymBuildStep build = new PymBuildStep();
        build.setForceBuild(true);
        assertThat(StepHolder.submitted(j, build).isForceBuild()).isTrue();

        PymDeployStep deploy = new PymDeployStep();
        deploy.setVersion("260102-0304-5-abcdef");
        deploy.setKeepFailed(true);
        PymDeployStep deployed = StepHolder.submitted(j, deploy);
        assertThat(deployed.getVersion()).isEqualTo("260102-0304-5-abcdef");
        assertThat(deployed.isKeepFailed()).isTrue();
    }

    @Test
    void anEmptyFormAsksForNothing() throws Exception {
        List<StageStep> empty = List.of(new PymTestStep(), new PymRollbackStep());
        assertThat(StepHolder.submitted(j, empty))
                .extracting(StepFormsTest::values)
                .containsExactlyElementsOf(
                        empty.stream().map(StepFormsTest::values).toList());
    }

    @Test
    void snippetsSayWhatWasAskedAndNoMore() throws Exception {
        assertThat(Snippetizer.object2Groovy(new PymTestStep())).isEqualTo("pymTest()");
        PymDeployStep deploy = new PymDeployStep();
        deploy.setTarget("docker");
        deploy.setDir("services/hello");
        CredentialIds ids = new CredentialIds();
        ids.setDocker("registry");
        deploy.setCredentials(ids);
        deploy.setSecrets(Map.of("API_KEY", "api-key"));
        deploy.setTimeouts(Map.of("staging", "10m"));
        assertThat(Snippetizer.object2Groovy(deploy))
                .isEqualTo("pymDeploy credentials: [docker: 'registry'], dir: 'services/hello',"
                        + " secrets: [API_KEY: 'api-key'], target: 'docker', timeouts: [staging: '10m']");
        String form = "{'stapler-class':'CLASS', '$class':'CLASS', 'onFailure':'unstable',"
                + " 'secretTable':{'name':'A', 'credentialsId':'b'}, 'timeoutTable':[{'stage':'unit', 'time':'90s'},"
                + " {'stage':'build', 'time':''}]}";
        assertThat(generated("pipeline-syntax/generateSnippet", form.replace("CLASS", PymTestStep.class.getName())))
                .isEqualTo("pymTest onFailure: 'unstable', secrets: [A: 'b'], timeouts: [unit: '90s']");
    }

    @Test
    void listsOfStepsSayWhichServiceAndWhere() {
        StepDescriptor accept = StepDescriptor.byFunctionName("pymAccept");
        assertThat(accept.argumentsToString(Map.of("onFailure", "unstable", "on", "live", "dir", "services/hello")))
                .isEqualTo("services/hello, live");
        for (String name : NAMES) {
            StepDescriptor descriptor = StepDescriptor.byFunctionName(name);
            for (Map<String, Object> ofNoUse : List.<Map<String, Object>>of(
                    Map.of(),
                    Map.of("dir", "."),
                    Map.of("onFailure", "unstable"),
                    Map.of("commit", "abcdef"),
                    Map.of("dir", ArgumentsAction.NotStoredReason.MASKED_VALUE))) {
                assertThat(descriptor.argumentsToString(ofNoUse))
                        .as(name + ofNoUse)
                        .isNull();
            }
        }
    }

    private static String page(String url) throws Exception {
        return j.createWebClient()
                .getPage(new URL(j.getURL(), url))
                .getWebResponse()
                .getContentAsString();
    }

    private static String generated(String url, String form) throws Exception {
        return posted(url, "json", form);
    }

    private static String posted(String url, String name, String value) throws Exception {
        return Visitor.anonymous(j).posted(url, name, value).strip();
    }

    @Test
    void aMistakeInAFieldIsReportedBesideIt() {
        ServiceStepDescriptor descriptor = (ServiceStepDescriptor) StepDescriptor.byFunctionName("pymDeploy");
        assertThat(descriptor.doCheckCanary("5, 25, 50").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckCanary("").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckCanary("50, 25").getMessage()).contains("increasing percentages");
    }

    private static StageStep filled(String name) throws ReflectiveOperationException {
        return common((StageStep) StepDescriptor.byFunctionName(name)
                .clazz
                .getDeclaredConstructor()
                .newInstance());
    }

    private static <S extends StageStep> S common(S step) {
        step.setDir("a/b");
        step.setEnv("eu");
        step.setTarget("docker");
        step.setPython("/usr/bin/python3");
        step.setCommit("abcdef");
        CredentialIds ids = new CredentialIds();
        ids.setDocker("registry");
        step.setCredentials(ids);
        step.setSecrets(Map.of("NAME", "id"));
        step.setTimeouts(Map.of("unit", "90s"));
        return step;
    }

    private static Map<String, Object> values(Step step) {
        StageStep s = (StageStep) step;
        Map<String, Object> values = new TreeMap<>();
        values.put("dir", String.valueOf(s.getDir()));
        values.put("env", String.valueOf(s.getEnv()));
        values.put("target", String.valueOf(s.getTarget()));
        values.put("python", String.valueOf(s.getPython()));
        values.put("commit", String.valueOf(s.getCommit()));
        values.put(
                "credentials",
                s.getCredentials() == null
                        ? ""
                        : String.valueOf(s.getCredentials().getDocker()));
        values.put("secrets", String.valueOf(s.getSecrets()));
        values.put("timeouts", String.valueOf(s.getTimeouts()));
        return values;
    }
}
