package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.http.LimitedInput;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Ends an answer of AWS that is larger than any that a deployment reads. The SDK itself has limits of time alone. */
final class BoundedAnswers implements ExecutionInterceptor {
    static final int LARGEST = 16 << 20;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.responseBody().map(body -> new LimitedInput(body, LARGEST));
    }
}
