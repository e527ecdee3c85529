package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static io.jenkins.plugins.pymacaron.targets.beanstalk.Xml.ordered;

import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkService.Refusal;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Elastic Beanstalk (Query), STS (Query), S3 (REST) and ECR (JSON) on one port of loopback, as the AWS SDK speaks to them. */
final class BeanstalkServer implements AutoCloseable {
    /** Names of environments that end between the answer that lists them and the next question. */
    final Set<String> goneSinceListed = ConcurrentHashMap.newKeySet();

    static final String KEY = "AKIDEXAMPLE";
    private final SecurityTokens tokens = new SecurityTokens();

    /** The roles that were assumed, each as {@code ARN as SESSION}. */
    final List<String> roles = tokens.roles;

    private static final String EB = "http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/";
    static final String ACCOUNT = "123456789012";

    /** The place of region and service in the credential of a request. */
    private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/[0-9]{8}/([a-z0-9-]+)/");

    /** The service of {@link BeanstalkService#REGION}. */
    final BeanstalkService service;

    final WireServer wire;
    final Access access = new Access();
    private final Map<String, BeanstalkService> regions = new ConcurrentHashMap<>();

    /** The user and the password of the tokens that ECR hands out. */
    volatile String ecr = "AWS:ecr-token";

    /** The account of its credentials. */
    volatile String account = ACCOUNT;

    /** Whether nothing is created, and the refusal repeats the request. */
    volatile boolean echo;

    /** The order in which environments and events are listed, if not their own. */
    volatile Random shuffled;

    /** The number of next calls that are answered with {@code Throttling}. */
    volatile int throttled;

    /** Whether the caller lost its rights, in the words of the service where no policy denies it ("Common errors"). */
    volatile boolean refuses;

    BeanstalkServer(int port, Hosts hosts, Duration busy) throws IOException {
        service = new BeanstalkService(BeanstalkService.REGION, new Buckets(access), hosts, busy, access);
        regions.put(service.region, service);
        wire = WireServer.start(port, this::answer);
    }

    URI url() {
        return wire.url();
    }

    /** Another region of the same account. */
    BeanstalkService region(String name) {
        return regions.computeIfAbsent(name, service::in);
    }

    private synchronized Answer answer(Request request) throws IOException {
        String authorization = request.headers().getOrDefault("authorization", "");
        boolean known = tokens.knows(request);
        if (throttled > 0) {
            throttled--;
            return Answer.xml(400, Xml.error("Throttling", "Rate exceeded"));
        }
        if (refuses) {
            return Answer.xml(400, Xml.error("NotAuthorized", "You do not have permission to perform this action."));
        }
        if (request.headers().containsKey("x-amz-target")) {
            return ecr(request, known);
        }
        if (!request.path().equals("/")) {
            return known
                    ? service.buckets.answer(request)
                    : Answer.xml(403, Xml.error("InvalidAccessKeyId", "unknown"));
        }
        Map<String, String> form = request.form();
        String action = form.getOrDefault("Action", "");
        if (action.startsWith("AssumeRole")) {
            return tokens.assume(action, form, known);
        }
        if (!known) {
            return Answer.xml(
                    403, Xml.error("InvalidClientTokenId", "The security token included in the request is invalid."));
        }
        if (echo && action.equals("CreateEnvironment")) {
            return Answer.xml(400, Xml.error("ConfigurationValidationException", "Invalid: " + request.said()));
        }
        try {
            Matcher scope = SCOPE.matcher(authorization);
            BeanstalkService region = scope.find() ? region(scope.group(1)) : service;
            region.live();
            if (action.equals("DescribeSecurityGroups")) {
                access.check("ec2:DescribeSecurityGroups", "*");
                return Answer.xml(200, region.groups.describe(form));
            }
            Object result = action.equals("GetCallerIdentity")
                    ? ordered("Arn", "arn:aws:iam::" + account + ":user/deployer", "UserId", "U", "Account", account)
                    : beanstalk(region, action, form);
            return Answer.xml(
                    200,
                    Xml.answer(action, action.equals("GetCallerIdentity") ? SecurityTokens.NAMESPACE : EB, result));
        } catch (Refusal e) {
            if (action.equals("DescribeSecurityGroups")) {
                // EC2's own form, and its own code for a denial (EC2 API reference, "Error codes").
                return Answer.xml(403, Xml.ofEc2("UnauthorizedOperation", e.getMessage()));
            }
            if (Set.of("AccessDenied", "InsufficientPrivilegesException").contains(e.code)) {
                return Answer.xml(403, Xml.error(e.code, e.getMessage()));
            }
            return Answer.xml(e.code.equals("InvalidAction") ? 404 : 400, Xml.error(e.code, e.getMessage()));
        }
    }

