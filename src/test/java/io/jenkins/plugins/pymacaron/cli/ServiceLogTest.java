package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The log of a service that fails is kept, even where its container is gone by then. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class ServiceLogTest {
    private static final String STAGING = Service.NAME + "-staging";
    private static final String LIVE = Service.NAME + "-live";

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
    }

    private Service.Ended run(int expected, String... arguments) {
        Service.Ended ended = service.run(arguments);
        assertThat(ended.code()).as(ended.output()).isEqualTo(expected);
        return ended;
    }

    private Path report(String file) throws Exception {
        return service.lastRun().resolve("report").resolve(file);
    }

    private StageSummary stage(String key) throws Exception {
        return service.summary().stages().stream()
                .filter(s -> s.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private void keeps(String stage, String words, Service.Ended ended) throws Exception {
        Path log = report(stage + ".log");
        assertThat(log).content().contains(words).doesNotContain("not so secret");
        assertThat(ended.output()).contains("Log of the service: " + log);
        assertThat(stage(stage).urls()).containsEntry("log", stage + ".log");
        assertThat(report("report.html")).content().contains("href=\"" + stage + ".log\"", "Container log", words);
    }

    @Test
    void ifItDoesNotStartInStagingOrDoesNotAnswerInLive() throws Exception {
        run(0, "--no-test", "--no-push");
        service.write("server.py", """
                        import os
                        print('starting with ' + os.environ['E2E_SECRET'], flush=True)
                        if os.environ['PYM_ENV'].endswith('-staging'):
                            raise RuntimeError('no database in staging')
                        """ + Service.server("two")).commit("fails in staging");

        Service.Ended ended = run(6, "--no-unittest", "--no-push");

        assertThat(ended.story()).anyMatch(line -> line.contains("RuntimeError: no database in staging"));
        keeps("staging", "RuntimeError: no database in staging", ended);
        assertThat(report("staging.xml")).content().contains("no database in staging");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(Service.staging()).isEqualTo("one");

        service.write("pym-config.yaml", Service.config() + "live: {accept: {ready_timeout: 30s}}\n");
        service.write("server.py", """
                        import os
                        import time
                        if os.environ['PYM_ENV'].endswith('-live'):
                            print('waiting for a database', flush=True)
                            time.sleep(600)
                        """ + Service.server("three")).commit("hangs in live");

        ended = run(6, "--no-test", "--no-push");

        assertThat(ended.output()).contains("FAILED Promote to live", "waiting for a database");
        keeps("promote", "waiting for a database", ended);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
    }

    @Test
    void ifItsTestsFailOrCrash() throws Exception {
        service.at(STAGING, "kill -9 $PPID").commit("the tests of staging crash");

        Service.Ended ended = run(4, "--no-unittest", "--no-push");

        assertThat(ended.output()).contains("FAILED Accept staging", "the tests crashed");
        assertThat(report("accept-staging.log")).content().contains("gunicorn");

        service.at(STAGING, "exit 0").at(LIVE, "exit 1").commit("those of live fail");
        ended = run(6, "--no-unittest", "--no-push");

        keeps("live", "gunicorn", ended);
        assertThat(Files.exists(report("staging.log"))).as("it did start").isFalse();
    }
}
