package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.elasticbeanstalk.model.EnvironmentDescription;

/**
 * An environment as DescribeEnvironments shows it, with its tags. Texts that AWS does not give are empty.
 *
 * @param tags empty where it is not ours, or they were not asked for
 */
record EnvironmentFacts(EnvironmentDescription described, Map<String, String> tags) {

    EnvironmentFacts {
        tags = Map.copyOf(tags);
    }

    String name() {
        return described.environmentName();
    }

    String id() {
        return described.environmentId();
    }

    String arn() {
        return text(described.environmentArn());
    }

    String application() {
        return text(described.applicationName());
    }

    String label() {
        return text(described.versionLabel());
    }

    String cname() {
        return text(described.cname()).toLowerCase(Locale.ROOT);
    }

    String endpoint() {
        return text(described.endpointURL());
    }

    String status() {
        return text(described.statusAsString());
    }

    /** Returns whether AbortEnvironmentUpdate can end its current work, its launch for instance. */
    boolean abortable() {
        return Boolean.TRUE.equals(described.abortableOperationInProgress());
    }

    String health() {
        return text(described.healthAsString());
    }

    Instant created() {
        return time(described.dateCreated());
    }

    /** Returns the time of its last change, by a swap for instance. */
    Instant updated() {
        return time(described.dateUpdated());
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static Instant time(Instant value) {
        return value == null ? Instant.EPOCH : value;
    }

    boolean ready() {
        return status().equals("Ready");
    }

    /** Returns whether it is terminating or gone. */
    boolean ending() {
        return status().startsWith("Terminat");
    }

    boolean owns(String fullCname) {
        return !ending() && cname().equalsIgnoreCase(fullCname);
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
        return cname().split("\\.", 2)[0];
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
