package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.elasticbeanstalk.model.EnvironmentDescription;

/**
 * An environment as DescribeEnvironments shows it, with its tags.
 *
 * @param updated the time of its last change, by a swap for instance
 * @param abortable whether AbortEnvironmentUpdate can end its current work, its launch for instance
 * @param tags empty where it is not ours, or they were not asked for
 */
record EnvironmentFacts(
        String name,
        String id,
        String arn,
        String application,
        String label,
        String cname,
        String endpoint,
        String status,
        boolean abortable,
        String health,
        String platform,
        Instant created,
        Instant updated,
        Map<String, String> tags) {

    static EnvironmentFacts of(EnvironmentDescription e, Map<String, String> tags) {
        return new EnvironmentFacts(
                e.environmentName(),
                e.environmentId(),
                text(e.environmentArn()),
                text(e.applicationName()),
                text(e.versionLabel()),
                text(e.cname()).toLowerCase(Locale.ROOT),
                text(e.endpointURL()),
                text(e.statusAsString()),
                Boolean.TRUE.equals(e.abortableOperationInProgress()),
                text(e.healthAsString()),
                text(e.platformArn()),
                e.dateCreated() == null ? Instant.EPOCH : e.dateCreated(),
                e.dateUpdated() == null ? Instant.EPOCH : e.dateUpdated(),
                Map.copyOf(tags));
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    boolean ready() {
        return status.equals("Ready");
    }

    /** Returns whether it is terminating or gone. */
    boolean ending() {
        return status.startsWith("Terminat");
    }

    boolean owns(String fullCname) {
        return !ending() && cname.equalsIgnoreCase(fullCname);
    }

    /** Returns whether it is ours. @param live the full CNAME of live, "" where it is not configured */
    boolean isOurs(String service, String live) {
        return service.equals(tags.get(BeanstalkMetadata.SERVICE)) && isFor(live);
    }

    /** Returns whether it was not made for another live. */
    boolean isFor(String live) {
        String prefix = tags.getOrDefault(BeanstalkMetadata.LIVE, "").toLowerCase(Locale.ROOT);
        return prefix.isEmpty() || live.isEmpty() || live.startsWith(prefix + ".");
    }

    /** Returns the first part of its CNAME. */
    String prefix() {
        int dot = cname.indexOf('.');
        return dot < 0 ? cname : cname.substring(0, dot);
    }

    /**
     * Returns whether it was live once and is not any more: a swap gave it the CNAME that its successor was made with.
     * An environment that was swapped back has its own again, as if it had never been live.
     */
    boolean hasServed() {
        String first = tags.getOrDefault(BeanstalkMetadata.PREFIX_AT_FIRST, "");
        return !first.isEmpty() && !first.equalsIgnoreCase(prefix());
    }
}
