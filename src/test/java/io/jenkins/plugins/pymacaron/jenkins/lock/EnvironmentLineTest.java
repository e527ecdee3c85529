package io.jenkins.plugins.pymacaron.jenkins.lock;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.TaskListener;
import hudson.util.XStream2;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentLineTest {
    private static final String ENVIRONMENT = "docker/hello/live";

    @Test
    void servesInTheOrderOfAsking() {
        EnvironmentLine line = new EnvironmentLine(ENVIRONMENT);
        assertThat(line.hold("a#1")).isTrue();
        line.join("b#1", step());
        line.join("a#2", step());
        assertThat(line.before("b#1")).isZero();
        assertThat(line.before("a#2")).isOne();

        assertThat(line.release("a#2")).as("does not hold it").isFalse();
        assertThat(line.release("a#1")).isTrue();
        assertThat(line.hold("c#1")).as("does not push in").isFalse();
        assertThat(line.give(line.waiting().get(0))).hasSize(1);
        assertThat(line.holder()).isEqualTo("b#1");
    }

    @Test
    void oneBuildMayAskOften() {
        EnvironmentLine line = new EnvironmentLine(ENVIRONMENT);
        assertThat(line.hold("a#1")).isTrue();
        assertThat(line.hold("a#1")).isTrue();
        line.join("b#1", step());
        line.join("b#1", step());
        line.release("a#1");
        assertThat(line.give(line.waiting().get(0))).as("both its steps").hasSize(2);
        assertThat(line.release("b#1")).isTrue();
        assertThat(line.owners()).isEmpty();
    }

    @Test
    void keepsItsOrderOnDisk() {
        EnvironmentLine line = new EnvironmentLine(ENVIRONMENT);
        line.hold("a#1");
        line.join("b#1", step());
        line.join("c#1", step());

        XStream2 xstream = new XStream2();
        String stored = xstream.toXML(line);
        assertThat(stored).doesNotContain("asker");
        EnvironmentLine read = (EnvironmentLine) xstream.fromXML(stored);
        assertThat(read.environment()).isEqualTo(ENVIRONMENT);
        assertThat(read.holder()).isEqualTo("a#1");
        read.join("c#1", step());
        assertThat(read.before("c#1")).as("has its old place").isOne();
        read.release("a#1");
        assertThat(read.give(read.waiting().get(0)))
                .as("b has not asked again yet")
                .isEmpty();
        assertThat(read.hold("b#1")).as("and finds that it has it").isTrue();
    }

    @Test
    void knowsAfterARestartSinceWhenABuildWaits() {
        EnvironmentLine line = new EnvironmentLine(ENVIRONMENT);
        line.hold("a#1");
        line.join("b#1", step());
        long asked = line.askedAt("b#1");
        assertThat(asked).isPositive();

        XStream2 xstream = new XStream2();
        String stored = xstream.toXML(line);
        EnvironmentLine read = (EnvironmentLine) xstream.fromXML(stored);
        read.join("b#1", step());
        assertThat(read.askedAt("b#1")).isEqualTo(asked);
        read.rename("b", "c");
        assertThat(read.askedAt("c#1")).isEqualTo(asked);
        read.leave("c#1");
        assertThat(read.askedAt("c#1")).isZero();

        EnvironmentLine old = (EnvironmentLine) xstream.fromXML(stored.replaceFirst("(?s)<since>.*</since>", ""));
        assertThat(old.askedAt("b#1")).as("of an earlier version").isZero();
        old.join("b#1", step());
        assertThat(old.waiting()).containsExactly("b#1");
    }

    private static QueuedStep step() {
        return new QueuedStep(WaitingListener.of(TaskListener.NULL), false);
    }

    @Test
    void followsJobsThatAreMoved() {
        EnvironmentLine line = new EnvironmentLine(ENVIRONMENT);
        line.hold("folder/a#1");
        line.join("folder/ab#2", step());
        line.join("folder/a#3", step());
        line.rename("folder/a", "other/a");
        assertThat(line.owners()).isEqualTo(List.of("folder/ab#2", "other/a#3", "other/a#1"));
        assertThat(line.leave("other/a#3")).hasSize(1);
    }
}
