package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Condition;
import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.TrafficTargetStatus;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.CloudException;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import io.jenkins.plugins.pymacaron.targets.cloud.LastingRefusal;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the facts that {@link CloudRunWaitConditions} waits for: the state of a revision and of the traffic by the API,
 * and the answers at the URLs.
 */
final class CloudRunStateReader {
    /** Enough requests that a share of 5 % is in the sample more often than not. */
    static final int CANARY_SAMPLES = 20;

    private static final String READY = "Ready";

    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final Calls calls;
    private final IdTokenProxies doors;
    private final Probe probe;
    private final int consecutive;
    private final Optional<URI> front;
    private final LastingRefusal refusal;

    /**
     * Makes a reader.
     *
     * @param consecutive how many requests in a row have to be answered by one version before it counts as seen
     * @param front the front of the service, which has to answer as the service does
     */
    CloudRunStateReader(
            CloudRunNames names,
            CloudRunClient connection,
            Calls calls,
            IdTokenProxies doors,
            Probe probe,
            int consecutive,
            Optional<URI> front) {
        this.front = front;
        this.names = names;
        this.connection = connection;
        this.calls = calls;
        this.doors = doors;
        this.probe = probe;
        this.consecutive = consecutive;
        refusal = new LastingRefusal(connection.clock());
    }

    Map<String, String> read(Subject subject, CurrentReader current) throws InterruptedException {
        String[] words = CloudRunWaitConditions.words(subject);
        try {
            Map<String, String> seen =
                    switch (subject.kind()) {
                        case CloudRunWaitConditions.REVISION -> {
                            Map<String, String> facts = revision(words[0]);
                            refused(words[1])
                                    .filter(why -> !"ready".equals(facts.get(CloudRunWaitConditions.STATE)))
                                    .filter(why -> !"failed".equals(facts.get(CloudRunWaitConditions.STATE))
                                            || facts.get(CloudRunWaitConditions.REASON)
                                                    .isEmpty())
                                    .ifPresent(why -> facts.putAll(Map.of(
                                            CloudRunWaitConditions.STATE,
                                            "failed",
                                            CloudRunWaitConditions.REASON,
                                            why)));
                            yield facts;
                        }
                        case CloudRunWaitConditions.TAG -> tag(words[0], words[1]);
                        case CloudRunWaitConditions.LIVE -> live(words[0], words[1], words[3]);
                        case LiveUnchangedCheck.ENVIRONMENT ->
                            current.read()
                                    .map(d -> Map.of(LiveUnchangedCheck.DEPLOYMENT, d))
                                    .orElse(Map.of());
                        default -> throw new IllegalArgumentException(subject.kind());
                    };
            refusal.passed();
            return seen;
        } catch (TargetException e) {
            return refusal.facts(e);
        } catch (IOException e) {
            return Map.of(LiveUnchangedCheck.ERROR, String.valueOf(e.getMessage()));
        }
    }

    /** Reads the deployment that serves now. */
    @FunctionalInterface
    interface CurrentReader {
        Optional<String> read() throws TargetException, InterruptedException;
    }

    /** Returns the service; empty where there is none. */
    Optional<Service> service() throws TargetException, InterruptedException {
        return there("read service " + names.service(), () -> connection.api().service(names))
                .filter(CloudRunStateReader::isThere);
    }

    /**
     * Returns whether it exists. A service that is about to be deleted is visible until it is gone; gcloud does not
     * change it either.
     */
    static boolean isThere(Service service) {
        return !service.hasDeleteTime();
    }

    Optional<Revision> find(String revision) throws TargetException, InterruptedException {
        return there("read revision " + revision, () -> connection.api().revision(names, revision));
    }

    List<Revision> revisions() throws TargetException, InterruptedException {
        return calls.read(
                "list the revisions of " + names.service(),
                () -> connection.api().revisions(names));
    }

    /**
     * Returns the reason why an accepted change failed: the error of its long-running operation. Empty where there is
     * none, and where it cannot be read: the state of the changed resource tells too.
     *
     * @param operation its name, "" for none
     */
    private Optional<String> refused(String operation) throws TargetException, InterruptedException {
        if (operation.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(calls.read(
                            "read operation " + operation,
                            () -> connection.api().operation(operation)))
                    .filter(found -> found.getDone() && found.hasError())
                    .map(found -> CloudRunFailureMapper.line(found.getError()));
        } catch (CloudException e) {
            return Optional.empty();
        }
    }

