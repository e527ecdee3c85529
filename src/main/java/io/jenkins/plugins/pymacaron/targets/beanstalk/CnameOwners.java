package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells which environment is live, and which ones were, by the owners of the CNAMEs. Each environment is made with a
 * CNAME of its own, and a swap gives the one that was live the CNAME of its successor. So the CNAMEs show the order.
 *
 * @param prefix of live; "" where the configuration has none
 */
record CnameOwners(Environments environments, String prefix) {

    /** Returns the full CNAME; "" where there is none. */
    String cname() throws TargetException, InterruptedException {
        return prefix.isEmpty() ? "" : environments.fullCname(prefix);
    }

    Optional<EnvironmentFacts> owner(List<EnvironmentFacts> all) throws TargetException, InterruptedException {
        String cname = cname();
        return cname.isEmpty()
                ? Optional.empty()
                : all.stream().filter(e -> e.owns(cname)).findFirst();
    }

    /**
     * Returns the environments that were live before {@code owner}, the last one first; also one that was not made by
     * us.
     */
    List<EnvironmentFacts> earlier(List<EnvironmentFacts> all, Optional<EnvironmentFacts> owner)
            throws TargetException, InterruptedException {
        String cname = cname();
        List<EnvironmentFacts> found = new ArrayList<>();
        Optional<EnvironmentFacts> next = owner;
        while (next.isPresent()) {
            String first = next.get().tags().getOrDefault(BeanstalkMetadata.PREFIX_AT_FIRST, "");
            Optional<EnvironmentFacts> before = all.stream()
                    .filter(e -> !first.isEmpty() && e.prefix().equalsIgnoreCase(first) && !e.ending())
                    .filter(e -> owner.stream().noneMatch(e::equals) && !found.contains(e))
                    .findFirst();
            before.ifPresent(found::add);
            next = before;
        }
        // The list is in order of creation, the newest first.
        all.stream()
                .filter(e -> e.hasServed() && e.isFor(cname) && !e.ending() && !found.contains(e))
                .filter(e -> owner.stream().noneMatch(e::equals))
                .forEach(found::add);
        return found;
    }

    /** Returns whether it was replaced that long ago. */
    static boolean isOlder(EnvironmentFacts e, List<EnvironmentFacts> all, Duration keep, Instant now) {
        return replaced(e, all).plus(keep).isBefore(now);
    }

    /** Returns the time when its successor was made, or when its CNAME changed after an approval. */
    static Instant replaced(EnvironmentFacts e, List<EnvironmentFacts> all) {
        Instant made = all.stream()
                .filter(s -> e.prefix().equalsIgnoreCase(s.tags().getOrDefault(BeanstalkMetadata.PREFIX_AT_FIRST, "")))
                .map(EnvironmentFacts::created)
                .findFirst()
                .orElse(e.created());
        return e.updated().isAfter(made) ? e.updated() : made;
    }

    /** Returns its deployment; for an environment that we did not make, its name. */
    static String deployment(EnvironmentFacts e) {
        return e.tags().getOrDefault(BeanstalkMetadata.DEPLOYMENT, e.name());
    }

    static Deployed deployed(EnvironmentFacts e, String environment, String url) {
        Map<String, String> tags = e.tags();
        return new Deployed(
                environment,
                deployment(e),
                tags.getOrDefault(BeanstalkMetadata.VERSION, e.label()),
                tags.getOrDefault(BeanstalkMetadata.DIGEST, ""),
                tags.getOrDefault(BeanstalkMetadata.COMMIT, ""),
                url,
                e.name(),
                e.created());
    }
}
