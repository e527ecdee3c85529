package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkService.Refusal;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rights of the calling user, call by call, and the rights of Beanstalk on behalf of that user. */
final class Access {
    private static final String USER = "arn:aws:iam::" + BeanstalkServer.ACCOUNT + ":user/deployer";
    private static final List<String> ON_BEHALF = read();

    volatile AwsPolicy policy = AwsPolicy.EVERYTHING;

    private static List<String> read() {
        try (InputStream in = Access.class.getResourceAsStream("on-behalf.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the words of AWS ("Troubleshoot access denied error messages", IAM User Guide). */
    private static String denied(String action, String resource) {
        return "User: " + USER + " is not authorized to perform: " + action
                + (resource.equals("*") ? "" : " on resource: " + resource)
                + " because no identity-based policy allows the " + action + " action";
    }

    void check(String action, String resource) throws Refusal {
        if (!policy.allows(action, resource)) {
            throw new Refusal("AccessDenied", denied(action, resource));
        }
    }

    /**
     * A call of Elastic Beanstalk. UpdateTagsForResource is two virtual actions in policies (botocore,
     * elasticbeanstalk/2010-12-01, its documentation).
     */
    void check(String action, Map<String, String> form) throws Refusal {
        if (action.equals("UpdateTagsForResource")) {
            if (form.containsKey("TagsToAdd.member.1.Key")) {
                check("elasticbeanstalk:AddTags", "*");
            }
            if (form.containsKey("TagsToRemove.member.1")) {
                check("elasticbeanstalk:RemoveTags", "*");
            }
            return;
        }
        check("elasticbeanstalk:" + action, "*");
        switch (action) {
            case "CreateEnvironment" -> {
                if (form.containsKey("Tags.member.1.Key")) {
                    check("elasticbeanstalk:AddTags", "*");
                }
            }
            case "CreateApplicationVersion" ->
                check("s3:GetObject", object(form.get("SourceBundle.S3Bucket"), form.get("SourceBundle.S3Key")));
            case "CreateStorageLocation" -> {
                for (String made : List.of(
                        "s3:CreateBucket",
                        "s3:PutBucketOwnershipControls",
                        "s3:PutBucketPolicy",
                        "s3:PutBucketPublicAccessBlock")) {
                    check(made, "arn:aws:s3:::elasticbeanstalk-eu-west-1-" + BeanstalkServer.ACCOUNT);
                }
            }
            default -> {}
        }
    }

    private static String object(String bucket, String key) {
        return "arn:aws:s3:::" + bucket + "/" + key;
    }

    /** Returns the reason that stops a call of S3; empty for none. */
    Optional<String> refusal(Request request) {
        String path = request.path().substring(1);
        int slash = path.indexOf('/');
        boolean object = slash >= 0 && slash < path.length() - 1;
        String action = object
                ? (request.method().equals("PUT") ? "s3:PutObject" : "s3:GetObject")
                : request.query().containsKey("location") ? "s3:GetBucketLocation" : "s3:ListBucket";
        String resource = "arn:aws:s3:::" + (object || slash < 0 ? path : path.substring(0, slash));
        return policy.allows(action, resource) ? Optional.empty() : Optional.of(denied(action, resource));
    }

    /** Returns whether a missing key is reported as missing: S3 API reference, HeadObject, "Permissions". */
    boolean mayList(String bucket) {
        return policy.allows("s3:ListBucket", "arn:aws:s3:::" + bucket);
    }

    /**
     * Returns the first thing that Beanstalk may not do on behalf of the caller.
     *
     * @param when create, abort or terminate
     */
    Optional<String> onBehalf(String when, Map<String, String> settings) {
        for (String line : ON_BEHALF) {
            String[] words = line.split(" ");
            boolean wanted = words.length < 3 || "true".equals(settings.get(words[2]));
            if (words[0].equals(when) && wanted && !policy.allows(words[1], "*")) {
                return Optional.of(denied(words[1], "*"));
            }
        }
        return Optional.empty();
    }
}
