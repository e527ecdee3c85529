package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.elasticbeanstalk.model.ApplicationDescription;
import software.amazon.awssdk.services.elasticbeanstalk.model.Tag;

/**
 * Keeps the lease as a tag of the application. A tag of an environment would be possible too, but changing one takes
 * minutes, during which nothing else can be done to that environment.
 */
final class BeanstalkLeaseStore implements LeaseStore {
    /** There is no compare-and-set. It takes two calls from reading to writing, which have 20 s each. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final BeanstalkClient aws;
    private final Environments environments;
    private final ApplicationVersions versions;
    private final String key;
    private Optional<Lease> beforeTheApplication = Optional.empty();

    BeanstalkLeaseStore(
            BeanstalkClient aws, Environments environments, ApplicationVersions versions, String environment) {
        this.aws = aws;
        this.environments = environments;
        this.versions = versions;
        this.key = BeanstalkMetadata.LEASE + environment;
    }

    @Override
    public Optional<Lease> read() throws TargetException, InterruptedException {
        Optional<ApplicationDescription> application = versions.application();
        if (application.isEmpty()) {
            return beforeTheApplication;
        }
        Optional<Lease> found = Optional.ofNullable(
                        environments.tagsOf(application.get().applicationArn()).get(key))
                .flatMap(Lease::parse);
        Optional<Lease> kept = beforeTheApplication;
        if (found.isEmpty() && kept.isPresent()) {
            // The application was made since.
            write(Optional.empty(), kept);
            return kept;
        }
        return found;
    }

    @Override
    public boolean write(Optional<Lease> before, Optional<Lease> lease) throws TargetException, InterruptedException {
        Optional<ApplicationDescription> application = versions.application();
        beforeTheApplication = application.isEmpty() ? lease : Optional.empty();
        if (application.isPresent()) {
            String arn = application.get().applicationArn();
            aws.calls().read("write the lease " + key, () -> aws.beanstalk().updateTagsForResource(r -> {
                r.resourceArn(arn);
                if (lease.isPresent()) {
                    r.tagsToAdd(Tag.builder().key(key).value(lease.get().text()).build());
                } else {
                    r.tagsToRemove(key);
                }
            }));
        }
        return true;
    }

    @Override
    public Duration settle() {
        return SETTLE;
    }
}
