package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.PowerLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first deployment of a job, like each later one, is on disk with the name of its file. */
@Timeout(20 * 60)
class DurableHistoryTest {
    @TempDir
    Path temporary;

    /** Writes the first entry of a job, in a process of its own. */
    public static void main(String[] arguments) throws IOException {
        DeploymentHistory.in(Path.of(arguments[0]))
                .add(List.of(DeploymentHistoryTest.entry("live", "1", "promote", 1)));
    }

    @Test
    void theFirstEntryOutlivesALossOfPower() throws Exception {
        assertThat(PowerLoss.of(DurableHistoryTest.class, temporary)).isEmpty();
    }
}
