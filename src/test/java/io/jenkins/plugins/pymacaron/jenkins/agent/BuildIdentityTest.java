package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.XmlFile;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Every build keeps its identity, for all changes of names and numbers. */
@WithJenkins
class BuildIdentityTest {
    private static JenkinsRule j;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) {
        j = rule;
    }

    @AfterEach
    void forget() {
        UnfinishedStages.get().all().forEach(UnfinishedStages.get()::forget);
    }

    /** The remains of an interrupted build. */
    private record Left(String run, UnfinishedStage stage) {
        static Left by(FreeStyleBuild build) throws Exception {
            UnfinishedStage stage = UnfinishedStage.of(
                    StageOrder.of("promote"),
                    build,
                    "",
                    new FilePath(new File("/nowhere")),
                    new FilePath(new File("/nowhere@tmp/s")),
                    new EnvVars());
            UnfinishedStages.get().begun(stage);
            return new Left(RunIds.of(build, "."), stage);
        }

        /** Returns the stage as the controller knows it now. */
        UnfinishedStage now() {
            return UnfinishedStages.get().all().stream()
                    .filter(s -> s.getRun().equals(run))
                    .findFirst()
                    .orElseThrow();
        }

        void assertOf(Run<?, ?> build) throws Exception {
            assertThat(RunIds.of(build, ".")).isEqualTo(run);
            assertThat(now().isOf(build)).isTrue();
            assertThat(now().isOf(build.getParent())).isTrue();
            assertThat(now().getBuild()).isEqualTo(build.getExternalizableId());
            assertThat(UnfinishedStages.get().find(build, StageOrder.of("promote")))
                    .isPresent();
        }

        void assertNotOf(Run<?, ?> build) throws Exception {
            assertThat(RunIds.of(build, ".")).isNotEqualTo(run);
            assertThat(now().isOf(build)).isFalse();
            assertThat(UnfinishedStages.get().find(build, StageOrder.of("promote")))
                    .isEmpty();
        }
    }

    private static FreeStyleBuild build(String job) throws Exception {
        return j.buildAndAssertSuccess(j.createFreeStyleProject(job));
    }

    private static String queueOf(FreeStyleProject job) throws Exception {
        FreeStyleBuild build = j.buildAndAssertSuccess(job);
        String text =
                SpecificationText.of(StageOrder.of("promote"), build, "run", "{}", "d", "h", "w", List.of(), List.of());
        return StageSpec.fromJson(text).asked(StageSpec.QUEUE).orElse("");
    }

    @Test
    void theStageOfABuildNamesTheQueueOfItsFolderTree() throws Exception {
        Folder top = j.createProject(Folder.class, "payments");
        Folder below = top.createProject(Folder.class, "cards");
        assertThat(queueOf(below.createProject(FreeStyleProject.class, "deploy")))
                .isEqualTo("payments");
        assertThat(queueOf(top.createProject(FreeStyleProject.class, "deploy"))).isEqualTo("payments");
        assertThat(queueOf(j.createFreeStyleProject("in-no-folder"))).isEmpty();
    }

    @Test
    void theBuildsOfAJobMadeAnewAreOthers() throws Exception {
        FreeStyleBuild old = build("anew");
        Left left = Left.by(old);
        left.assertOf(old);
        old.getParent().delete();
        FreeStyleBuild same = build("anew");
        assertThat(same.getExternalizableId()).isEqualTo(old.getExternalizableId());
        left.assertNotOf(same);
        assertThat(left.now().isOf(same.getParent())).as("its job neither").isFalse();
        // The stage of the new build is written down beside it, and removed alone.
        Left.by(same);
        assertThat(UnfinishedStages.get().all()).hasSize(2);
        UnfinishedStages.get()
                .ended(
                        same,
                        StageOrder.of("promote"),
                        io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.fromJson(
                                "{\"schema\":1,\"stage\":\"promote\",\"outcome\":\"SUCCEEDED\"}"));
        assertThat(UnfinishedStages.get().all()).singleElement().isEqualTo(left.now());
    }

    @Test
    void theBuildsOfARenamedAndMovedJobStayTheSame() throws Exception {
        FreeStyleBuild build = build("before");
        Left left = Left.by(build);
        FreeStyleProject job = build.getParent();
        job.renameTo("after");
        left.assertOf(job.getBuildByNumber(1));
        Folder folder = j.jenkins.createProject(Folder.class, "folder");
        FreeStyleProject moved = Items.move(job, folder);
        left.assertOf(moved.getBuildByNumber(1));
        left.assertNotOf(build("before"));
        left.assertNotOf(build("after"));
    }

    @Test
    void theBuildsOfACopyAreOthers() throws Exception {
        FreeStyleBuild build = build("original");
        Left left = Left.by(build);
        FreeStyleProject copy =
                (FreeStyleProject) j.jenkins.copy((hudson.model.TopLevelItem) build.getParent(), "copy");
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            // Until then nothing is built there.
            j.submit(web.getPage(copy, "configure").getFormByName("config"));
        }
        FreeStyleBuild other = j.buildAndAssertSuccess(copy);
        left.assertNotOf(other);
        assertThat(left.now().isOf(copy)).isFalse();
        left.assertOf(build);
    }

    @Test
    void aNumberThatIsGivenAgainIsOfAnotherBuild() throws Exception {
        FreeStyleBuild build = build("numbers");
        Left left = Left.by(build);
        FreeStyleProject job = build.getParent();
        build.delete();
        job.updateNextBuildNumber(1);
        FreeStyleBuild again = j.buildAndAssertSuccess(job);
        assertThat(again.getNumber()).isEqualTo(1);
        left.assertNotOf(again);
        assertThat(left.now().isOf(job)).as("the job is the same").isTrue();
    }

    /** The home returns to a time before the build, and the agent's data does not. */
    @Test
    void aBuildThatARestoredHomeDoesNotKnowIsAnotherOne() throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("restored");
        String configuration = Files.readString(job.getConfigFile().getFile().toPath());
        FreeStyleBuild lost = j.buildAndAssertSuccess(job);
        Left left = Left.by(lost);
        hudson.Util.deleteRecursive(job.getRootDir());
        Files.createDirectories(job.getRootDir().toPath());
        Files.writeString(job.getConfigFile().getFile().toPath(), configuration);
        j.jenkins.reload();
        FreeStyleBuild again = j.buildAndAssertSuccess(j.jenkins.getItemByFullName("restored", FreeStyleProject.class));
        assertThat(again.getNumber()).isEqualTo(1);
        assertThat(RunIds.of(again, ".")).isNotEqualTo(left.run());
        assertThat(left.stage().isOf(again)).isFalse();
    }

    @Test
    void itIsOnTheDiskBeforeItIsTold() throws Exception {
        FreeStyleBuild build = build("kept");
        String id = PymacaronRun.idOf(build);
        assertThat(Files.readString(build.getRootDir().toPath().resolve("build.xml")))
                .contains("<id>" + id + "</id>");
        build.reload();
        assertThat(PymacaronRun.idOf(build)).isEqualTo(id);
    }

    /** A version of this plugin without ids has written it, in the middle of a deployment that goes on. */
    @Test
    void anEntryOfAnEarlierVersionBelongsToTheBuildThatItNames() throws Exception {
        FreeStyleBuild build = build("earlier");
        Left.by(build);
        Path file = temporary.resolve("unfinished.xml");
        new XmlFile(Jenkins.XSTREAM2, file.toFile())
                .write(List.copyOf(UnfinishedStages.get().all()));
        String stored = Files.readString(file).replaceAll("\\s*<(buildId|jobId)>[^<]*</\\1>", "");
        assertThat(stored).doesNotContain("buildId").contains("earlier#1");
        Files.writeString(file, stored);
        List<?> read = (List<?>) new XmlFile(Jenkins.XSTREAM2, file.toFile()).read();
        UnfinishedStage old = (UnfinishedStage) read.get(0);

        assertThat(old.isOf((Job<?, ?>) build.getParent())).isTrue();
        assertThat(old.isOf(build)).as("which has an id by now").isFalse();
        Path record = build.getRootDir().toPath().resolve("build.xml");
        Files.writeString(record, Files.readString(record).replaceAll("<id>[^<]*</id>", ""));
        build.reload();
        assertThat(PymacaronRun.idOf(build)).isEmpty();
        assertThat(old.isOf(build)).isTrue();
        assertThat(RunIds.of(build, ".")).matches("j-earlier-1-[0-9a-f]{8}");
    }
}
