package io.jenkins.plugins.pymacaron.jenkins.history;

import static io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistoryTest.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A history that no screen holds, and what is found in it. */
class HistoryPageTest {
    @TempDir
    Path directory;

    /** Returns 45 builds; live did not accept every fifth of them: it was rolled back. */
    private static EnvironmentView view() {
        List<DeploymentEntry> entries = new ArrayList<>();
        List<AcceptanceEntry> acceptances = new ArrayList<>();
        for (int build = 45; build >= 1; build--) {
            boolean bad = build % 5 == 0;
            if (bad) {
                entries.add(entry("live", "v" + (build - 1), "rollback", build));
            }
            entries.add(entry("live", "v" + build, "promote", build));
            acceptances.add(accepted(build, bad ? 2 : 0));
        }
        return new EnvironmentView(
                "docker:slot=live", "live", null, entries, acceptances, Optional.empty(), Optional.empty(), "", null);
    }

    private static AcceptanceEntry accepted(int build, int failed) {
        return new AcceptanceEntry(
                "live", 1, ".", build, "id-of-" + build, failed > 0 ? "TESTS_FAILED" : "SUCCEEDED", 10, failed, 1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',       '',      1,    54, 20, v44, 3
            '',       '',      3,    54, 14, v12, 3
            '',       '',      99,   54, 14, v12, 3
            '',       '',      -1,   54, 20, v44, 3
            '',       V7,      1,    1,  1,  v7,  1
            '',       '#12',   1,    1,  1,  v12, 1
            accepted, '',      1,    36, 20, v44, 2
            failed,   '',      1,    9,  9,  v45, 1
            back,     '',      1,    9,  9,  v44, 1
            failed,   ' v40 ', 1,    1,  1,  v40, 1
            <b>,      nothing, 1,    0,  0,  ,    1
            """)
    void hasWhatIsLookedFor(String show, String search, int page, int found, int shown, String first, int pages) {
        HistoryPage result = view().page(show, search, Integer.toString(page));
        assertThat(result.getAll()).isEqualTo(54);
        assertThat(result.getFound()).isEqualTo(found);
        assertThat(result.getPages()).isEqualTo(pages);
        assertThat(result.getEntries()).hasSize(shown);
        if (first != null) {
            assertThat(result.getEntries().get(0).version()).isEqualTo(first);
        }
    }

    @Test
    void takesAddressesOfAnyKind() {
        assertThat(view().page(null, null, null).getNumber()).isEqualTo(1);
        assertThat(view().page("x", "y", "z").getNumber()).isEqualTo(1);
    }

    @Test
    void eachDeploymentHasTheResultOfItsTests() {
        EnvironmentView view = view();
        List<DeploymentEntry> entries = view.page("", "", "1").getEntries();
        assertThat(entries.get(0).isRollback()).isTrue();
        assertThat(view.acceptanceOf(entries.get(0)))
                .as("brought back without tests")
                .isNull();
        assertThat(view.acceptanceOf(entries.get(1)).getText()).isEqualTo("2 of 13 failed");
        assertThat(view.acceptanceOf(entries.get(2)).getText()).isEqualTo("10 passed");
        assertThat(view.getAcceptance().getText())
                .as("of what serves: it was accepted before it was brought back")
                .isEqualTo("10 passed");
    }

    @Test
    void resultsAreKeptBesideDeploymentsAndPassedOverByEarlierVersions() throws Exception {
        DeploymentHistory history = DeploymentHistory.in(directory);
        history.add(List.of(entry("live", "1", "promote", 1)));
        history.add(accepted(1, 0));
        history.add(accepted(1, 0));
        assertThat(history.acceptances()).containsExactly(accepted(1, 0));
        assertThat(history.entries()).containsExactly(entry("live", "1", "promote", 1));
        assertThat(history.byEnvironment()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            docker:engine=x;service=hello;slot=live               | docker    | host-1 | Live · Docker on host-1
            docker:engine=x;env=qa;service=hello;slot=live        | docker    |        | Live qa · Docker
            docker:engine=x;live=2;service=hello;slot=live        | docker    | host-1 | Live 2 · Docker on host-1
            docker/hello/live                                     | docker    |        | Live · Docker
            beanstalk:region=eu-west-1;service=hello;slot=live    | beanstalk | host-1 | Live · AWS Elastic Beanstalk in eu-west-1
            cloud-run:project=p;region=us-east1;service=h;slot=live | cloud-run |      | Live · Google Cloud Run in us-east1
            gke:context=prod;namespace=n;service=hello;slot=live  | gke       |        | Live · Kubernetes on prod
            gke:cluster=c;project=p;region=r;service=h;slot=live  | gke       |        | Live · Google Kubernetes Engine on c
            other:service=hello;slot=live                         | other     |        | Live · other
            """)
    void environmentsAreTitledAsPeopleSayThem(String id, String target, String node, String title) {
        DeploymentEntry now = new DeploymentEntry(
                1, id, "live", target, "hello", ".", "1", "", "", "", "promote", 1, "", "", id, false, node, "");
        assertThat(EnvironmentTitle.of(id, now)).isEqualTo(title);
    }
}
