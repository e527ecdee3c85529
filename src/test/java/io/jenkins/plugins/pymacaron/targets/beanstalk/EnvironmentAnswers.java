package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static io.jenkins.plugins.pymacaron.targets.beanstalk.Xml.ordered;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the answers about an environment beside its description. */
final class EnvironmentAnswers {
    private EnvironmentAnswers() {}

    static Map<String, Object> health(Machine m) {
        boolean ill = m.health.equals("Red");
        Map<String, Object> instances = new LinkedHashMap<>();
        for (String status : List.of("Degraded", "Info", "NoData", "Ok", "Pending", "Severe", "Unknown", "Warning")) {
            instances.put(status, status.equals(ill ? "Severe" : "Ok") ? 1 : 0);
        }
        return ordered(
                "EnvironmentName",
                m.name,
                "HealthStatus",
                ill ? "Severe" : "Ok",
                "Color",
                m.health,
                "Causes",
                ill ? List.of("100.0 % of the requests are failing with HTTP 5xx.") : List.of(),
                "InstancesHealth",
                instances,
                "RefreshedAt",
                Machine.now());
    }

    static Map<String, Object> resources(Machine m) {
        return Map.of(
                "EnvironmentResources",
                ordered(
                        "EnvironmentName",
                        m.name,
                        "AutoScalingGroups",
                        List.of(Map.of("Name", "awseb-" + m.id + "-stack-AWSEBAutoScalingGroup-1A2B3C")),
                        "LoadBalancers",
                        List.of(Map.of("Name", "arn:aws:elasticloadbalancing:loadbalancer/app/awseb")),
                        "Instances",
                        m.emptied ? List.of() : List.of(Map.of("Id", "i-1"))));
    }

    static Map<String, Object> instances(Machine m) {
        boolean ill = m.health.equals("Red");
        return ordered(
                "InstanceHealthList",
                List.of(ordered(
                        "InstanceId",
                        "i-1",
                        "HealthStatus",
                        ill ? "Severe" : "Ok",
                        "Color",
                        ill ? "Red" : "Green",
                        "Causes",
                        ill ? List.of("Docker container quit unexpectedly.") : List.of(),
                        "LaunchedAt",
                        Machine.now())),
                "RefreshedAt",
                Machine.now());
    }

    /** API reference, DescribeConfigurationSettings: the deployed set, and one that is being deployed or failed to. */
    static Map<String, Object> settings(Machine m) {
        Map<String, Object> deployed = settings(m, m.settings, "deployed");
        return Map.of(
                "ConfigurationSettings",
                m.draft.isEmpty() ? List.of(deployed) : List.of(settings(m, m.draft, "failed"), deployed));
    }

    /** Options of a resource of the stack have its name, as the published example shows. */
    private static Map<String, Object> settings(Machine m, Map<String, String> settings, String status) {
        List<Map<String, Object>> options = new ArrayList<>();
        settings.forEach((key, value) -> {
            int bar = key.indexOf('|');
            Map<String, Object> option =
                    ordered("Namespace", key.substring(0, bar), "OptionName", key.substring(bar + 1), "Value", value);
            if (key.startsWith("aws:autoscaling:asg|")) {
                option.put("ResourceName", "AWSEBAutoScalingGroup");
            } else if (key.startsWith("aws:elbv2:loadbalancer|")) {
                option.put("ResourceName", "AWSEBV2LoadBalancer");
            }
            options.add(option);
        });
        return ordered(
                "SolutionStackName", m.platform,
                "ApplicationName", m.application,
                "EnvironmentName", m.name,
                "DeploymentStatus", status,
                "DateCreated", m.created,
                "DateUpdated", m.updated,
                "OptionSettings", options);
    }

    static Map<String, Object> application(BeanstalkService service, String name) {
        return ordered(
                "ApplicationArn", service.arn(name),
                "ApplicationName", name,
                "Description", "PyMacaron: " + name,
                "DateCreated", Machine.now(),
                "DateUpdated", Machine.now(),
                "Versions",
                        service.versions.values().stream()
                                .filter(v -> v.get("ApplicationName").equals(name))
                                .map(v -> v.get("VersionLabel"))
                                .toList(),
                "ConfigurationTemplates", List.of());
    }
}
