package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles.ServiceFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service's own files for the platform: in the bundle, in the plan, and part of what makes a deployment what it is. */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class ServiceFilesTest {
    private static final String OPTIONS = ".ebextensions/10-options.config";
    private static final String HOOK = ".platform/hooks/predeploy/01-warm.sh";

    @TempDir
    private Path journals;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(journals);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static ServiceFiles files(String... namesAndTexts) {
        Map<String, ServiceFile> all = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            byte[] content = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
            all.put(namesAndTexts[i], new ServiceFile(content, namesAndTexts[i].endsWith(".sh")));
        }
        return new ServiceFiles(new TreeMap<>(all));
    }

    private SourceBundle bundleOf(String environment) {
        String label = rig.machine(environment).label;
        return SourceBundle.of(rig.server
                .service
                .buckets
                .get("bucket", "pymacaron/hello/" + label + ".zip")
                .orElseThrow());
    }

    @Test
    void theyAreInTheBundleAndThePlanNamesThem() throws Exception {
        rig.files = files(OPTIONS, "option_settings: {}\n", HOOK, "#!/bin/sh\n");
        assertThat(rig.target(Slot.LIVE, "").preflight()).isEmpty();

        String name = rig.deploy("1").revision();

        assertThat(bundleOf(name).files())
                .containsOnlyKeys(OPTIONS, HOOK, "Dockerrun.aws.json")
                .containsEntry(HOOK, "#!/bin/sh\n");
        assertThat(rig.drive.effects).anyMatch(e -> e.endsWith(".zip, with " + OPTIONS + ", " + HOOK));
    }

    @Test
    void aProgramStaysOneAndEqualFilesAreEqualBytes() throws Exception {
        Bundle bundle = new Bundle("compose", "x@sha256:1", "", false, files(HOOK, "#!/bin/sh\n"));
        assertThat(bundle.bytes())
                .isEqualTo(new Bundle("compose", "x@sha256:1", "", false, files(HOOK, "#!/bin/sh\n")).bytes());
        Path zip = Files.write(journals.resolve("b.zip"), bundle.bytes());
        try (ZipFile read = ZipFile.builder().setPath(zip).get()) {
            assertThat(read.getEntry(HOOK).getUnixMode()).isEqualTo(0100755);
            assertThat(read.getEntry("docker-compose.yml").getUnixMode()).isEqualTo(0100644);
        }
    }

    @Test
    void aChangeInThemAloneIsAnotherDeploymentAndAnotherVersion() throws Exception {
        String none = rig.target(Slot.LIVE, "").ingredients();
        rig.files = files(OPTIONS, "option_settings: {}\n");
        String before = rig.target(Slot.LIVE, "").ingredients();
        String label = BeanstalkPrepareParameters.read(
                        rig.target(Slot.STAGING, "").prepare(Rig.candidate("1")).params())
                .version()
                .get("label");
        rig.files = files(OPTIONS, "option_settings: {} # another\n");

        assertThat(none).as("as deployments without were always named").isEmpty();
        assertThat(rig.target(Slot.LIVE, "").ingredients()).isNotEqualTo(before).isNotEmpty();
        assertThat(BeanstalkPrepareParameters.read(rig.target(Slot.STAGING, "")
                                .prepare(Rig.candidate("1"))
                                .params())
                        .version())
                .doesNotContainEntry("label", label);
    }

    @Test
    void aJournalThatGoesOnWithOtherFilesUploadsNothing() throws Exception {
        rig.files = files(OPTIONS, "option_settings: {}\n");
        Change begun = rig.target(Slot.STAGING, "").prepare(Rig.candidate("1"));
        rig.files = files(OPTIONS, "option_settings: {} # another\n");
        BeanstalkTarget later = rig.target(Slot.STAGING, "");

        assertThat(rig.drive.run(later, begun))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                        .contains("are not those any more that this deployment began with"));
        assertThat(rig.server.service.versions).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            a: [1;                                                 is neither YAML nor JSON: line
            - a;                                                   holds no mapping
            option_settings: {'aws:elbv2:loadbalancer': {SharedLoadBalancer: arn}};   sets SharedLoadBalancer
            option_settings: [{option_name: LoadBalancerIsShared, value: true}];      sets LoadBalancerIsShared
            option_settings: {'aws:elasticbeanstalk:environment:LoadBalancerIsShared': true};  sets LoadBalancerIsShared
            a: !!javax.script.ScriptEngineManager [;               is neither YAML nor JSON
            """)
    void aConfigurationFileThatCannotBeUsedIsNamedBeforeAnythingIsMade(String text, String why) throws Exception {
        rig.files = files(OPTIONS, text);

        assertThat(rig.target(Slot.LIVE, "").preflight())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith(OPTIONS + " " + why);
    }

    @Test
    void otherFilesAreNotRead() throws Exception {
        rig.files = files(".ebextensions/deeper/x.config", "a: [", ".ebextensions/x.yaml", "a: [", HOOK, "a: [");
        assertThat(rig.target(Slot.LIVE, "").preflight()).isEmpty();
        rig.files = files(Bundle.REDIRECT_FILE, "{}");
        assertThat(rig.target(Slot.LIVE, "").preflight())
                .extracting(Problem::message)
                .containsExactly(Bundle.REDIRECT_FILE + " has the name of the file that aws_https_redirect makes");
    }

    /** If preflight did not look, the service reports it when it processes the version. */
    @Test
    void theServicesOwnReasonIsShownWhereItCannotProcessAVersion() throws Exception {
        rig.files = files(OPTIONS, "a: [\n");
        BeanstalkTarget staging = rig.target(Slot.STAGING, "");

        assertThat(rig.drive.run(staging, staging.prepare(Rig.candidate("1"))))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.reason())
                        .contains("cannot process application version", OPTIONS, "contains invalid YAML or JSON"));
        assertThat(rig.server.service.versions).isEmpty();
        assertThat(rig.server.service.machines).isEmpty();
    }
}
