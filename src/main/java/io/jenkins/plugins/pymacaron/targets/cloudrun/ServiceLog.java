package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads the last lines of a revision in Cloud Logging. They help the reader of a report: where they are not available,
 * a note gives the reason, and nothing fails.
 *
 * <p>One call, so that no client library is needed: entries.list of the Cloud Logging API v2,
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list; the labels are those of the resource
 * cloud_run_revision, https://cloud.google.com/monitoring/api/resources#tag_cloud_run_revision.
 */
final class ServiceLog {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** "To make queries faster": older lines are not about the tests that have just run. */
    private static final Duration LOOK_BACK = Duration.ofHours(1);
    /** "If negative or exceeds 1000, the request is rejected": an older description of pageSize. */
    private static final int PAGE = 1000;
    /** An answer may have no entries yet, and a token for the next page. */
    private static final int PAGES = 5;

    private static final int LARGEST = 32 << 20;

    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final TargetContext surroundings;
    private final InstantSource clock;
    private final Duration limit;
    private final Calls calls = new Calls(ServiceLog::failure);
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    ServiceLog(CloudRunNames names, CloudRunClient connection, TargetContext surroundings, InstantSource clock) {
        this(names, connection, surroundings, clock, TIMEOUT);
    }

    /** Makes a reader. @param limit for a whole answer */
    ServiceLog(
            CloudRunNames names,
            CloudRunClient connection,
            TargetContext surroundings,
            InstantSource clock,
            Duration limit) {
        this.limit = limit;
        this.names = names;
        this.connection = connection;
        this.surroundings = surroundings;
        this.clock = clock;
    }

    /** Thrown for an answer that is a refusal. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private static Failure failure(Exception e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (e instanceof RefusedException refused) {
            return Failure.ofStatus(refused.status, line);
        }
        return new Failure(e instanceof IOException ? Kind.UNCLEAR : Kind.REFUSED, line);
    }

    /** Returns the last lines, oldest first, not masked; empty where they are not available. */
    String last(String revision, int lines) throws InterruptedException {
        try {
            Optional<URI> api = connection.logging();
            return api.isEmpty() ? "" : text(entries(api.get(), revision, lines), lines);
        } catch (TargetException e) {
            surroundings.once("the log of " + names.service() + " is not shown: " + e.getMessage()
                    + " (it takes roles/logging.viewer, and the Cloud Logging API)");
            return "";
        }
    }

    private List<JsonNode> entries(URI api, String revision, int lines) throws TargetException, InterruptedException {
        List<JsonNode> newestFirst = new ArrayList<>();
        String token = "";
        for (int page = 0; page < PAGES && newestFirst.size() < lines; page++) {
            ObjectNode asked = JsonNodeFactory.instance.objectNode();
            asked.putArray("resourceNames").add("projects/" + names.project());
            asked.put("filter", filter(revision))
                    .put("orderBy", "timestamp desc")
                    .put("pageSize", Math.min(PAGE, lines));
            if (!token.isEmpty()) {
                asked.put("pageToken", token);
            }
            JsonNode answer = calls.read("read its entries", () -> ask(api, asked));
            answer.path("entries").forEach(newestFirst::add);
            token = answer.path("nextPageToken").asText();
            if (token.isEmpty()) {
                break;
            }
        }
        return newestFirst;
    }

    private String filter(String revision) {
        return "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"" + names.service()
                + "\" AND resource.labels.location=\"" + names.region() + "\" AND resource.labels.revision_name=\""
                + revision + "\" AND timestamp>=\""
                + clock.instant().minus(LOOK_BACK).truncatedTo(ChronoUnit.SECONDS) + "\"";
    }

    JsonNode ask(URI api, ObjectNode asked)
            throws RefusedException, TargetException, IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + "/v2/entries:list"))
                .timeout(limit)
                .header("Authorization", "Bearer " + connection.credential().accessToken())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(asked.toString()))
                .build();
        long begun = System.nanoTime();
        WholeAnswer answer = WholeAnswer.ask(http, request, LARGEST, limit);
        connection
                .credential()
                .recording()
                .add("logging", request, asked.toString(), answer, Duration.ofNanos(System.nanoTime() - begun));
        if (answer.status() != 200) {
            throw new RefusedException(answer.status(), answer.status() + " " + message(answer.body()));
        }
        return json.readTree(answer.body());
    }

    private String message(byte[] body) {
        try {
            return json.readTree(body).path("error").path("message").asText();
        } catch (IOException e) {
            return "";
        }
    }

    private static String text(List<JsonNode> newestFirst, int lines) {
        List<JsonNode> entries = new ArrayList<>(newestFirst);
        Collections.reverse(entries);
        List<String> all =
                entries.stream().flatMap(entry -> line(entry).lines()).toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    /** Returns the line that the service wrote, as text or as JSON, or a request that Cloud Run logged. */
    private static String line(JsonNode entry) {
        String time = entry.path("timestamp").asText() + " ";
        JsonNode payload = entry.path("jsonPayload");
        JsonNode request = entry.path("httpRequest");
        if (entry.has("textPayload")) {
            return time + entry.path("textPayload").asText();
        }
        if (!payload.isMissingNode()) {
            return time
                    + (payload.path("message").isTextual()
                            ? payload.path("message").asText()
                            : payload.toString());
        }
        return request.isMissingNode()
                ? ""
                : time + request.path("requestMethod").asText() + " "
                        + request.path("requestUrl").asText() + " "
                        + request.path("status").asText();
    }
}
