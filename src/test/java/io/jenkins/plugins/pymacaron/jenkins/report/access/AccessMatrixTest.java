package io.jenkins.plugins.pymacaron.jenkins.report.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Cause;
import hudson.model.Descriptor;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Stores;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentsAction;
import io.jenkins.plugins.pymacaron.jenkins.history.PausedEnvironments;
import io.jenkins.plugins.pymacaron.jenkins.lock.WaitingAction;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Tests each page, button, POST and REST address of the plugin, asked by each kind of user. The addresses are found;
 * one that is in no row fails.
 */
@WithJenkins
class AccessMatrixTest {
    /** Columns of the tables. */
    private static final List<String> USERS = List.of("", "stranger", "reader", "configurer", "builder", "roller");

    private static final String JOB = "job/team/job/hello/";
    private static final String ONE = "environment=" + Story.LIVE;
    private static final String UNKNOWN = ONE + " version=none";

    /** Parts of pages are no pages themselves. 400 and 302 are the answers of a method that went past its check of permissions. */
    private static final List<String> ADDRESSES = List.of(
            "GET                                     403 404 200 200 200 200",
            "GET  deployments/                       403 404 200 200 200 200",
            "GET  deployments/jobMain                403 404 404 404 404 404",
            "GET  deployments/acceptance             403 404 404 404 404 404",
            "GET  deployments/compare?from=1&to=2    403 404 200 200 200 200",
            "GET  deployments/api/json               403 404 200 200 200 200",
            "POST deployments/rollback " + UNKNOWN + " 403 404 403 403 400 400",
            "POST deployments/pause " + ONE + "      403 404 403 403 302 302",
            "POST deployments/resume " + ONE + "     403 404 403 403 302 302",
            "GET  1/                                 403 404 200 200 200 200",
            "GET  1/api/json                         403 404 200 200 200 200",
            "GET  1/plan/                            403 404 200 200 200 200",
            "GET  1/acceptance/                      403 404 200 200 200 200",
            "GET  1/acceptance/cases?section=0       403 404 200 200 200 200",
            "GET  1/acceptance/api/json              403 404 200 200 200 200");

