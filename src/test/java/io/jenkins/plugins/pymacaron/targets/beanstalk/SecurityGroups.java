package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The security groups of the account, in the form of DescribeSecurityGroups of EC2 (botocore, ec2/2016-11-15): those
 * that Beanstalk generates for an environment, by its stack, and those of users.
 */
final class SecurityGroups {
    private record Group(String name, String stack) {}

    private final Map<String, Group> groups = new LinkedHashMap<>();

    /** Adds one of the user's own. */
    void own(String id, String name) {
        groups.put(id, new Group(name, ""));
    }

    /**
     * Adds a group that Beanstalk makes for an environment: its name begins with awseb, as
     * hashicorp/terraform-provider-aws relies on (internal/service/elasticbeanstalk/environment.go,
     * dropGeneratedSecurityGroup), and the tag of each resource of a stack (CloudFormation User Guide, "Resource tag":
     * aws:cloudformation:stack-name).
     */
    String generate(String environmentId, String resource) {
        String id = "sg-0" + Integer.toHexString((environmentId + resource).hashCode()) + resource.length();
        String stack = "awseb-" + environmentId + "-stack";
        groups.put(id, new Group(stack + "-" + resource + "-1A2B3C", stack));
        return id;
    }

    /** The Query protocol of EC2 has {@code item} where others have {@code member}, and no Result around. */
    String describe(Map<String, String> form) {
        String of = form.getOrDefault("Filter.1.Name", "");
        var wanted = IntStream.range(1, 200)
                .mapToObj(i -> form.get("Filter.1.Value." + i))
                .filter(v -> v != null)
                .collect(Collectors.toSet());
        String items = groups.entrySet().stream()
                .filter(e -> wanted.contains(
                        of.equals("group-id") ? e.getKey() : e.getValue().name()))
                .map(e -> item(e.getKey(), e.getValue()))
                .collect(Collectors.joining());
        return "<DescribeSecurityGroupsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r-1</requestId>"
                + "<securityGroupInfo>" + items + "</securityGroupInfo></DescribeSecurityGroupsResponse>";
    }

    private static String item(String id, Group group) {
        String tags = group.stack().isEmpty()
                ? ""
                : "<tagSet><item><key>aws:cloudformation:stack-name</key><value>" + group.stack()
                        + "</value></item></tagSet>";
        return "<item><ownerId>" + BeanstalkServer.ACCOUNT + "</ownerId><groupId>" + id + "</groupId><groupName>"
                + group.name() + "</groupName><groupDescription>of " + group.name() + "</groupDescription>"
                + "<vpcId>vpc-0123abcd</vpcId><ipPermissions/><ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups/><ipv6Ranges/>"
                + "<prefixListIds/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissionsEgress>"
                + tags
                + "</item>";
    }
}
