package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.HashMap;
import java.util.Map;

/**
 * The tags that identify our environments. An environment without {@link #SERVICE} is not ours.
 *
 * <p>A key has at most 128 characters and a value 256 (botocore, TagKey and TagValue).
 */
final class BeanstalkMetadata {
    private static final String PREFIX = "pymacaron:";

    static final String SERVICE = PREFIX + "service";
    static final String ENVIRONMENT = PREFIX + "environment";
    static final String DEPLOYMENT = PREFIX + "deployment";
    static final String VERSION = PREFIX + "version";
    static final String DIGEST = PREFIX + "digest";
    static final String COMMIT = PREFIX + "commit";

    /** The CNAME prefix that it was made with: once it has another CNAME, it has served as live. */
    static final String PREFIX_AT_FIRST = PREFIX + "cname";

    /**
     * The CNAME prefix of the live that it was made for: two configurations of one name, for instance of two
     * {@code --env}, may share an application. Absent where the slot's configuration names none.
     */
    static final String LIVE = PREFIX + "live";

    /** The name of the configuration file that it was made by, see FileMark. */
    static final String FILE = PREFIX + "file";

    /** Tag of the application, since a tag of an environment takes minutes to change; the slot's name follows. */
    static final String LEASE = PREFIX + "lease:";

    /**
     * Tag of the application: the operation that was the last to change live, see {@link ApplicationMarkStore}; live's
     * prefix follows.
     */
    static final String LIVE_MARK = PREFIX + "live-mark:";

    private BeanstalkMetadata() {}

    static Map<String, String> of(Environment environment, Candidate candidate, String prefix) {
        Map<String, String> tags = new HashMap<>();
        tags.put(SERVICE, environment.config().name());
        tags.put(ENVIRONMENT, environment.label());
        tags.put(FILE, environment.file());
        tags.put(DEPLOYMENT, candidate.deploymentId());
        tags.put(VERSION, candidate.version());
        tags.put(DIGEST, candidate.digest());
        tags.put(COMMIT, candidate.commit());
        tags.put(PREFIX_AT_FIRST, prefix);
        environment.config().find(AwsKeys.AWS_LIVE_CNAME).ifPresent(live -> tags.put(LIVE, live));
        // The service refuses an empty value (botocore, TagValue: 1 to 256 characters); an absent one reads as "".
        tags.values().removeIf(String::isEmpty);
        return tags;
    }
}
