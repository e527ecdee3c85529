package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The rules by which a candidate is accepted.
 *
 * @param readyTimeout how long GET /ping may take to answer after the start
 * @param requestTimeout how long one probe may take
 * @param consecutive how many proofs in a row count as proven
 * @param tests directories or files with acceptance tests, relative to the project
 * @param runner of all tests: pytest or unittest; empty for pytest where the interpreter has it
 * @param parallel the largest number of processes of the acceptance tests
 * @param host the Host header of requests to the service; empty for that of the address
 * @param basePath the path below which /ping and /version are; "" or beginning with a slash, and never ending with one
 */
public record Accept(
        Duration readyTimeout,
        Duration requestTimeout,
        int consecutive,
        List<String> tests,
        Optional<String> runner,
        int parallel,
        Optional<String> host,
        String basePath) {
    public Accept {
        tests = List.copyOf(tests);
    }
}
