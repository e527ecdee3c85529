package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.elasticbeanstalk.model.EventDescription;

/** Tells an environment that can serve in a rollback from the remains of one. */
final class RollbackCandidates {
    private static final Set<String> WELL = Set.of("Green", "Yellow");

    /** The health of an environment that has no instances, or ill ones. */
    private static final Set<String> DOUBTFUL = Set.of("Grey", "Red");

    private final BeanstalkClient aws;

    RollbackCandidates(BeanstalkClient aws) {
        this.aws = aws;
    }

    /** Returns the reason why live cannot return to it; empty where it can. */
    Optional<String> obstacle(EnvironmentFacts e) throws TargetException, InterruptedException {
        if (!e.ready()) {
            return Optional.of("it is " + e.status());
        }
        if (!WELL.contains(e.health())) {
            return Optional.of("its health is " + e.health());
        }
        return hasInstances(e) ? Optional.empty() : Optional.of("it has no instances");
    }

    private boolean hasInstances(EnvironmentFacts e) throws TargetException, InterruptedException {
        return !aws.calls()
                .read("count the instances of " + e.name(), () -> aws.beanstalk()
                        .describeEnvironmentResources(r -> r.environmentId(e.id()))
                        .environmentResources()
                        .instances())
                .isEmpty();
    }

    /**
     * Returns the reason why the service could not terminate it although it was asked to; empty where it was not asked,
     * or is still at work. The stack of an environment stays while something else uses a resource of it
     * (aws/elastic-beanstalk-roadmap#229: DependencyViolation).
     */
    Optional<String> failedEnd(EnvironmentFacts e) throws TargetException, InterruptedException {
        if (!e.ready() || !DOUBTFUL.contains(e.health())) {
            return Optional.empty();
        }
        List<EventDescription> events = aws
                .calls()
                .read("read the events of " + e.name(), () -> aws.beanstalk()
                        .describeEvents(r -> r.environmentId(e.id()).maxRecords(100))
                        .events())
                .stream()
                .sorted(Comparator.comparing(EventDescription::eventDate))
                .toList();
        boolean asked = false;
        Optional<String> reason = Optional.empty();
        for (EventDescription event : events) {
            String message = EventLog.oneLine(event.message());
            if (message.startsWith("terminateEnvironment is starting")) {
                asked = true;
                reason = Optional.empty();
            } else if (asked && EventLog.BAD.contains(event.severityAsString()) && reason.isEmpty()) {
                reason = Optional.of(message);
            }
        }
        return reason;
    }
}
