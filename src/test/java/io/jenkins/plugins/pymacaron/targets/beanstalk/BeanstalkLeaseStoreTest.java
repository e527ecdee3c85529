package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.ConfigException;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.LeaseKeeper;
import io.jenkins.plugins.pymacaron.targets.LeaseStory;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The lease as AWS keeps it. */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class BeanstalkLeaseStoreTest {
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

    @Test
    void theLeaseIsATagOfTheApplication() throws Exception {
        rig.deploy("1");
        LeaseKeeper mine = keeper("me");
        mine.take();

        assertThat(rig.server.service.applications.get("hello")).containsKey("pymacaron:lease:beanstalk/hello/live");
        assertThatThrownBy(() -> keeper("you").take())
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("me deploys to beanstalk/hello/live");
        mine.giveBack();
        assertThat(rig.server.service.applications.get("hello"))
                .doesNotContainKey("pymacaron:lease:beanstalk/hello/live");
    }

    @Test
    void itStaysBetweenTwoStages() throws Exception {
        rig.deploy("1");

        LeaseStory.tell(() -> rig.target(Slot.LIVE, "").leases().orElseThrow());
    }

    @Test
    void beforeThereIsAnApplicationTheLeaseIsKeptForIt() throws Exception {
        LeaseKeeper mine = keeper("me");
        mine.take();
        rig.server.service.createApplication("hello");

        mine.check();

        assertThat(rig.server.service.applications.get("hello")).containsKey("pymacaron:lease:beanstalk/hello/live");
        mine.giveBack();
        assertThat(rig.server.service.applications.get("hello"))
                .doesNotContainKey("pymacaron:lease:beanstalk/hello/live");
    }

    private LeaseKeeper keeper(String owner) throws ConfigException {
        return new LeaseKeeper(
                rig.target(Slot.LIVE, "").leases().orElseThrow(),
                owner,
                "beanstalk/hello/live",
                Clock.systemUTC(),
                l -> {});
    }
}