    /** The only call of ECR's API that a deployment makes; pushing and pulling is the registry's. */
    private Answer ecr(Request request, boolean known) {
        String call = request.headers().get("x-amz-target").replaceFirst("^.*\\.", "");
        if (!known) {
            return json(
                    400,
                    "{\"__type\":\"UnrecognizedClientException\",\"message\":\"The security token included in the"
                            + " request is invalid.\"}");
        }
        if (!call.equals("GetAuthorizationToken")) {
            return json(400, "{\"__type\":\"UnknownOperationException\"}");
        }
        if (!access.policy.allows("ecr:" + call, "*")) {
            return json(
                    400,
                    "{\"__type\":\"AccessDeniedException\",\"message\":\"User: deployer is not authorized to perform: ecr:"
                            + call + " on resource: *\"}");
        }
        String token = Base64.getEncoder().encodeToString(ecr.getBytes(StandardCharsets.UTF_8));
        return json(
                200,
                "{\"authorizationData\":[{\"authorizationToken\":\"" + token + "\",\"expiresAt\":1.9E9,"
                        + "\"proxyEndpoint\":\"https://" + ACCOUNT + ".dkr.ecr.eu-west-1.amazonaws.com\"}]}");
    }

    private static Answer json(int status, String body) {
        return Answer.of(status, "application/x-amz-json-1.1", body);
    }

    /** Returns {@code Prefix.member.1.Key} and {@code .Value}, or two other fields. */
    private static Map<String, String> pairs(Map<String, String> form, String prefix, String... fields) {
        Map<String, String> pairs = new TreeMap<>();
        for (int i = 1; form.containsKey(prefix + ".member." + i + "." + fields[0]); i++) {
            String at = prefix + ".member." + i + ".";
            String key = form.get(at + fields[0]);
            pairs.put(
                    fields.length == 3 ? key + "|" + form.get(at + fields[1]) : key,
                    form.getOrDefault(at + fields[fields.length - 1], ""));
        }
        return pairs;
    }

    private <T> List<T> inOrder(List<T> all) {
        List<T> some = new ArrayList<>(all);
        if (shuffled != null) {
            Collections.shuffle(some, shuffled);
        }
        return some;
    }

