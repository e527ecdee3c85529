package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.CloudException;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.elasticbeanstalk.model.CheckDnsAvailabilityResponse;
import software.amazon.awssdk.services.elasticbeanstalk.model.EnvironmentDescription;
import software.amazon.awssdk.services.elasticbeanstalk.model.Tag;

/** Reads the environments of one application. It counts no dots in names, and does not ask DNS. */
final class Environments {
    private final BeanstalkClient aws;
    private final String application;
    private final Map<String, Map<String, String>> tags = new HashMap<>();
    private final Map<String, String> cnames = new HashMap<>();

    Environments(BeanstalkClient aws, String application) {
        this.aws = aws;
        this.application = application;
    }

    /** Returns the existing and terminating environments, the newest first, with the tags of each. */
    List<EnvironmentFacts> list() throws TargetException, InterruptedException {
        List<EnvironmentDescription> found = aws.calls().read("list the environments of " + application, () -> {
            List<EnvironmentDescription> all = new ArrayList<>();
            String token = null;
            do {
                String next = token;
                var page = aws.beanstalk().describeEnvironments(r -> r.applicationName(application)
                        .includeDeleted(false)
                        .nextToken(next));
                all.addAll(page.environments());
                token = page.nextToken();
            } while (token != null && !token.isEmpty());
            return all;
        });
        List<EnvironmentFacts> facts = new ArrayList<>();
        for (EnvironmentDescription e : found) {
            if (!"Terminated".equals(e.statusAsString())) {
                known(e).ifPresent(facts::add);
            }
        }
        facts.sort(Comparator.comparing(EnvironmentFacts::created).reversed());
        return facts;
    }

    /** Returns the facts; empty for an environment that is gone since it was listed. */
    private Optional<EnvironmentFacts> known(EnvironmentDescription e) throws TargetException, InterruptedException {
        try {
            return Optional.of(new EnvironmentFacts(e, tags(e.environmentArn())));
        } catch (CloudException gone) {
            if (gone.failure().kind() == Failure.Kind.MISSING) {
                return Optional.empty();
            }
            throw gone;
        }
    }

    /** Returns the environment; empty where there is none of that name, or it is gone. */
    Optional<EnvironmentFacts> find(String name) throws TargetException, InterruptedException {
        return list().stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /** Returns the tags. The tags that we set never change, so they are asked for once. */
    private Map<String, String> tags(String arn) throws TargetException, InterruptedException {
        if (arn == null || arn.isEmpty()) {
            return Map.of();
        }
        synchronized (tags) {
            if (tags.containsKey(arn)) {
                return tags.get(arn);
            }
        }
        Map<String, String> found = tagsOf(arn);
        synchronized (tags) {
            // Just after the creation they may not be there yet.
            if (found.containsKey(BeanstalkMetadata.SERVICE)) {
                tags.put(arn, found);
            }
        }
        return found;
    }

    /** Returns the current tags of any resource. */
    Map<String, String> tagsOf(String arn) throws TargetException, InterruptedException {
        return aws.calls().read("read the tags of " + arn, () -> {
            Map<String, String> map = new HashMap<>();
            for (Tag tag :
                    aws.beanstalk().listTagsForResource(r -> r.resourceArn(arn)).resourceTags()) {
                map.put(tag.key(), tag.value());
            }
            return map;
        });
    }

    /** Returns the full name of a prefix, by the service itself: {@code prefix.region.elasticbeanstalk.com}. */
    String fullCname(String prefix) throws TargetException, InterruptedException {
        synchronized (cnames) {
            if (cnames.containsKey(prefix)) {
                return cnames.get(prefix);
            }
        }
        String full = check(prefix).fullyQualifiedCNAME().toLowerCase(Locale.ROOT);
        synchronized (cnames) {
            cnames.put(prefix, full);
        }
        return full;
    }

    /** Returns whether no environment has it, in any account. */
    boolean isFree(String prefix) throws TargetException, InterruptedException {
        return Boolean.TRUE.equals(check(prefix).available());
    }

    private CheckDnsAvailabilityResponse check(String prefix) throws TargetException, InterruptedException {
        return aws.calls().read("ask for the CNAME prefix " + prefix, () -> aws.beanstalk()
                .checkDNSAvailability(r -> r.cnamePrefix(prefix)));
    }
}
