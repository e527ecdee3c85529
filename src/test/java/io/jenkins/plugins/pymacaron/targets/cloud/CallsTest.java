package io.jenkins.plugins.pymacaron.targets.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import io.jenkins.plugins.pymacaron.http.DrippingServer;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallsTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final Calls calls = new Calls(
            e -> Failure.ofStatus(Integer.parseInt(e.getMessage()), "status " + e.getMessage()),
            pauses::add,
            () -> 0.5);

    private static String answer(Iterator<String> statuses) throws IOException {
        String status = statuses.next();
        if (!status.equals("200")) {
            throw new IOException(status);
        }
        return "good";
    }

    @Test
    void readingIsTriedAgainWithGrowingPauses() throws Exception {
        Iterator<String> statuses = List.of("429", "503", "500", "200").iterator();

        assertThat(calls.read("list", () -> answer(statuses))).isEqualTo("good");
        assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aLastingRefusalIsNotTriedAgain() {
        assertThatThrownBy(
                        () -> calls.read("list it", () -> answer(List.of("403").iterator())))
                .isInstanceOf(TargetException.class)
                .hasMessage("cannot list it: status 403");
        assertThat(pauses).isEmpty();
    }

    @Test
    void readingIsGivenUpAfterHalfAMinute() {
        assertThatThrownBy(() -> calls.read("list it", () -> {
                    throw new IOException("503");
                }))
                .isInstanceOfSatisfying(
                        CloudException.class,
                        e -> assertThat(e.failure().kind()).isEqualTo(Failure.Kind.UNCLEAR));
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"429, RETRY", "500, UNCERTAIN", "503, UNCERTAIN", "408, UNCERTAIN", "404, REJECTED", "409, REJECTED"})
    void aChangeIsMadeOnceAndTheDriverToldWhatIsKnown(String status, EffectException.Kind kind) {
        assertThatThrownBy(() -> calls.change(() -> answer(List.of(status).iterator())))
                .isInstanceOfSatisfying(
                        EffectException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(pauses).isEmpty();
    }

    @Test
    void anUnreadableStateIsNotKnown() throws Exception {
        assertThat(calls.look(() -> {
                    throw new IOException("403");
                }))
                .isEqualTo(Lookup.unknown("status 403"));
    }

    @Test
    void anInterruptStaysOne() {
        assertThatThrownBy(() -> calls.read("list", () -> {
                    Thread.currentThread().interrupt();
                    throw new IOException("503");
                }))
                .isInstanceOf(InterruptedException.class);
    }

    /** A library may have a limit for the head of an answer alone, or for each of its bytes. */
    @Test
    void aCallWhoseAnswerDripsHasAnEndInEveryLibrary() throws Exception {
        Calls limited = new Calls(
                e -> Failure.ofStatus(403, "not asked"), pauses::add, () -> 0.5, new CallLimit(Duration.ofMillis(300)));
        try (DrippingServer server = new DrippingServer()) {
            assertThatThrownBy(() -> limited.change(
                            () -> server.url().toURL().openStream().readAllBytes()))
                    .isInstanceOfSatisfying(
                            EffectException.class, e -> assertThat(e.kind()).isEqualTo(EffectException.Kind.UNCERTAIN))
                    .hasMessageContaining("no whole answer within 0.3 s");
            assertThat(limited.look(() -> {
                        server.url().toURL().openStream().readAllBytes();
                        return Lookup.ABSENT;
                    }))
                    .isInstanceOf(Lookup.Unknown.class);
            HttpRequest token = new BoundedTransport(Duration.ofMillis(300))
                    .createRequestFactory()
                    .buildGetRequest(new GenericUrl(server.url()));
            assertThatThrownBy(token::execute).hasMessageContaining("no whole answer within 300 ms");
        }
    }
}