    private Object beanstalk(BeanstalkService service, String action, Map<String, String> form)
            throws Refusal, IOException {
        access.check(action, form);
        String application = form.getOrDefault("ApplicationName", "");
        String id = form.getOrDefault("EnvironmentId", form.getOrDefault("EnvironmentName", ""));
        switch (action) {
            case "DescribeApplications" -> {
                String only = form.getOrDefault("ApplicationNames.member.1", "");
                return Map.of(
                        "Applications",
                        service.applications.keySet().stream()
                                .filter(a -> only.isEmpty() || a.equals(only))
                                .map(a -> EnvironmentAnswers.application(service, a))
                                .toList());
            }
            case "CreateApplication" -> {
                service.createApplication(application);
                return Map.of("Application", EnvironmentAnswers.application(service, application));
            }
            case "DescribeApplicationVersions" -> {
                String only = form.getOrDefault("VersionLabels.member.1", "");
                return Map.of(
                        "ApplicationVersions",
                        service.versions.values().stream()
                                .filter(v -> application.isEmpty()
                                        || v.get("ApplicationName").equals(application))
                                .filter(v ->
                                        only.isEmpty() || v.get("VersionLabel").equals(only))
                                .toList());
            }
            case "CreateApplicationVersion" -> {
                String label = form.get("VersionLabel");
                service.createVersion(
                        application,
                        label,
                        form.getOrDefault("Description", ""),
                        form.get("SourceBundle.S3Bucket"),
                        form.get("SourceBundle.S3Key"));
                return Map.of("ApplicationVersion", service.versions.get(application + " " + label));
            }
            case "DeleteApplicationVersion" -> {
                service.deleteVersion(application, form.get("VersionLabel"));
                return Map.of();
            }
            case "CreateStorageLocation" -> {
                String bucket = "elasticbeanstalk-" + service.region + "-" + account;
                service.buckets.make(bucket, service.region);
                return Map.of("S3Bucket", bucket);
            }
            case "CheckDNSAvailability" -> {
                String prefix = form.get("CNAMEPrefix");
                return ordered(
                        "Available",
                        service.free(prefix),
                        "FullyQualifiedCNAME",
                        prefix.toLowerCase(java.util.Locale.ROOT) + service.domain());
            }
            case "ListAvailableSolutionStacks" -> {
                return Map.of(
                        "SolutionStacks",
                        List.of(
                                "64bit Amazon Linux 2 v4.9.0 running Docker",
                                "64bit Amazon Linux 2023 v4.9.1 running Docker",
                                "64bit Amazon Linux 2023 v4.10.0 running Docker",
                                "64bit Amazon Linux 2023 v4.2.0 running ECS"));
            }
            case "DescribeConfigurationOptions" -> {
                return ordered(
                        "SolutionStackName",
                        form.getOrDefault("SolutionStackName", ""),
                        "Options",
                        OptionSettings.describe());
            }
            case "DescribeAccountAttributes" -> {
                return Map.of("ResourceQuotas", Map.of("EnvironmentQuota", Map.of("Maximum", 200)));
            }
            case "DescribeEnvironments" -> {
                return Map.of(
                        "Environments",
                        inOrder(service.machines.values().stream()
                                .filter(m -> m.there() || !"false".equals(form.get("IncludeDeleted")))
                                .filter(m -> application.isEmpty() || m.application.equals(application))
                                .map(Machine::describe)
                                .toList()));
            }
            case "CreateEnvironment" -> {
                return service.create(
                                form,
                                pairs(form, "Tags", "Key", "Value"),
                                pairs(form, "OptionSettings", "Namespace", "OptionName", "Value"))
                        .describe();
            }
            case "SwapEnvironmentCNAMEs" -> {
                service.swap(
                        service.find(form.getOrDefault("SourceEnvironmentId", form.get("SourceEnvironmentName"))),
                        service.find(
                                form.getOrDefault("DestinationEnvironmentId", form.get("DestinationEnvironmentName"))));
                return Map.of();
            }
            case "AbortEnvironmentUpdate" -> {
                service.abort(service.find(id));
                return Map.of();
            }
            case "TerminateEnvironment" -> {
                Machine m = service.find(id);
                service.terminate(m);
                return m.describe();
            }
            case "DescribeEvents" -> {
                Instant since = Instant.parse(form.getOrDefault("StartTime", Instant.EPOCH.toString()));
                if (form.containsKey("VersionLabel")) {
                    Map<String, Object> failure = service.failures.get(application + " " + form.get("VersionLabel"));
                    return Map.of("Events", failure == null ? List.of() : List.of(failure));
                }
                return Map.of(
                        "Events",
                        inOrder((id.isEmpty()
                                        ? service.machines.values().stream().flatMap(m -> m.events.stream())
                                        : service.find(id).events.stream())
                                .filter(e -> !((Instant) e.get("EventDate")).isBefore(since))
                                .limit(Integer.parseInt(form.getOrDefault("MaxRecords", "1000")))
                                .toList()));
            }
            case "DescribeEnvironmentHealth" -> {
                return EnvironmentAnswers.health(service.find(id));
            }
            case "DescribeEnvironmentResources" -> {
                return EnvironmentAnswers.resources(service.find(id));
            }
            case "DescribeInstancesHealth" -> {
                return EnvironmentAnswers.instances(service.find(id));
            }
            case "DescribeConfigurationSettings" -> {
                return EnvironmentAnswers.settings(service.find(id));
            }
            case "ListTagsForResource" -> {
                return Map.of(
                        "ResourceTags",
                        tags(service, form.get("ResourceArn")).entrySet().stream()
                                .map(e -> ordered("Key", e.getKey(), "Value", e.getValue()))
                                .toList());
            }
            case "UpdateTagsForResource" -> {
                Map<String, String> tags = tags(service, form.get("ResourceArn"));
                tags.putAll(pairs(form, "TagsToAdd", "Key", "Value"));
                tags.remove(form.getOrDefault("TagsToRemove.member.1", ""));
                return Map.of();
            }
            default -> throw new Refusal("InvalidAction", "no action " + action);
        }
    }

    private Map<String, String> tags(BeanstalkService service, String arn) throws Refusal {
        for (Map.Entry<String, Map<String, String>> a : service.applications.entrySet()) {
            if (service.arn(a.getKey()).equals(arn)) {
                return a.getValue();
            }
        }
        for (Machine m : service.machines.values()) {
            if (m.there() && m.arn().equals(arn) && !goneSinceListed.contains(m.name)) {
                return m.tags;
            }
        }
        throw new Refusal("ResourceNotFoundException", "Resource not found for arn '" + arn + "'.");
    }

    @Override
    public void close() {
        wire.close();
    }
}
