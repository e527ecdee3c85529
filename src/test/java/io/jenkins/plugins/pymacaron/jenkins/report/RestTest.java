package io.jenkins.plugins.pymacaron.jenkins.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.agent.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The answer of REST at its default depth has the form in docs/jenkins.md. */
@WithJenkins
class RestTest {
    @Test
    void answersAreWholeAndAsDocumented(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("hello");
        Delivery.build(j, job, Story.shipped(1, "1").keeping());
        assertThat(Delivery.build(j, job, Story.rolledBackLive(2, "2", "1")).getLog(100))
                .as("of a job that is made of single stages")
                .endsWith(
                        "live failed its acceptance (2 of 15 tests failed) and was rolled back: 1 serves again",
                        "Finished: FAILURE");
        Leftovers.ofPromotion(job.getLastBuild());
        JSONObject build;
        JSONObject acceptance;
        JSONObject deployments;
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            build = web.getJSON("job/hello/2/api/json").getJSONObject();
            acceptance = web.getJSON("job/hello/2/acceptance/api/json").getJSONObject();
            deployments = web.getJSON("job/hello/deployments/api/json").getJSONObject();
        }
        JSONObject service = build.getJSONArray("actions").stream()
                .map(JSONObject.class::cast)
                .filter(action -> action.containsKey("services"))
                .findFirst()
                .orElseThrow()
                .getJSONArray("services")
                .getJSONObject(0);
        JSONObject live = stage(service.getJSONArray("stages"), "live");
        assertThat(live.getString("outcome")).isEqualTo("TESTS_FAILED");
        assertThat(live.getInt("failed")).isEqualTo(2);
        assertThat(stage(service.getJSONArray("stages"), "promote")
                        .getJSONArray("deployments")
                        .getJSONObject(0)
                        .getString("digest"))
                .startsWith("sha256:");
        assertThat(service.getJSONObject("image").getString("version")).isEqualTo("2");

        JSONArray sections = acceptance.getJSONArray("sections");
        JSONObject failed = sections.getJSONObject(sections.size() - 1);
        assertThat(failed.getJSONObject("stage").getInt("failed")).isEqualTo(2);
        assertThat(failed.getJSONArray("failing").getJSONObject(0).getString("name"))
                .isEqualTo("test_names_its_build_0");

        JSONObject current =
                deployments.getJSONArray("environments").getJSONObject(0).getJSONObject("current");
        assertThat(current.getString("version")).isEqualTo("1");

        List<String> documented = examples();
        assertThat(documented).hasSize(3);
        assertCovered(JSONObject.fromObject(documented.get(0)), service, "a service of a build");
        assertCovered(JSONObject.fromObject(documented.get(1)), failed, "a section of acceptance");
        assertCovered(JSONObject.fromObject(documented.get(2)), deployments, "deployments");
    }

    private static JSONObject stage(JSONArray stages, String key) {
        return stages.stream()
                .map(JSONObject.class::cast)
                .filter(stage -> stage.getString("stage").equals(key))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Checks that each field of the example is in the answer, and of its kind; in lists, the first element stands for
     * all.
     */
    private static void assertCovered(JSONObject example, JSONObject answer, String where) {
        for (Object key : example.keySet()) {
            String name = key.toString();
            assertThat(answer.containsKey(name)).as("%s: %s", where, name).isTrue();
            Object shown = example.get(name);
            Object told = answer.get(name);
            if (shown instanceof JSONArray all && !all.isEmpty() && all.get(0) instanceof JSONObject first) {
                assertThat(told).as("%s: %s", where, name).isInstanceOf(JSONArray.class);
                assertCovered(first, ((JSONArray) told).getJSONObject(0), where + "." + name);
            } else if (shown instanceof JSONObject part) {
                assertCovered(part, answer.getJSONObject(name), where + "." + name);
            }
        }
    }

    private static List<String> examples() throws IOException {
        String page = Files.readString(Path.of("docs/jenkins.md"));
        List<String> blocks = new ArrayList<>();
        List<String> lines = page.substring(page.indexOf("**REST.**")).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```json")) {
                blocks.add(lines.stream()
                        .skip(i + 1L)
                        .takeWhile(line -> !line.equals("```"))
                        .collect(Collectors.joining("\n")));
            }
        }
        return blocks;
    }
}