    /** Checks and lists of forms in the job: what is typed in, and the users who are told more than others. */
    private static final Map<String, String> FORMS = Map.ofEntries(
            Map.entry("BuilderDescriptor.doFillTargetItems", "configurer"),
            Map.entry("BuilderDescriptor.doFillUntilItems", "configurer"),
            Map.entry("BuilderDescriptor.doCheckDir value=../etc", "configurer"),
            Map.entry("BuilderDescriptor.doCheckEnv value=a/b dir=", "configurer"),
            Map.entry("BuilderDescriptor.doCheckCanary value=x", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doFillDockerItems docker=", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doFillAwsItems aws=", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doFillGcpItems gcp=", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doFillKubeconfigItems kubeconfig=", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doCheckDocker value=typo", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doCheckAws value=typo", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doCheckGcp value=typo", "configurer"),
            Map.entry("CredentialIds$DescriptorImpl.doCheckKubeconfig value=typo", "configurer"),
            Map.entry("SecretBinding$DescriptorImpl.doFillCredentialsIdItems credentialsId=", "configurer"),
            Map.entry("SecretBinding$DescriptorImpl.doCheckCredentialsId value=typo", "configurer"),
            Map.entry("SecretBinding$DescriptorImpl.doCheckName value=no-name", "configurer"),
            // They look at nothing but what is typed in.
            Map.entry("StageTimeout$DescriptorImpl.doFillStageItems stage=x", ""),
            Map.entry("StageTimeout$DescriptorImpl.doCheckStage value=x", ""),
            Map.entry("StageTimeout$DescriptorImpl.doCheckTime value=x stage=y", ""),
            Map.entry("Defaults$DescriptorImpl.doCheckKeepImages value=x", ""),
            Map.entry("ServiceStepDescriptor.doFillTargetItems", ""),
            Map.entry("ServiceStepDescriptor.doCheckCanary value=x", ""),
            Map.entry("TestingStep$TestingDescriptor.doFillOnFailureItems", ""),
            Map.entry("PymAcceptStep$DescriptorImpl.doFillOnItems", ""));

    private static final Pattern BUTTON = Pattern.compile("(?:href|action|data-url)=\"(rollback|pause|resume)[?\"]");
    private static final Pattern BOUND =
            Pattern.compile("stapler/bound/(?:script/)?[^\"']*?([0-9a-f]{8}-[0-9a-f-]{27})");

    private static JenkinsRule j;

    @BeforeAll
    static void boot(JenkinsRule rule) throws Exception {
        j = rule;
        Folder folder = j.createProject(Folder.class, "team");
        Folder other = j.createProject(Folder.class, "other");
        FreeStyleProject job = folder.createProject(FreeStyleProject.class, "hello");
        Delivery.build(j, job, Story.shipped(1, "1").planning("Plan for hello", "  build image"));
        Delivery.build(j, job, Story.shipped(2, "2"));
        Folder alone = j.createProject(Folder.class, "alone");
        FreeStyleProject back = alone.createProject(FreeStyleProject.class, "back");
        Delivery.build(j, back, Story.shipped(1, "1"));
        Delivery.build(j, back, Story.shipped(2, "2").keeping("1"));
        Stores.add(folder, Stores.text("team-text", "s"));
        Stores.add(folder, Stores.file("team-file", "s"));
        Stores.add(folder, Stores.login("team-login", "anna", "s"));
        Stores.add(folder, Stores.aws("team-account"));
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader", "stranger", "builder", "roller", "configurer")
                .grant(Item.READ, Item.DISCOVER)
                .onItems(folder, job, alone, back)
                .to("reader", "builder", "roller", "configurer")
                .grant(Item.CONFIGURE)
                .onItems(job)
                .to("configurer")
                .grant(Item.BUILD)
                .onItems(job)
                .to("builder")
                .grant(DeploymentsAction.ROLLBACK)
                .onItems(job, back)
                .to("roller")
                .grant(Item.READ, Item.CONFIGURE, Item.BUILD, DeploymentsAction.ROLLBACK)
                .onFolders(other)
                .to("stranger"));
    }

    @Test
    void everyAddressHasARow() throws Exception {
        Set<String> found = new TreeSet<>(Addresses.of(hello(), ""));
        found.addAll(Addresses.of(hello().getBuildByNumber(1), "1/"));
        Set<String> rows = new TreeSet<>();
        ADDRESSES.forEach(row -> rows.add(row.substring(5).strip().replaceFirst("[? ].*", "")));
        // The job's own page begins with the statuses.
        rows.remove("403");
        rows.add("");
        assertThat(rows).isEqualTo(found);

        Set<String> forms = new TreeSet<>();
        ours().forEach(d -> forms.addAll(Addresses.of(d)));
        assertThat(FORMS.keySet().stream().map(row -> row.replaceFirst(" .*", "")))
                .containsExactlyInAnyOrderElementsOf(forms);
        assertThat(Addresses.boundMethods()).containsExactly("StageTrend.getBuildTrendModel");
        assertThat(Addresses.rootActions()).isEmpty();
    }

    /** Each kind of action is on the job and the build that are asked here, or has no page at all. */
    @Test
    void everyActionIsAskedFor() {
        Set<String> shown = new TreeSet<>();
        hello().getAllActions().forEach(a -> shown.add(a.getClass().getSimpleName()));
        hello().getBuildByNumber(1)
                .getAllActions()
                .forEach(a -> shown.add(a.getClass().getSimpleName()));
        Set<String> others = Addresses.actionClasses();
        others.removeAll(shown);
        assertThat(others)
                .as("without an address of their own; the line is on the page of a build that goes on")
                .containsExactlyInAnyOrder(
                        "Checkouts", "OrderedBuild", "RollbackRequest", WaitingAction.class.getSimpleName());
    }

