package io.jenkins.plugins.pymacaron.jenkins.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The pages of a job with five thousand deployments come as soon as those of a job with few: only the entries on the page
 * cost time. {@code -Dpym.full=true} prints the times.
 */
@WithJenkins
class ManyDeploymentsTest {
    private static final boolean FULL = Boolean.getBoolean("pym.full");
    private static final int FEW = 50;
    private static final int MANY = 5_000;
    private static final int TRIES = 40;
    private static final int MOST_TIMES = 2;

    /** A page that answers within this time is fast, though a smaller one may be faster. */
    private static final Duration FAST = Duration.ofMillis(100);

    @Test
    void comeAsSoonAsFew(JenkinsRule j) throws Exception {
        FreeStyleProject few = job(j, "few", FEW);
        FreeStyleProject many = job(j, "many", MANY);
        for (String page : new String[] {"deployments/", "deployments/api/json", ""}) {
            URI ofFew = j.getURL().toURI().resolve(few.getUrl() + page);
            URI ofMany = j.getURL().toURI().resolve(many.getUrl() + page);
            Duration least = Duration.ofDays(1);
            Duration most = least;
            // The best of some in turn, since other work on the machine says nothing about the page.
            for (int i = 0; i < TRIES && (i < 2 || most.compareTo(limit(least)) > 0); i++) {
                least = min(least, firstByte(ofFew));
                most = min(most, firstByte(ofMany));
            }
            if (FULL) {
                System.out.println("'" + page + "': first byte after " + most.toMillis() + " ms of " + MANY + ", "
                        + least.toMillis() + " ms of " + FEW);
            }
            assertThat(most).as(page).isLessThanOrEqualTo(limit(least));
        }
    }

    private static Duration limit(Duration few) {
        Duration times = few.multipliedBy(MOST_TIMES);
        return times.compareTo(FAST) > 0 ? times : FAST;
    }

    private static FreeStyleProject job(JenkinsRule j, String name, int builds) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject(name);
        Delivery.build(j, job, Story.shipped(1, "v1"));
        Path file = job.getRootDir().toPath().resolve("pymacaron-deployments.jsonl");
        List<String> one = Files.readAllLines(file);
        Files.writeString(
                file,
                IntStream.rangeClosed(1, builds)
                        .boxed()
                        .flatMap(build -> one.stream().map(line -> of(line, build)))
                        .collect(Collectors.joining("\n", "", "\n")));
        return job;
    }

    /** Returns the line of the first build as that of another one. */
    private static String of(String line, int build) {
        String other = line.replace("\"v1\"", "\"v" + build + "\"").replace("\"build\":1,", "\"build\":" + build + ",");
        assertThat(other).contains("\"build\":" + build + ",");
        return other;
    }

    private static Duration firstByte(URI page) throws Exception {
        long began = System.nanoTime();
        HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            assertThat(in.read()).isNotNegative();
            Duration duration = Duration.ofNanos(System.nanoTime() - began);
            in.readAllBytes();
            assertThat(answer.statusCode()).isEqualTo(200);
            return duration;
        }
    }

    private static Duration min(Duration one, Duration other) {
        return Stream.of(one, other).min(Duration::compareTo).orElseThrow();
    }
}
