package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.security.AuthorizationStrategy;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/**
 * Several jobs deploy to one environment, as the branches of a project do: each page shows the version that serves,
 * deployed by any job.
 */
class ServingEnvironmentsTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @Test
    void areTheSameOnThePagesOfAllTheirJobs() throws Throwable {
        sessions.then(j -> {
            MockFolder team = j.createFolder("team");
            FreeStyleProject main = team.createProject(FreeStyleProject.class, "main");
            FreeStyleProject feature = team.createProject(FreeStyleProject.class, "feature");
            Delivery.build(j, main, Story.shipped(1, "1"));
            Delivery.build(j, feature, Story.of(2, "2").deployed("staging", "staging", Story.STAGING, "2", 1));
            FreeStyleProject elsewhere = j.createFolder("other").createProject(FreeStyleProject.class, "main");
            Delivery.build(j, elsewhere, Story.shipped(3, "3"));

            assertThat(versions(main)).as("live, staging").containsExactly("1", "2");
            assertThat(versions(elsewhere)).as("another team's").containsExactly("3", "3");
            j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
            j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.READ)
                    .everywhere()
                    .toEveryone()
                    .grant(Item.READ)
                    .onItems(team, main, feature)
                    .to("ada")
                    .grant(Item.READ)
                    .onItems(team, main)
                    .to("bob"));
            try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
                assertThat(web.getPage(main, "deployments").asNormalizedText()).containsPattern("team . feature\\s+#1");
            }
            try (JenkinsRule.WebClient web = j.createWebClient().login("bob")) {
                assertThat(web.getPage(main, "deployments").asNormalizedText())
                        .contains("another job #1")
                        .doesNotContain("feature");
            }
            j.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
            j.jenkins.setSecurityRealm(SecurityRealm.NO_AUTHENTICATION);
            feature.renameTo("topic");
            assertThat(new ServingEnvironments().find(Story.STAGING, main))
                    .as("as another Jenkins reads it from the disk")
                    .hasValueSatisfying(serving -> assertThat(serving.job()).isEqualTo("team/topic"));
            assertThat(versions(main)).containsExactly("1", "2");
            EnvironmentView staging =
                    new DeploymentsAction(main).getEnvironments().get(1);
            assertThat(staging.isOfAnotherJob()).isTrue();
            assertThat(staging.getAcceptance()).as("its build tested nothing").isNull();
            assertThat(staging.getJob()).contains("topic");
            Delivery.build(j, feature, Story.shipped(3, "3"));
            assertThat(new DeploymentsAction(main)
                            .getEnvironments()
                            .get(0)
                            .getAcceptance()
                            .getText())
                    .as("of the other job's build")
                    .isEqualTo("15 passed");
            Delivery.build(j, main, Story.shipped(4, "4"));
            assertThat(versions(main)).containsExactly("4", "4");
            assertThat(new DeploymentsAction(main).getEnvironments()).noneMatch(EnvironmentView::isOfAnotherJob);
        });
    }

    @Test
    void sayThatLiveDidNotAcceptWhatIsStaged() throws Throwable {
        sessions.then(j -> {
            FreeStyleProject job = j.createFreeStyleProject("hello");
            Delivery.build(j, job, Story.shipped(1, "1"));
            Delivery.build(j, job, Story.rolledBackLive(2, "2", "1"));
            assertThat(new DeploymentsAction(job).getEnvironments())
                    .extracting(EnvironmentView::isRefused)
                    .as("live, staging")
                    .containsExactly(false, true);
            try (JenkinsRule.WebClient web = j.createWebClient()) {
                assertThat(web.getPage(job, "deployments").asNormalizedText())
                        .contains("live did not accept this version");
            }
            Delivery.build(j, job, Story.shipped(3, "2"));
            assertThat(new DeploymentsAction(job).getEnvironments())
                    .extracting(EnvironmentView::isRefused)
                    .containsExactly(false, false);
        });
    }

    private static List<String> versions(FreeStyleProject job) throws Exception {
        return new DeploymentsAction(job)
                .getEnvironments().stream()
                        .map(view -> view.getCurrent().version())
                        .toList();
    }
}
