package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests a task beside other work: its result, its failure, and its early end. */
@Timeout(20 * 60)
class BesideTaskTest {
    @Test
    void itRunsBesideTheOneThatWaitsForIt() throws Exception {
        CountDownLatch meanwhile = new CountDownLatch(1);
        try (BesideTask<String> task = BesideTask.begin(() -> {
            meanwhile.await();
            return "done";
        })) {
            meanwhile.countDown();

            assertThat(task.result()).isEqualTo("done");
        }
    }

    @Test
    void itsFailureIsThatOfTheOneThatWaits() {
        assertThatThrownBy(() -> {
                    try (BesideTask<String> task = BesideTask.begin(() -> {
                        throw new SourceException("no such commit");
                    })) {
                        task.result();
                    }
                })
                .isInstanceOf(SourceException.class)
                .hasMessage("no such commit");
    }

    @Test
    void nothingOfItRunsAfterItsEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        BesideTask<String> task = BesideTask.begin(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } finally {
                ended.set(true);
            }
        });
        begun.await();
        Thread.currentThread().interrupt();

        task.close();

        assertThat(ended).isTrue();
        assertThat(Thread.interrupted())
                .as("the interrupt of the caller is kept")
                .isTrue();
    }
}