    @Test
    void eachAnswersAsItsRowSays() throws Exception {
        Map<String, Caller> callers = callers();
        List<String> wrong = new ArrayList<>();
        for (String row : ADDRESSES) {
            String[] words = row.strip().split("\\s+");
            int first = words.length - USERS.size();
            String path = JOB + (first > 1 ? words[1] : "");
            String[] parameters = first > 2 ? pairs(Arrays.copyOfRange(words, 2, first)) : new String[0];
            for (int i = 0; i < USERS.size(); i++) {
                Caller caller = callers.get(USERS.get(i));
                boolean get = words[0].equals("GET");
                int status = (get ? caller.get(path) : caller.post(path, parameters)).statusCode();
                if (status != Integer.parseInt(words[first + i])) {
                    wrong.add("%s by '%s': %d".formatted(row, USERS.get(i), status));
                }
                if (!get && caller.get(path + "?" + ONE).statusCode() / 100 != 4) {
                    wrong.add("%s by '%s', as a link".formatted(row, USERS.get(i)));
                }
                if (!get && caller.postWithoutCrumb(path, parameters).statusCode() / 100 != 4) {
                    wrong.add("%s by '%s', from another site".formatted(row, USERS.get(i)));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(hello().getLastBuild().getNumber()).isEqualTo(2);
        assertThat(PausedEnvironments.get().pausedBy(Story.LIVE, hello())).isEmpty();
    }

    /** A user who sees a button may use it, and a user who may not does not see it. */
    @Test
    void buttonsAreThoseThatWork() throws Exception {
        Map<String, Caller> callers = callers();
        for (String user : List.of("reader", "configurer", "builder", "roller")) {
            boolean may = user.equals("builder") || user.equals("roller");
            assertThat(buttons(callers.get(user))).as(user).isEqualTo(may ? Set.of("pause", "rollback") : Set.of());
        }
        PausedEnvironments.get().pause(Story.LIVE, hello(), "Ada");
        PausedEnvironments.get().pause(Story.STAGING, hello(), "Ada");
        try {
            assertThat(buttons(callers.get("roller"))).containsExactlyInAnyOrder("resume", "rollback");
            assertThat(buttons(callers.get("reader"))).isEmpty();
        } finally {
            PausedEnvironments.get().resume(Story.LIVE, hello());
            PausedEnvironments.get().resume(Story.STAGING, hello());
        }
        for (String method : List.of("pause", "resume")) {
            assertThat(callers.get("roller")
                            .post(JOB + "deployments/" + method, "environment", "docker/others/live")
                            .statusCode())
                    .as("an environment that this job never deployed to")
                    .isEqualTo(400);
        }
    }

    /** It starts no other build. */
    @Test
    void thePermissionToRollBackSufficesForARollback() throws Exception {
        FreeStyleProject job = j.jenkins.getItemByFullName("alone/back", FreeStyleProject.class);
        Delivery.prepare(job, Story.of(3, "1").rolledBack("1"));
        Caller roller = callers().get("roller");
        assertThat(roller.post(job.getUrl() + "build").statusCode()).isEqualTo(403);
        assertThat(roller.post(
                                job.getUrl() + "deployments/rollback",
                                "environment",
                                Story.LIVE,
                                "version",
                                "1",
                                "reason",
                                "2 loses orders")
                        .statusCode())
                .isEqualTo(302);
        j.waitUntilNoActivity();
        FreeStyleBuild build = j.assertBuildStatusSuccess(job.getLastBuild());
        assertThat(build.getNumber()).isEqualTo(3);
        assertThat(build.getCauses())
                .extracting(Cause::getShortDescription)
                .contains("Asked to roll back docker/hello/live to 1: 2 loses orders");
        assertThat(build.getCause(Cause.UserIdCause.class).getUserId()).isEqualTo("roller");
    }

    @Test
    void formsTellOnlyThoseWhoMayChangeThem() throws Exception {
        Map<String, Caller> callers = callers();
        List<String> wrong = new ArrayList<>();
        for (Descriptor<?> descriptor : ours()) {
            for (Method method : Addresses.webMethods(descriptor.getClass())) {
                String name = method.getDeclaringClass().getName().replaceFirst(".*\\.", "") + "." + method.getName();
                String row = FORMS.keySet().stream()
                        .filter(r -> r.replaceFirst(" .*", "").equals(name))
                        .findFirst()
                        .orElseThrow();
                String[] parameters =
                        pairs(row.split(" ", 2).length == 2 ? row.split(" ", 2)[1].split(" ") : new String[0]);
                String local = "descriptorByName/" + descriptor.clazz.getName() + "/" + Addresses.addressOf(method);
                Map<String, String> told = new LinkedHashMap<>();
                for (String user : USERS) {
                    HttpResponse<String> inJob = callers.get(user).post(JOB + local, parameters);
                    HttpResponse<String> atTop = callers.get(user).post(local, parameters);
                    told.put(user, inJob.body());
                    if (inJob.statusCode() != (user.isEmpty() ? 403 : user.equals("stranger") ? 404 : 200)
                            || atTop.statusCode() != (user.isEmpty() ? 403 : 200)) {
                        wrong.add(row + " by '" + user + "': " + inJob.statusCode() + ", " + atTop.statusCode());
                    }
                    if (atTop.statusCode() == 200
                            && !atTop.body()
                                    .equals(callers.get("reader")
                                            .post(local, parameters)
                                            .body())) {
                        wrong.add(row + " tells '" + user + "' more at the top");
                    }
                }
                for (String user : List.of("configurer", "builder", "roller")) {
                    boolean more = !told.get(user).equals(told.get("reader"));
                    if (more != FORMS.get(row).equals(user)) {
                        wrong.add(row + (more ? " tells " : " does not tell ") + user + " more than a reader");
                    }
                }
                if (Addresses.isPostOnly(method)
                        && callers.get("configurer").get(JOB + local).statusCode() != 405) {
                    wrong.add(row + " answers a link");
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** The charts are bound to the session of the reader whom the page was shown to. */
    @Test
    void chartsAnswerThoseWhoWereShownTheJob() throws Exception {
        Map<String, Caller> callers = callers();
        Matcher bound = BOUND.matcher(callers.get("reader").get(JOB).body());
        assertThat(bound.find()).isTrue();
        String chart = "$stapler/bound/" + bound.group(1) + "/getBuildTrendModel";
        HttpResponse<String> own = callers.get("reader").call(chart);
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(own.body()).contains("#1");
        for (String other : List.of("", "stranger", "roller")) {
            assertThat(callers.get(other).call(chart).statusCode()).as(other).isIn(403, 404);
        }
    }

    private static Set<String> buttons(Caller caller) throws Exception {
        Set<String> found = new TreeSet<>();
        Matcher button = BUTTON.matcher(caller.get(JOB + "deployments/").body());
        while (button.find()) {
            found.add(button.group(1));
        }
        return found;
    }

    private static List<Descriptor<?>> ours() {
        List<Descriptor<?>> ours = new ArrayList<>();
        for (Descriptor<?> descriptor : j.jenkins.getExtensionList(Descriptor.class)) {
            if (Addresses.isOurs(descriptor)) {
                ours.add(descriptor);
            }
        }
        return ours;
    }

    private static Map<String, Caller> callers() {
        Map<String, Caller> callers = new LinkedHashMap<>();
        USERS.forEach(user -> callers.put(user, new Caller(j, user)));
        return callers;
    }

    private static String[] pairs(String... given) {
        return Arrays.stream(given).flatMap(p -> Arrays.stream(p.split("=", 2))).toArray(String[]::new);
    }

    private static FreeStyleProject hello() {
        return j.jenkins.getItemByFullName("team/hello", FreeStyleProject.class);
    }
}
