package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.jvnet.hudson.test.JenkinsRule;

/** All that Jenkins says of a build, and what must not be in it. */
final class Consoles {
    private Consoles() {}

    /** In console, card, page and REST: no path of a checkout that is gone, no advice for a shell, no stack trace. */
    static void assertSpeakToUsersOfJenkins(JenkinsRule j, Run<?, ?> run) throws Exception {
        assertGood("console", run, console(run));
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            web.getOptions().setJavaScriptEnabled(false);
            web.getOptions().setThrowExceptionOnFailingStatusCode(false);
            assertGood("card", run, web.getPage(run).asNormalizedText());
            assertGood("acceptance", run, web.getPage(run, "acceptance").asXml());
            for (String json : new String[] {"api/json", "acceptance/api/json"}) {
                assertGood(
                        json,
                        run,
                        web.goTo(run.getUrl() + json, null).getWebResponse().getContentAsString());
            }
        }
    }

    /**
     * Jenkins' own last line has the stage, once, and the reason. So has the card.
     *
     * @param title of the stage; the stage Preflight of Jenkins has two of the engine
     */
    static void assertEndsWith(JenkinsRule j, Run<?, ?> run, String title) throws Exception {
        String error = console(run)
                .lines()
                .filter(line -> line.startsWith("ERROR: "))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        List<String> titles = title.equals("Preflight") ? List.of("Read configuration", "Plan") : List.of(title);
        assertThat(titles)
                .as("stage in the last line of %s: %s", run, error)
                .anyMatch(one -> error.startsWith("ERROR: " + one + ": "));
        String stage = error.replaceFirst("^ERROR: ([^:]*): .*", "$1");
        String reason = error.substring(("ERROR: " + stage + ": ").length());
        assertThat(reason).as("reason of " + run).isNotBlank().doesNotContain(stage + ":");
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            web.getOptions().setJavaScriptEnabled(false);
            assertThat(web.getPage(run).asNormalizedText()).as("card of " + run).contains(stage + " failed: " + reason);
        }
    }

    static String console(Run<?, ?> run) throws Exception {
        return IOUtils.toString(run.getLogReader());
    }

    private static void assertGood(String where, Run<?, ?> run, String text) {
        assertThat(text)
                .as(where + " of " + run)
                .doesNotContain("pymacaron-source", "pymacaron-tests")
                .doesNotContain("pymdeploy", "write the file", " --deploy", " --resume", " --rollback", " --python")
                .doesNotContain("\tat ");
    }
}
