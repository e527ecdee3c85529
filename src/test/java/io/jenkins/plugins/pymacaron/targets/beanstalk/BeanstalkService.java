package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/** Behaves as Elastic Beanstalk in one region: it does and refuses the same requests. */
final class BeanstalkService {
    /** The server's own region, where no test asks for others. */
    static final String REGION = "eu-west-1";

    static final String LOAD_BALANCER_GROUPS = "aws:elbv2:loadbalancer|SecurityGroups";
    static final String INSTANCE_GROUPS = "aws:autoscaling:launchconfiguration|SecurityGroups";

    /** The service's answer instead of the requested change. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        final String code;

        Refusal(String code, String message) {
            super(message);
            this.code = code;
        }
    }

    final Map<String, Map<String, String>> applications = new TreeMap<>();
    final Map<String, Map<String, Object>> versions = new LinkedHashMap<>();

    /** By their ids, which are numbered; tests look while the server makes more. */
    final Map<String, Machine> machines = new ConcurrentSkipListMap<>();

    /** The reason that a version cannot be processed, as an event, by application and label. */
    final Map<String, Map<String, Object>> failures = new LinkedHashMap<>();

    final Buckets buckets;
    final SecurityGroups groups = new SecurityGroups();
    final String region;
    private final Access access;
    private final Hosts hosts;
    private final Duration busy;
    private int count;

    /** Whether the launches from now on never end. */
    volatile boolean stuck;

    /** Whether the service says that they can be aborted. */
    volatile boolean abortable = true;

    /** The time for which health is Red after a launch, though nothing is wrong. */
    volatile Duration redAfterLaunch;

    /** The environments whose health is Red for now, though nothing is wrong. */
    volatile Predicate<Machine> ill = m -> false;

    /** The time for which health is Red after a swap, though nothing is wrong. */
    volatile Duration redAfterSwap = Duration.ZERO;

    /**
     * Makes the service.
     *
     * @param buckets of all regions
     * @param access the rights of the caller, on whose behalf it works
     * @param busy how long a change of an environment takes, at least
     */
    BeanstalkService(String region, Buckets buckets, Hosts hosts, Duration busy, Access access) {
        this.access = access;
        this.region = region;
        this.buckets = buckets;
        this.hosts = hosts;
        this.busy = busy;
        redAfterLaunch = busy;
    }

    /** Returns the same account in another region. */
    BeanstalkService in(String other) {
        return new BeanstalkService(other, buckets, hosts, busy, access);
    }

    String arn(String application) {
        return "arn:aws:elasticbeanstalk:" + region + ":" + BeanstalkServer.ACCOUNT + ":application/" + application;
    }

    String domain() {
        return "." + region + ".elasticbeanstalk.com";
    }

    /** Two regions may have environments of one name. */
    private String host(String name) {
        return region.equals(REGION) ? name : region + "-" + name;
    }

    static Refusal invalid(String message) {
        return new Refusal("InvalidParameterValue", message);
    }

    void createApplication(String name) throws Refusal {
        if (applications.putIfAbsent(name, new TreeMap<>()) != null) {
            throw invalid("Application " + name + " already exists.");
        }
    }

    void createVersion(String application, String label, String description, String bucket, String key) throws Refusal {
        if (!applications.containsKey(application)) {
            throw invalid("No Application named '" + application + "' found.");
        }
        if (versions.containsKey(application + " " + label)) {
            throw invalid("Application Version " + label + " already exists.");
        }
        if (buckets.get(bucket, key).isEmpty()) {
            throw invalid("Unable to download from S3 location (Bucket: " + bucket + "  Key: " + key
                    + "). Reason: Not Found");
        }
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("ApplicationName", application);
        version.put("Description", description);
        version.put("VersionLabel", label);
        version.put("SourceBundle", Map.of("S3Bucket", bucket, "S3Key", key));
        version.put("DateCreated", Machine.now());
        version.put("DateUpdated", Machine.now());
        version.put("Status", "PROCESSING");
        versions.put(application + " " + label, version);
        Optional<String> ill =
                SourceBundle.of(buckets.get(bucket, key).orElseThrow()).illConfiguration(label);
        ill.ifPresent(why -> failures.put(application + " " + label, event(application, label, why)));
    }

