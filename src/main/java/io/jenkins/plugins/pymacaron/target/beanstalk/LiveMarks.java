package io.jenkins.plugins.pymacaron.target.beanstalk;

import io.jenkins.plugins.pymacaron.target.TargetException;
import java.util.Optional;
import software.amazon.awssdk.services.elasticbeanstalk.model.ApplicationDescription;
import software.amazon.awssdk.services.elasticbeanstalk.model.Tag;

/**
 * The mark of the operation that was the last to change live, as a tag of the application, see LiveMark. The service swaps
 * CNAMEs without comparing anything: the mark is written just before, so that the next one who looks finds it.
 */
final class LiveMarks {
    private final Aws aws;
    private final Environments environments;
    private final Versions versions;
    private final String key;

    /** @param live see {@link Live#prefix} */
    LiveMarks(Aws aws, Environments environments, Versions versions, String live) {
        this.aws = aws;
        this.environments = environments;
        this.versions = versions;
        this.key = live.isEmpty() ? "" : Tags.LIVE_MARK + live;
    }

    /** "" where there is none, and where the configuration names no live. */
    String read() throws TargetException, InterruptedException {
        Optional<ApplicationDescription> application = key.isEmpty() ? Optional.empty() : versions.application();
        return application.isEmpty()
                ? ""
                : environments.tagsOf(application.get().applicationArn()).getOrDefault(key, "");
    }

    /** Where there is no application yet, there is nothing to write on, and nothing that serves. */
    void write(String mark) throws TargetException, InterruptedException {
        Optional<ApplicationDescription> application = key.isEmpty() ? Optional.empty() : versions.application();
        if (application.isPresent()) {
            String arn = application.get().applicationArn();
            aws.beanstalk().updateTagsForResource(r -> r.resourceArn(arn)
                    .tagsToAdd(Tag.builder().key(key).value(mark).build()));
        }
    }
}
