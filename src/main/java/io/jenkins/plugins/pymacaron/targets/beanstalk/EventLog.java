package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticbeanstalk.model.EventDescription;

/**
 * Reads the events of environments, and logs each once. Events of one second can come late, so each window overlaps
 * with the one before.
 */
final class EventLog {
    /** The beginning of events about a changed color of health, for instance "has transitioned from Ok to Severe". */
    private static final String OF_HEALTH = "Environment health has ";

    private static final Duration OVERLAP = Duration.ofMinutes(2);
    static final Set<String> BAD = Set.of("ERROR", "FATAL");

    private final BeanstalkClient aws;
    private final TargetContext surroundings;
    private final Map<String, Instant> read = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, Map<Instant, List<String>>> failures = new HashMap<>();

    EventLog(BeanstalkClient aws, TargetContext surroundings) {
        this.aws = aws;
        this.surroundings = surroundings;
    }

    /**
     * Reads and logs new events, and returns those that tell of a failure. Events of its health do not: health comes
     * and goes.
     *
     * @param after the instant up to which events are not ours; "" = all since the environment's creation are
     */
    List<String> follow(EnvironmentFacts e, String after) throws TargetException, InterruptedException {
        Instant back = read.getOrDefault(e.id(), e.created()).minus(OVERLAP);
        Instant since = back.isBefore(e.created()) ? e.created() : back;
        List<EventDescription> events = events(e.id(), since, 100);
        synchronized (told) {
            for (EventDescription event : events) {
                String line = event.eventDate() + " " + event.severityAsString() + " " + oneLine(event.message());
                if (!told.add(e.id() + line)) {
                    continue;
                }
                surroundings.once(e.name() + ": " + line);
                if (BAD.contains(event.severityAsString())
                        && !oneLine(event.message()).startsWith(OF_HEALTH)) {
                    failures.computeIfAbsent(e.id(), id -> new TreeMap<>())
                            .computeIfAbsent(event.eventDate(), date -> new ArrayList<>())
                            .add(oneLine(event.message()));
                }
                read.merge(e.id(), event.eventDate(), (a, b) -> a.isAfter(b) ? a : b);
            }
            Instant from = after.isEmpty() ? Instant.MIN : Instant.parse(after);
            return failures.getOrDefault(e.id(), Map.of()).entrySet().stream()
                    .filter(failure -> failure.getKey().isAfter(from))
                    .flatMap(failure -> failure.getValue().stream())
                    .toList();
        }
    }

    /**
     * Returns the date of an environment's newest event; "" where it has none. The date is by the service's clock, as
     * those of all events are.
     */
    String newest(String id) throws TargetException, InterruptedException {
        return events(id, null, 1).stream()
                .map(EventDescription::eventDate)
                .max(Comparator.naturalOrder())
                .map(Instant::toString)
                .orElse("");
    }

    /** Returns the events of an application version, the newest first; "" for none. */
    String ofVersion(String application, String label) throws TargetException, InterruptedException {
        return aws.calls().read("read the events of version " + label, () -> aws
                .beanstalk()
                .describeEvents(
                        r -> r.applicationName(application).versionLabel(label).maxRecords(20))
                .events()
                .stream()
                .filter(e -> BAD.contains(String.valueOf(e.severityAsString())))
                .map(e -> oneLine(e.message()))
                .findFirst()
                .orElse(""));
    }

    /** Returns the last events, oldest first, for a report. */
    List<String> last(String id, int count) throws TargetException, InterruptedException {
        return events(id, null, Math.min(count, 1000)).stream()
                .map(e -> e.eventDate() + " " + e.severityAsString() + " " + oneLine(e.message()))
                .toList();
    }

    /** Returns the events, oldest first; the service has the newest first. */
    private List<EventDescription> events(String id, Instant since, int most)
            throws TargetException, InterruptedException {
        List<EventDescription> events =
                new ArrayList<>(aws.calls().read("read the events of " + id, () -> aws.beanstalk()
                        .describeEvents(
                                r -> r.environmentId(id).startTime(since).maxRecords(most))
                        .events()));
        events.sort(Comparator.comparing(EventDescription::eventDate));
        return events;
    }

    static String oneLine(String message) {
        return message == null ? "" : message.replaceAll("\\s+", " ").strip();
    }
}