    private static Map<String, Object> event(String application, String label, String message) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("EventDate", Machine.now());
        event.put("Message", message);
        event.put("ApplicationName", application);
        event.put("VersionLabel", label);
        event.put("RequestId", "r-1");
        event.put("Severity", "ERROR");
        return event;
    }

    void deleteVersion(String application, String label) throws Refusal {
        if (machines.values().stream().anyMatch(m -> m.there() && m.label.equals(label))) {
            throw new Refusal("SourceBundleDeletionFailure", "Unable to delete application version: it is deployed");
        }
        Map<String, Object> version = versions.remove(application + " " + label);
        if (version != null) {
            Map<?, ?> bundle = (Map<?, ?>) version.get("SourceBundle");
            String object = bundle.get("S3Bucket") + "/" + bundle.get("S3Key");
            if (!access.policy.allows("s3:DeleteObject", "arn:aws:s3:::" + object)) {
                // botocore, SourceBundleDeletionException, its documentation.
                throw new Refusal(
                        "SourceBundleDeletionFailure",
                        "Unable to delete the Amazon S3 source bundle associated with the application version. "
                                + "The application version was deleted successfully.");
            }
            buckets.remove(
                    bundle.get("S3Bucket").toString(), bundle.get("S3Key").toString());
        }
    }

    Machine create(Map<String, String> form, Map<String, String> tags, Map<String, String> settings)
            throws Refusal, IOException {
        String application = form.getOrDefault("ApplicationName", "");
        String name = form.getOrDefault("EnvironmentName", "");
        String prefix = form.getOrDefault("CNAMEPrefix", name);
        String label = form.getOrDefault("VersionLabel", "");
        if (!name.matches("(?!-)[A-Za-z0-9-]{4,40}(?<!-)")) {
            throw invalid("Value " + name + " at 'EnvironmentName' failed to satisfy constraint");
        }
        Map<String, Object> version = versions.get(application + " " + label);
        if (version == null) {
            throw invalid("No Application Version named '" + label + "' found.");
        }
        if (!"PROCESSED".equals(version.get("Status"))) {
            throw invalid("Application version " + label + " is in an invalid state");
        }
        if (machines.values().stream().anyMatch(m -> m.there() && m.name.equals(name))) {
            throw invalid("Environment " + name + " already exists.");
        }
        if (!free(prefix)) {
            throw invalid("DNS name (" + prefix + domain() + ") is not available.");
        }
        CreationRules.check(tags, settings);
        Machine machine = new Machine(
                region,
                name,
                "e-" + String.format("%010d", ++count),
                application,
                label,
                form.getOrDefault("SolutionStackName", ""),
                prefix.toLowerCase(java.util.Locale.ROOT) + domain());
        machine.tags.putAll(tags);
        machine.settings.putAll(settings);
        // "The security group that Elastic Beanstalk creates for your load balancer" is the default, and shown by its
        // id
        // (developer guide, command-options-general.md, aws:elbv2:loadbalancer SecurityGroups).
        for (String option : List.of(LOAD_BALANCER_GROUPS, INSTANCE_GROUPS)) {
            String made = groups.generate(
                    machine.id,
                    option.equals(INSTANCE_GROUPS) ? "AWSEBSecurityGroup" : "AWSEBLoadBalancerSecurityGroup");
            machine.generated.put(option, made);
            machine.settings.merge(option, made, (given, own) -> given + "," + own);
        }
        machine.busyUntil = Instant.now().plus(busy);
        machine.stuck = stuck;
        machine.abortable = abortable;
        machine.event("INFO", "createEnvironment is starting.");
        machines.put(machine.id, machine);
        if (CreationRules.isTooLong(settings)) {
            // Not refused at once: the words are those of meteor-up/mup-aws-beanstalk#42.
            machine.refusal =
                    "Service:AmazonCloudFormation, Message:Template format error: Parameter 'EnvironmentVariables' "
                            + "default value '[****]' length is greater than 4096.";
            return machine;
        }
        Optional<String> denied = access.onBehalf("create", settings);
        if (denied.isPresent()) {
            machine.refusal = denied.get();
            return machine;
        }
        machine.host = hosts.run(
                host(name),
                bundle(version).image(),
                variables(settings, bundle(version).isCompose()));
        return machine;
    }

    private static Map<String, String> variables(Map<String, String> settings, boolean compose) throws Refusal {
        Map<String, String> variables = variables(settings);
        if (compose) {
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                variable.setValue(DotEnv.read(variable.getValue()).orElseThrow(() -> invalid(".env cannot be read")));
            }
        }
        return variables;
    }

    private static Map<String, String> variables(Map<String, String> settings) {
        Map<String, String> variables = new HashMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith("aws:elasticbeanstalk:application:environment|")) {
                variables.put(key.substring(key.indexOf('|') + 1), value);
            } else if (key.startsWith("aws:elasticbeanstalk:application:environmentsecrets|")) {
                variables.put(key.substring(key.indexOf('|') + 1), "value of " + value);
            }
        });
        return variables;
    }

    private SourceBundle bundle(Map<String, Object> version) throws Refusal {
        Map<?, ?> at = (Map<?, ?>) version.get("SourceBundle");
        return SourceBundle.of(
                buckets.get(at.get("S3Bucket").toString(), at.get("S3Key").toString())
                        .orElseThrow(() -> invalid("the bundle is gone")));
    }

    boolean free(String prefix) {
        return machines.values().stream().noneMatch(m -> m.there() && m.cname.equalsIgnoreCase(prefix + domain()));
    }

    Machine find(String idOrName) throws Refusal {
        return machines.values().stream()
                .filter(m -> m.id.equals(idOrName) || m.there() && m.name.equals(idOrName))
                .findFirst()
                .orElseThrow(() -> invalid("No Environment found for " + idOrName));
    }

    private static void mustBeReady(Machine m) throws Refusal {
        if (!m.status.equals("Ready")) {
            throw invalid("Environment named " + m.name + " is in an invalid state for this operation. Must be Ready.");
        }
    }

    void swap(Machine source, Machine destination) throws Refusal {
        mustBeReady(source);
        mustBeReady(destination);
        String cname = source.cname;
        source.cname = destination.cname;
        destination.cname = cname;
        for (Machine m : List.of(source, destination)) {
            m.status = "Updating";
            m.updated = Machine.now();
            m.busyUntil = Instant.now().plus(busy);
            m.redUntil = m.busyUntil.plus(redAfterSwap);
            m.event(
                    "INFO",
                    "Completed swapping CNAMEs for environments '" + source.name + "' and '" + destination.name + "'.");
        }
    }

    /**
     * botocore, AbortEnvironmentUpdate: "cancels in-progress environment configuration update or application version
     * deployment"; the status is Aborting meanwhile (EnvironmentStatus). The words of a refusal have no witness.
     */
    void abort(Machine m) throws Refusal {
        if (!Boolean.TRUE.equals(m.describe().get("AbortableOperationInProgress"))) {
            throw invalid("Environment named " + m.name + " is in an invalid state for this operation.");
        }
        Optional<String> denied = access.onBehalf("abort", m.settings);
        if (denied.isPresent()) {
            throw new Refusal("InsufficientPrivilegesException", denied.get());
        }
        m.status = "Aborting";
        m.busyUntil = Instant.now().plus(busy);
        m.event("INFO", "abortEnvironmentUpdate is starting.");
    }

    void terminate(Machine m) throws Refusal {
        mustBeReady(m);
        m.status = "Terminating";
        m.gone = Instant.now().plus(busy);
        m.event("INFO", "terminateEnvironment is starting.");
    }

    /** Completes the work whose time has passed. */
    void live() throws IOException {
        // In upper case, as the EB CLI compares it (aws-elastic-beanstalk-cli, ebcli/operations/commonops.py) and as
        // the AWS
        // CLI prints it; the enumeration of the API model has another case than the service.
        versions.forEach((name, v) -> v.put("Status", failures.containsKey(name) ? "FAILED" : "PROCESSED"));
        for (Machine m : new ArrayList<>(machines.values())) {
            if (m.status.equals("Terminating") && Instant.now().isAfter(m.gone)) {
                if (m.host != null) {
                    hosts.end(host(m.name));
                }
                m.host = null;
                Optional<String> denied = access.onBehalf("terminate", m.settings);
                if (denied.isPresent()) {
                    m.event("ERROR", denied.get());
                    m.status = "Ready";
                    m.health = "Grey";
                    m.emptied = true;
                } else if (holdsItsGroup(m)) {
                    // aws/elastic-beanstalk-roadmap#229: the stack's DELETE_FAILED, and the environment stays, without
                    // instances.
                    m.event(
                            "ERROR",
                            "Deleting security group named: " + m.generated.get(LOAD_BALANCER_GROUPS)
                                    + " failed Reason: resource has a dependent object (Service: AmazonEC2; "
                                    + "Status Code: 400; Error Code: DependencyViolation)");
                    m.status = "Ready";
                    m.health = "Grey";
                    m.emptied = true;
                } else {
                    m.status = "Terminated";
                    m.event("INFO", "terminateEnvironment completed successfully.");
                }
            }
            if (m.emptied || Instant.now().isBefore(m.busyUntil) || !m.there() || m.status.equals("Terminating")) {
                continue;
            }
            if (m.status.equals("Aborting")) {
                m.status = "Ready";
                m.emptied = true;
                continue;
            }
            if (m.stuck && m.status.equals("Launching")) {
                continue;
            }
            if (!m.refusal.isEmpty()) {
                m.status = "Ready";
                m.emptied = true;
                m.event("ERROR", m.refusal);
                m.event("ERROR", "Failed to launch environment.");
                continue;
            }
            String trouble = hosts.trouble(host(m.name));
            if (m.status.equals("Launching")) {
                if (!trouble.isEmpty()) {
                    m.status = "Ready";
                    m.event("ERROR", "Failed to launch environment. The container " + trouble + ".");
                } else if (pings(m.host)) {
                    m.status = "Ready";
                    m.event("INFO", "Successfully launched environment: " + m.name);
                    m.redUntil = m.busyUntil.plus(redAfterLaunch);
                }
            } else {
                m.status = "Ready";
            }
            // Developer guide, "Health colors and statuses": Severe and Degraded are Red; and the cause "ELB health is
            // failing or not available for all instances" comes and goes in the first minutes.
            boolean red = !trouble.isEmpty() || Instant.now().isBefore(m.redUntil) || ill.test(m);
            // It tells of a Red in its events that was over before the next request, too.
            boolean over = !red && m.redUntil.isAfter(m.busyUntil);
            m.redUntil = over ? Instant.MIN : m.redUntil;
            String before = m.health;
            m.health = !m.status.equals("Ready") ? "Grey" : red ? "Red" : "Green";
            if ((red || over) && !before.equals("Red")) {
                m.event(
                        "WARN",
                        "Environment health has transitioned from " + (before.equals("Green") ? "Ok" : "Pending")
                                + " to Severe. ELB health is failing or not available for all instances.");
            }
            if (over || m.health.equals("Green") && before.equals("Red")) {
                m.event("INFO", "Environment health has transitioned from Severe to Ok.");
            }
        }
    }

    /** Returns whether another environment's load balancer or instances are in a group of this one. */
    private boolean holdsItsGroup(Machine m) {
        return machines.values().stream()
                .filter(other -> other != m && other.there())
                .flatMap(other -> other.settings.entrySet().stream())
                .filter(e -> e.getKey().endsWith("SecurityGroups"))
                .flatMap(e -> Arrays.stream(e.getValue().split(",")))
                .anyMatch(m.generated::containsValue);
    }

    private static boolean pings(URI host) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(host + "/ping").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns the owner. A request at the CNAME finds an ended environment gone, even before any call lists the
     * environments.
     */
    Optional<Machine> owner(String prefix) {
        return machines.values().stream()
                .filter(m -> m.there() && m.cname.equalsIgnoreCase(prefix + domain()))
                .filter(m -> !m.status.equals("Terminating") || Instant.now().isBefore(m.gone))
                .findFirst();
    }
}
