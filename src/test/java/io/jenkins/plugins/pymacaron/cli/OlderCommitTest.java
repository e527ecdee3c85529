package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A deployment that comes late does not replace live by an older commit. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class OlderCommitTest {
    @TempDir
    Path temporary;

    @Test
    void anOlderCommitGoesLiveOnlyWhereThatIsAskedFor() throws Exception {
        Service service = Service.in(temporary);
        service.content("two").commit("second");
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.git("checkout", "--quiet", "HEAD~1");

        Service.Ended late = service.run("--no-test", "--no-push");

        assertThat(late.code()).as(late.output()).isEqualTo(ExitCode.SUPERSEDED.code());
        assertThat(late.output())
                .contains("and so is newer; it stays", "--allow-older")
                .doesNotContain("== Build image");
        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.staging()).isEqualTo("two");

        Service.Ended asked = service.run("--no-test", "--no-push", "--allow-older");

        assertThat(asked.code()).as(asked.output()).isZero();
        assertThat(Service.live()).isEqualTo("one");
    }
}
