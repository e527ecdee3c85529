package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.Optional;
import software.amazon.awssdk.services.elasticbeanstalk.model.ApplicationDescription;
import software.amazon.awssdk.services.elasticbeanstalk.model.Tag;

/**
 * Keeps the mark of the operation that was the last to change live, as a tag of the application, see LiveMark. The
 * service swaps CNAMEs without a comparison: the mark is written just before, so that the next operation that looks
 * finds it.
 */
final class ApplicationMarkStore {
    private final BeanstalkClient aws;
    private final Environments environments;
    private final ApplicationVersions versions;
    private final String key;

    /** Makes the store. @param live see {@link CnameOwners#prefix} */
    ApplicationMarkStore(BeanstalkClient aws, Environments environments, ApplicationVersions versions, String live) {
        this.aws = aws;
        this.environments = environments;
        this.versions = versions;
        this.key = live.isEmpty() ? "" : BeanstalkMetadata.LIVE_MARK + live;
    }

    /** Returns the mark; "" where there is none, and where the configuration names no live. */
    String read() throws TargetException, InterruptedException {
        Optional<ApplicationDescription> application = key.isEmpty() ? Optional.empty() : versions.application();
        return application.isEmpty()
                ? ""
                : environments.tagsOf(application.get().applicationArn()).getOrDefault(key, "");
    }

    /** Writes the mark. Without an application, there is nothing to write on, and nothing that serves. */
    void write(String mark) throws TargetException, InterruptedException {
        Optional<ApplicationDescription> application = key.isEmpty() ? Optional.empty() : versions.application();
        if (application.isPresent()) {
            String arn = application.get().applicationArn();
            aws.beanstalk().updateTagsForResource(r -> r.resourceArn(arn)
                    .tagsToAdd(Tag.builder().key(key).value(mark).build()));
        }
    }
}
