package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An environment of the server: its state, its events, and the host that runs its image. */
final class Machine {
    final String region;
    final String name;
    final String id;
    final String application;
    final String label;
    final String platform;
    Instant created = now();
    Instant updated = created;
    final Map<String, String> tags = new TreeMap<>();
    final Map<String, String> settings = new TreeMap<>();
    /** The ids of the groups that were generated for it, by the option that shows them. */
    final Map<String, String> generated = new TreeMap<>();

    /** Settings that failed to deploy, beside the deployed ones; none as a rule. */
    final Map<String, String> draft = new TreeMap<>();

    final List<Map<String, Object>> events = new ArrayList<>();
    String cname;
    String status = "Launching";
    String health = "Grey";
    /** Health is Red until then, though nothing is wrong: what load balancer and agents have not seen yet. */
    Instant redUntil = Instant.MIN;

    /** Whether its launch never ends by itself. */
    volatile boolean stuck;

    /** Whether the service says of its launch that it can be aborted. */
    boolean abortable = true;

    /** The message of CloudFormation, where its stack cannot be made; usually empty. */
    String refusal = "";

    /** Whether a termination has taken its instances and could not end it. */
    boolean emptied;

    Instant busyUntil;
    Instant gone = Instant.MAX;
    URI host;

    Machine(String region, String name, String id, String application, String label, String platform, String cname) {
        this.region = region;
        this.name = name;
        this.id = id;
        this.application = application;
        this.label = label;
        this.platform = platform;
        this.cname = cname;
    }

    /** The service has milliseconds. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    String arn() {
        return "arn:aws:elasticbeanstalk:" + region + ":123456789012:environment/" + application + "/" + name;
    }

    String endpoint() {
        return host == null ? "" : host.getAuthority();
    }

    boolean there() {
        return !status.equals("Terminated");
    }

    void event(String severity, String message) {
        event(now(), severity, message);
    }

    void event(Instant date, String severity, String message) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("EventDate", date);
        event.put("Message", message);
        event.put("ApplicationName", application);
        event.put("EnvironmentName", name);
        event.put("RequestId", "r-1");
        event.put("Severity", severity);
        events.add(0, event);
    }

    Map<String, Object> describe() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("EnvironmentName", name);
        map.put("EnvironmentId", id);
        map.put("ApplicationName", application);
        map.put("VersionLabel", label);
        map.put("SolutionStackName", platform);
        map.put("EndpointURL", endpoint());
        map.put("CNAME", cname);
        map.put("DateCreated", created);
        map.put("DateUpdated", updated);
        map.put("Status", status);
        map.put("AbortableOperationInProgress", abortable && (status.equals("Launching") || status.equals("Updating")));
        map.put("Health", health);
        map.put("EnvironmentArn", arn());
        map.put("Tier", Map.of("Name", "WebServer", "Type", "Standard", "Version", "1.0"));
        return map;
    }
}
