package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure.Kind;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryUtils;

/** Reads the exceptions of the AWS SDK. */
final class BeanstalkFailureMapper implements Function<Exception, Failure> {
    /**
     * Busy, by the service models' error codes: OperationInProgressException has the code OperationInProgressFailure
     * (botocore, elasticbeanstalk/2010-12-01/service-2.json). Nothing was done, and it works later.
     */
    private static final Set<String> BUSY =
            Set.of("OperationInProgressFailure", "OperationInProgressException", "OperationInProgress");

    /** The text of Elastic Beanstalk for a busy environment; the code is that of any wrong parameter. */
    private static final String STATE = "invalid state for this operation";

    private static final Set<String> MISSING =
            Set.of("NoSuchKey", "NoSuchBucket", "NotFound", "ResourceNotFoundException", "RepositoryNotFoundException");

    @Override
    public Failure apply(Exception e) {
        if (e instanceof AwsServiceException service) {
            return ofService(service);
        }
        String message = line(e);
        if (e instanceof SdkClientException client && client.getCause() == null) {
            // There are no credentials, no region, or no such profile: waiting does not help.
            return new Failure(Kind.REFUSED, message);
        }
        return new Failure(e instanceof IllegalArgumentException ? Kind.REFUSED : Kind.UNCLEAR, message);
    }

    /** Returns whether the caller lacks the permission, by policy or because its credential has ended. */
    static boolean isDenial(Throwable e) {
        return e instanceof AwsServiceException service && service.statusCode() == 403;
    }

    private static Failure ofService(AwsServiceException e) {
        String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? ""
                : e.awsErrorDetails().errorCode();
        String said = e.awsErrorDetails() == null || e.awsErrorDetails().errorMessage() == null
                ? line(e)
                : e.awsErrorDetails().errorMessage();
        String message = (code.isEmpty() ? "" : code + ": ") + said.replaceAll("\\s+", " ");
        if (RetryUtils.isThrottlingException(e) || BUSY.contains(code) || said.contains(STATE)) {
            return new Failure(Kind.THROTTLED, message);
        }
        if (code.startsWith("SourceBundleDeletion")) {
            return new Failure(Kind.REFUSED, message + " (it takes s3:DeleteObject on the bucket)");
        }
        if (MISSING.contains(code)) {
            return new Failure(Kind.MISSING, message);
        }
        return Failure.ofStatus(e.statusCode(), message);
    }

    private static String line(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.replaceAll("\\s+", " ").strip();
    }
}
