package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.EnvironmentId;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds the account and the region that a configuration leads to with the available credential. It needs no permission.
 */
public final class AwsPlace {
    /** IAM user guide, "AWS account identifiers": 12 digits. */
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    private static final Duration BRIEFLY = Duration.ofSeconds(5);

    private AwsPlace() {}

    /**
     * Asks AWS.
     *
     * @param briefly whether the result is useful, but not worth a long wait
     * @return account and region, by the names of {@link EnvironmentId}
     * @throws TargetException in one line, where there is no credential, or no answer
     */
    public static Map<String, String> of(PymConfig config, TargetContext surroundings, boolean briefly)
            throws TargetException, InterruptedException {
        try (BeanstalkClient aws = new BeanstalkClient(config, surroundings)) {
            Calls calls = briefly ? Calls.brief(new BeanstalkFailureMapper(), BRIEFLY) : aws.calls();
            String account = calls.read(
                    "tell the AWS account", () -> aws.sts().getCallerIdentity().account());
            if (account == null || !ACCOUNT.matcher(account).matches()) {
                throw new TargetException("AWS did not tell the account of the credential");
            }
            return Map.of(EnvironmentId.ACCOUNT, account, EnvironmentId.REGION, aws.region());
        } catch (SdkException e) {
            throw new TargetException(String.valueOf(e.getMessage()).replaceAll("\\s+", " "), e);
        }
    }
}
