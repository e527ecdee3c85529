package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Masks each credential of a provider before a client uses it. AWS repeats the session token of a request whose
 * signature it refuses, in the message of the error (aws/aws-sdk-js#2372).
 */
record HiddenCredentials(AwsCredentialsProvider provider, Consumer<String> hide)
        implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
        AwsCredentials found = provider.resolveCredentials();
        hide.accept(found.secretAccessKey());
        if (found instanceof AwsSessionCredentials session) {
            hide.accept(session.sessionToken());
        }
        return found;
    }

    @Override
    public void close() {
        if (provider instanceof SdkAutoCloseable open) {
            open.close();
        }
    }

    /** Returns an interceptor that masks the token of another system before STS gets it. */
    static ExecutionInterceptor ofVouchers(Consumer<String> hide) {
        return new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                if (context.request() instanceof AssumeRoleWithWebIdentityRequest vouched) {
                    hide.accept(vouched.webIdentityToken());
                }
            }
        };
    }
}
