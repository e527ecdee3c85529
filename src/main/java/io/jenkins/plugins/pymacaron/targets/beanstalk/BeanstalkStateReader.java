package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Proof;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.LastingRefusal;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.elasticbeanstalk.model.ApplicationVersionDescription;

/**
 * Reads the facts that {@link BeanstalkWaitConditions} waits for: the status by the service, and the answers at the
 * addresses.
 */
final class BeanstalkStateReader {
    private final BeanstalkClient aws;
    private final Environments environments;
    private final ApplicationVersions versions;
    private final EventLog events;
    private final Proof own;
    private final Proof live;
    private final String scheme;
    private final URI liveUrl;
    private final RedHealthTimer spells = new RedHealthTimer();
    private final LastingRefusal refusal;

    /**
     * Makes a reader.
     *
     * @param own the proof at an environment's own address, whose name no certificate has
     * @param live the proof at the URL that users know
     */
    BeanstalkStateReader(
            BeanstalkClient aws,
            Environments environments,
            ApplicationVersions versions,
            EventLog events,
            Proof own,
            Proof live,
            String scheme,
            URI liveUrl) {
        this.aws = aws;
        this.environments = environments;
        this.versions = versions;
        this.events = events;
        this.own = own;
        this.live = live;
        this.scheme = scheme;
        this.liveUrl = liveUrl;
        refusal = new LastingRefusal(aws.clock());
    }

    Map<String, String> read(Subject subject, CnameOwners place) throws InterruptedException {
        try {
            Map<String, String> seen =
                    switch (subject.kind()) {
                        case BeanstalkWaitConditions.VERSION -> version(before(subject.id()), after(subject.id()));
                        case BeanstalkWaitConditions.CANDIDATE ->
                            candidate(
                                    before(subject.id() + " "),
                                    after(subject.id() + " ").strip());
                        case BeanstalkWaitConditions.LIVE -> live(before(subject.id()), after(subject.id()));
                        case LiveUnchangedCheck.ENVIRONMENT ->
                            place.owner(environments.list())
                                    .map(e -> Map.of(LiveUnchangedCheck.DEPLOYMENT, CnameOwners.deployment(e)))
                                    .orElse(Map.of());
                        default -> throw new IllegalArgumentException(subject.kind());
                    };
            refusal.passed();
            return seen;
        } catch (TargetException e) {
            return refusal.facts(e);
        }
    }

    private static String before(String id) {
        return id.substring(0, id.indexOf(' '));
    }

    private static String after(String id) {
        return id.substring(id.indexOf(' ') + 1);
    }

    private Map<String, String> version(String application, String label) throws TargetException, InterruptedException {
        Optional<ApplicationVersionDescription> found = versions.find(label);
        if (found.isEmpty()) {
            return Map.of(LiveUnchangedCheck.ERROR, "it is not there yet");
        }
        Map<String, String> facts = new HashMap<>();
        facts.put(
                BeanstalkWaitConditions.STATUS,
                found.get().statusAsString() == null
                        ? "UNPROCESSED"
                        : found.get().statusAsString());
        if ("FAILED".equalsIgnoreCase(facts.get(BeanstalkWaitConditions.STATUS))) {
            String why = events.ofVersion(application, label);
            if (!why.isEmpty()) {
                facts.put(BeanstalkWaitConditions.FAILED, why);
            }
        }
        return facts;
    }

    private Map<String, String> candidate(String name, String eventsAfter)
            throws TargetException, InterruptedException {
        Optional<EnvironmentFacts> found = environments.find(name);
        if (found.isEmpty()) {
            return Map.of(LiveUnchangedCheck.ERROR, "it is not there yet, or not any more");
        }
        EnvironmentFacts e = found.get();
        Map<String, String> facts = facts(e);
        List<String> failures = events.follow(e, eventsAfter);
        if (!failures.isEmpty()) {
            facts.put(
                    BeanstalkWaitConditions.FAILED,
                    String.join("; ", failures.subList(0, Math.min(3, failures.size()))));
            // The event comes before the environment's health shows it.
            facts.putIfAbsent(BeanstalkWaitConditions.CAUSES, HealthCauses.causes(aws, e.id()));
        }
        if (e.ready() && !e.endpoint().isEmpty()) {
            facts.putAll(own.ask(URI.create(scheme + "://" + e.endpoint())));
        }
        return facts;
    }

    private Map<String, String> live(String name, String cname) throws TargetException, InterruptedException {
        List<EnvironmentFacts> all = environments.list();
        Map<String, String> facts = new HashMap<>();
        for (EnvironmentFacts e : all) {
            if (e.name().equals(name)) {
                facts.putAll(facts(e));
                events.follow(e, "");
            }
        }
        facts.put(
                BeanstalkWaitConditions.OWNER,
                all.stream()
                        .filter(e -> e.owns(cname))
                        .map(EnvironmentFacts::name)
                        .findFirst()
                        .orElse(""));
        if (facts.get(BeanstalkWaitConditions.OWNER).equals(name)) {
            facts.putAll(live.ask(liveUrl));
        }
        return facts;
    }

    private Map<String, String> facts(EnvironmentFacts e) {
        Map<String, String> facts = new HashMap<>();
        facts.put(BeanstalkWaitConditions.STATUS, e.status());
        facts.put(BeanstalkWaitConditions.HEALTH, e.health());
        facts.put(BeanstalkWaitConditions.LABEL, e.label());
        facts.put(
                BeanstalkWaitConditions.RED_FOR,
                spells.lasting(e.id(), e.health().equals("Red")).toString());
        if (e.health().equals("Red") || e.health().equals("Yellow")) {
            facts.put(BeanstalkWaitConditions.CAUSES, HealthCauses.causes(aws, e.id()));
        }
        return facts;
    }
}
