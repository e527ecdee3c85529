package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks each row of "Input that may be hostile" in docs/security.md, by the tests that hold its statement. */
class HostileInputTest {
    private static final Map<String, List<String>> TESTS = Map.of(
            "`pym-config.yaml`",
            List.of(
                    "config.YamlReaderTest#noTagRunsCode",
                    "config.YamlReaderTest#limitsHold",
                    "config.YamlReaderTest#aliasesCannotGrowWithoutEnd",
                    "config.YamlReaderTest#aliasesCannotNestWithoutEnd",
                    "config.YamlReaderTest#bytesOfAnyKindEndInAMappingOrInProblems",
                    "config.ConfigFileTest#aHugeFileIsNotReadToItsEnd",
                    "fuzz.FuzzTest#nothingIsThrownButWhatAReaderHasToThrow"),
            "names in it",
            List.of(
                    "config.ImageNameTest#refusesRepositories",
                    "config.ImageNameTest#refusesReferences",
                    "config.LiveUrlTest#aHostIsNothingElse",
                    "config.ConfigFileTest#theEnvironmentIsNoPath",
                    "image.SourceTreeTest#namesThatAreOptionsAreRefused"),
            "the repository",
            List.of(
                    "image.SourceTreeTest#hooksAndHelpersOfTheRepositoryDoNotRun",
                    "image.GitTest#submodulesOfARepositoryFromElsewhereNameNoDirectoryOfThisMachine"),
            "test reports",
            List.of(
                    "report.HostileXmlTest#refusesToReadOtherFiles",
                    "report.HostileXmlTest#refusesBillionLaughs",
                    "report.HostileXmlTest#refusesDepth",
                    "report.HostileXmlTest#refusesMoreCasesThanItWouldKeepSinceAFailureCouldBeAmongThem",
                    "report.HostileXmlTest#keepsBothEndsOfALongText",
                    "report.HostileXmlTest#endsAnEndlessFileAtItsLimit"),
            "output of programs and containers",
            List.of(
                    "process.LogLinesTest#aTerminalCannotBeWrittenOn",
                    "process.LogLinesTest#anEndlessLineIsBoundedAndCountsWhatIsMissing",
                    "process.ProcessesTest#outputIsBounded"),
            "answers of the service",
            List.of(
                    "accept.HttpTest#endsWhenHeadOrBodyDrips",
                    "accept.HttpTest#endsEndlessHeadsAndBodies",
                    "accept.ProbeTest#saysWhatAnAnswerMeans"),
            "answers of the registry",
            List.of(
                    "image.RegistryTest#labelsAreReadThroughIndexAndRedirectWithoutOurCredentials",
                    "image.RegistryHttpTest#aRegistryThatDripsIsNotWaitedForWithoutEnd",
                    "image.layers.RegistrySessionTest#aRegistryThatNeverEndsIsEndedAtTheLimit",
                    "image.layers.RegistrySessionTest#credentialsStayOnTheMachineOfTheRegistry",
                    "image.RegistryHttpTest#credentialsAreNotSentToATokenServiceElsewhereWithoutTls",
                    "cli.LeakTest#aRegistryThatRefusesTheImage"),
            "answers of clouds",
            List.of(
                    "targets.cloud.CallsTest#aCallWhoseAnswerDripsHasAnEndInEveryLibrary",
                    "targets.beanstalk.BeanstalkClientTest#anAnswerThatDripsIsEndedByItsTime",
                    "targets.beanstalk.BeanstalkClientTest#anAnswerWithoutEndIsEndedByItsSize",
                    "targets.gke.ClusterAccessTest#anAnswerThatDripsIsEndedByItsTime",
                    "targets.gke.ClusterAccessTest#anAnswerWithoutEndIsEndedByItsSize",
                    "targets.gke.ClusterLocatorTest#anApiThatDripsIsNotWaitedForWithoutEnd",
                    "http.WholeAnswerTest#anAnswerIsReadToItsEndUnlessItIsTooLarge",
                    "cli.EchoTest#beanstalk"),
            "the base image of [`builder: layers`](pymdeploy.md#images-without-an-engine)",
            List.of(
                    "image.layers.BaseScanTest#noNameAndNoLinkOfABaseLeadsOut",
                    "image.layers.BaseScanTest#packagesBehindALinkAreRefused",
                    "image.layers.BaseScanTest#sizesAreRefusedBeforeTheyAreRead",
                    "image.layers.FileTreeTest#noFileIsWrittenBelowALink",
                    "image.layers.FileTreeTest#aDeviceIsRefused",
                    "image.layers.RegistrySessionTest#otherBytesThanThoseOfTheDigestAreRefused"),
            "the HTML report",
            List.of(
                    "report.HtmlReportTest#escapesHostileTextsEverywhere",
                    "report.HtmlReportTest#needsNothingButItself"));

    @Test
    void eachRowHasItsTests() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("docs/security.md")).stream()
                .dropWhile(line -> !line.equals("## Input that may be hostile"))
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1].strip())
                .toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(TESTS.keySet());
        for (String test : TESTS.values().stream().flatMap(List::stream).toList()) {
            String[] parts = test.split("#");
            Class<?> type = Class.forName("io.jenkins.plugins.pymacaron." + parts[0]);
            assertThat(Stream.of(type.getDeclaredMethods()).map(Method::getName))
                    .as(test)
                    .contains(parts[1]);
        }
    }
}