    private <T> Optional<T> there(String what, java.util.concurrent.Callable<T> call)
            throws TargetException, InterruptedException {
        try {
            return Optional.of(calls.read(what, call));
        } catch (CloudException e) {
            if (e.failure().kind() == Failure.Kind.MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Returns the URL of the service, or of one of its tags; empty while the service does not tell it. */
    static Optional<String> url(Service service, String tag) {
        if (tag.isEmpty()) {
            return Optional.of(service.getUri()).filter(uri -> !uri.isEmpty());
        }
        return service.getTrafficStatusesList().stream()
                .filter(status -> status.getTag().equals(tag))
                .map(TrafficTargetStatus::getUri)
                .filter(uri -> !uri.isEmpty())
                .findFirst();
    }

    private Map<String, String> revision(String name) throws TargetException, InterruptedException {
        Map<String, String> facts = new HashMap<>();
        Optional<Revision> found = find(name);
        Optional<Condition> ready = found.flatMap(r -> condition(r.getConditionsList()));
        if (found.isEmpty()) {
            // The revision is not made yet, or was refused: then the service itself tells the reason.
            ready = service()
                    .filter(s -> !s.getReconciling())
                    .map(Service::getTerminalCondition)
                    .filter(c -> c.getState() == Condition.State.CONDITION_FAILED);
        }
        found.ifPresent(r -> facts.put(CloudRunWaitConditions.DIGEST, digest(r)));
        facts.put(
                CloudRunWaitConditions.STATE,
                ready.map(c -> state(c.getState())).orElse("pending"));
        facts.put(
                CloudRunWaitConditions.REASON, ready.map(Condition::getMessage).orElse("Cloud Run has not begun"));
        return facts;
    }

    private static Optional<Condition> condition(List<Condition> conditions) {
        return conditions.stream().filter(c -> c.getType().equals(READY)).findFirst();
    }

    private static String state(Condition.State state) {
        return switch (state) {
            case CONDITION_SUCCEEDED -> "ready";
            case CONDITION_FAILED -> "failed";
            default -> "pending";
        };
    }

    static boolean isReady(Revision revision) {
        return condition(revision.getConditionsList())
                .filter(c -> c.getState() == Condition.State.CONDITION_SUCCEEDED)
                .isPresent();
    }

    /** Returns the digest of the image that the API names; the whole name where it has none. */
    static String digest(Revision revision) {
        String image = revision.getContainersCount() == 0
                ? ""
                : revision.getContainers(RevisionTemplateBuilder.main(revision.getContainersList()))
                        .getImage();
        return image.substring(image.indexOf('@') + 1);
    }

    private Map<String, String> tag(String revision, String tag)
            throws TargetException, IOException, InterruptedException {
        Map<String, String> facts = new HashMap<>(revision(revision));
        Optional<Service> service = service();
        Optional<String> url = service.flatMap(s -> url(s, tag));
        if (url.isEmpty()) {
            facts.put(LiveUnchangedCheck.ERROR, "tag " + tag + " has no URL yet");
            return facts;
        }
        ask(facts, service.get(), url.get(), 1, CloudRunWaitConditions.VERSIONS);
        return facts;
    }

    private Map<String, String> live(String revision, String tag, String operation)
            throws TargetException, IOException, InterruptedException {
        Map<String, String> facts = new HashMap<>(revision(revision));
        Optional<Service> found = service();
        Optional<String> url = found.flatMap(s -> url(s, ""));
        if (url.isEmpty()) {
            facts.put(LiveUnchangedCheck.ERROR, "service " + names.service() + " has no URL yet");
            return facts;
        }
        Service service = found.get();
        facts.put(CloudRunWaitConditions.TRAFFIC, TrafficSplit.served(service).text());
        if (service.getReconciling()) {
            facts.put(LiveUnchangedCheck.ERROR, "the service is still changing");
            return facts;
        }
        refused(operation).ifPresent(why -> facts.put(CloudRunWaitConditions.REFUSED, why));
        boolean canary = !tag.isEmpty();
        ask(
                facts,
                service,
                url.get(),
                canary ? Math.max(CANARY_SAMPLES, consecutive) : consecutive,
                CloudRunWaitConditions.VERSIONS);
        if (!canary && front.isPresent() && !facts.containsKey(LiveUnchangedCheck.ERROR)) {
            ask(facts, service, front.get().toString(), consecutive, CloudRunWaitConditions.FRONT_VERSIONS);
        }
        Optional<String> tagUrl = canary ? url(service, tag) : Optional.empty();
        if (tagUrl.isPresent() && !facts.containsKey(LiveUnchangedCheck.ERROR)) {
            ask(facts, service, tagUrl.get(), 1, CloudRunWaitConditions.TAG_VERSION);
        }
        return facts;
    }

    /** Asks the service once for its version. */
    void ask(Service service) throws TargetException, IOException, InterruptedException {
        probe.version(doors.to(service.getUri(), service.getUri()));
    }

    private void ask(Map<String, String> facts, Service service, String url, int times, String fact)
            throws TargetException, IOException {
        URI at = doors.to(service.getUri(), url);
        Set<String> versions = new TreeSet<>();
        try {
            for (int i = 0; i < times; i++) {
                versions.add(probe.version(at));
            }
            facts.put(fact, String.join(" ", versions));
        } catch (IOException e) {
            facts.put(
                    LiveUnchangedCheck.ERROR,
                    IngressCheck.refusal(service, e).map(why -> url + " " + why).orElse(at + ": " + e.getMessage()));
        }
    }
}
