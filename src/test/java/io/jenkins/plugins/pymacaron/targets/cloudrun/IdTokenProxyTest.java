package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20 * 60)
class IdTokenProxyTest {
    private static final int SLOW = 20;

    private static HttpRequest get(IdTokenProxy door, String path) {
        return HttpRequest.newBuilder(URI.create(door.address() + path))
                .timeout(Duration.ofMinutes(10))
                .build();
    }

    @Test
    void theTokenIsAddedAndEverythingElseGoesThrough() throws Exception {
        try (WireServer service = WireServer.start(request -> Answer.json(
                        418,
                        request.method() + " " + request.path() + " " + request.query() + " " + request.text() + " "
                                + request.headers().get("authorization") + " "
                                + request.headers().get("x-serverless-authorization")));
                IdTokenProxy door = new IdTokenProxy(service.url(), () -> "id-token")) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(door.address() + "/v1/x?a=b%26c"))
                                    .header("Authorization", "Bearer mine")
                                    .POST(HttpRequest.BodyPublishers.ofString("hello"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(418);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.body()).isEqualTo("POST /v1/x {a=b&c} hello Bearer mine Bearer id-token");
        }
    }

    @Test
    void requestsThatGetNoAnswerDoNotKeepOutOthers() throws Exception {
        CountDownLatch waiting = new CountDownLatch(SLOW);
        CountDownLatch end = new CountDownLatch(1);
        HttpClient client = HttpClient.newHttpClient();
        try (WireServer service = WireServer.start(request -> {
                    if (request.path().equals("/slow")) {
                        waiting.countDown();
                        end.await();
                    }
                    return Answer.json(200, "{}");
                });
                IdTokenProxy door = new IdTokenProxy(service.url(), () -> "id-token")) {
            for (int i = 0; i < SLOW; i++) {
                client.sendAsync(get(door, "/slow"), HttpResponse.BodyHandlers.discarding());
            }
            assertThat(waiting.await(600, TimeUnit.SECONDS))
                    .as("all of them got through")
                    .isTrue();

            assertThat(client.send(get(door, "/ping"), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            end.countDown();
        }
    }

    @Test
    void aServiceThatDripsIsNotWaitedForWithoutEnd() throws Exception {
        try (DrippingServer service = new DrippingServer();
                IdTokenProxy door = new IdTokenProxy(service.url(), () -> "id-token", Duration.ofMillis(300))) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(door.address()).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("no whole answer within 300 ms");
        }
    }

    @Test
    void aLogThatDripsIsNotWaitedForWithoutEnd() throws Exception {
        TargetContext surroundings = new TargetContext(Map.of(GoogleCredential.TOKEN, "token"), line -> {});
        ServiceLog log = new ServiceLog(
                null, new CloudRunClient(surroundings), surroundings, Clock.systemUTC(), Duration.ofMillis(300));
        try (DrippingServer api = new DrippingServer()) {
            assertThatThrownBy(() -> log.ask(api.url(), JsonNodeFactory.instance.objectNode()))
                    .hasMessageContaining("no whole answer within 300 ms");
        }
    }
}
