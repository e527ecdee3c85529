package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static io.jenkins.plugins.pymacaron.targets.beanstalk.Xml.ordered;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells the caller: by the one existing key, or as a role that was assumed. */
final class SecurityTokens {
    static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

    private static final String ASSUMED = "ASIAEXAMPLE";
    private static final String SESSION = "session-of-the-role";

    final List<String> roles = new CopyOnWriteArrayList<>();

    boolean knows(Request request) {
        String authorization = request.headers().getOrDefault("authorization", "");
        return authorization.startsWith("AWS4-HMAC-SHA256 Credential=" + BeanstalkServer.KEY + "/")
                || authorization.startsWith("AWS4-HMAC-SHA256 Credential=" + ASSUMED + "/")
                        && SESSION.equals(request.headers().get("x-amz-security-token"));
    }

    /** The fields are those of botocore's example of AssumeRole (sts/2011-06-15/examples-1.json). */
    Answer assume(String action, Map<String, String> form, boolean known) {
        boolean vouched = action.equals("AssumeRoleWithWebIdentity")
                ? "a token of the CI".equals(form.get("WebIdentityToken"))
                : known;
        if (!vouched) {
            return Answer.xml(403, Xml.error("AccessDenied", "User is not authorized to perform: sts:" + action));
        }
        roles.add(form.get("RoleArn") + " as " + form.get("RoleSessionName"));
        Map<String, Object> result = ordered(
                "AssumedRoleUser",
                ordered(
                        "AssumedRoleId",
                        "AROAEXAMPLE:s",
                        "Arn",
                        "arn:aws:sts::" + BeanstalkServer.ACCOUNT + ":assumed-role/r/s"),
                "PackedPolicySize",
                6,
                "Credentials",
                ordered(
                        "AccessKeyId",
                        ASSUMED,
                        "SecretAccessKey",
                        "key-of-the-role",
                        "SessionToken",
                        SESSION,
                        "Expiration",
                        Instant.now().plusSeconds(3600)));
        return Answer.xml(200, Xml.answer(action, NAMESPACE, result));
    }
}
