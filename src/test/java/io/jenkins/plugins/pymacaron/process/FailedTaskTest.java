package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailedTaskTest {
    @Test
    void aFailureOfInputOrOutputIsReturnedAsItIs() throws Exception {
        IOException full = new IOException("no space");

        assertThat(FailedTask.failure(new ExecutionException(full))).isSameAs(full);
    }

    @Test
    void anotherCheckedFailureBecomesOneOfInputOrOutput() throws Exception {
        Exception other = new Exception("odd");

        assertThat(FailedTask.failure(new ExecutionException(other)))
                .isInstanceOf(IOException.class)
                .hasCause(other);
    }

    @Test
    void anInterruptAndUncheckedFailuresAreThrown() {
        for (Throwable thrown :
                new Throwable[] {new InterruptedException(), new IllegalStateException("bug"), new StackOverflowError()
                }) {
            assertThatThrownBy(() -> FailedTask.failure(new ExecutionException(thrown)))
                    .isSameAs(thrown);
        }
    }
}
