package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.VpcAccess;
import io.jenkins.plugins.pymacaron.config.CloudRunKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The network by which the requests of a service leave: directly, or by a connector. One of them replaces the other.
 */
final class EgressSettings {
    private static final String NETWORK = CloudRunKeys.GCP_NETWORK.name();
    private static final String SUBNET = CloudRunKeys.GCP_SUBNET.name();
    private static final String TAGS = CloudRunKeys.GCP_NETWORK_TAGS.name();
    private static final String CONNECTOR = CloudRunKeys.GCP_VPC_CONNECTOR.name();
    private static final String WHICH = CloudRunKeys.GCP_VPC_EGRESS.name();
    private static final List<String> ALL = List.of(NETWORK, SUBNET, TAGS, CONNECTOR, WHICH);
    private static final String EVERYTHING = "all-traffic";

    private EgressSettings() {}

    static Map<String, String> of(PymConfig config) {
        Map<String, String> values = new HashMap<>();
        config.find(CloudRunKeys.GCP_NETWORK).ifPresent(name -> values.put(NETWORK, name));
        config.find(CloudRunKeys.GCP_SUBNET).ifPresent(name -> values.put(SUBNET, name));
        config.find(CloudRunKeys.GCP_NETWORK_TAGS).ifPresent(tags -> values.put(TAGS, String.join(" ", tags)));
        config.find(CloudRunKeys.GCP_VPC_CONNECTOR).ifPresent(name -> values.put(CONNECTOR, name));
        config.find(CloudRunKeys.GCP_VPC_EGRESS).ifPresent(which -> values.put(WHICH, which));
        return values;
    }

    static boolean isIn(Map<String, String> values) {
        return ALL.stream().anyMatch(values::containsKey);
    }

    static Map<String, String> in(VpcAccess access) {
        VpcAccess.NetworkInterface direct = access.getNetworkInterfacesCount() == 0
                ? VpcAccess.NetworkInterface.getDefaultInstance()
                : access.getNetworkInterfaces(0);
        return Map.of(
                NETWORK, direct.getNetwork(),
                SUBNET, direct.getSubnetwork(),
                TAGS, String.join(" ", direct.getTagsList()),
                CONNECTOR, access.getConnector(),
                WHICH,
                        switch (access.getEgress()) {
                            case ALL_TRAFFIC -> EVERYTHING;
                            case PRIVATE_RANGES_ONLY -> "private-ranges-only";
                            default -> "";
                        });
    }

    static VpcAccess apply(VpcAccess before, Map<String, String> values) {
        VpcAccess.Builder access = before.toBuilder();
        if (values.containsKey(CONNECTOR)) {
            access.clearNetworkInterfaces().setConnector(values.get(CONNECTOR));
        }
        if (values.containsKey(NETWORK) || values.containsKey(SUBNET)) {
            List<String> tags = access.getNetworkInterfacesCount() == 0
                    ? List.of()
                    : List.copyOf(access.getNetworkInterfaces(0).getTagsList());
            access.clearConnector()
                    .clearNetworkInterfaces()
                    .addNetworkInterfaces(VpcAccess.NetworkInterface.newBuilder()
                            .setNetwork(values.getOrDefault(NETWORK, ""))
                            .setSubnetwork(values.getOrDefault(SUBNET, ""))
                            .addAllTags(tags));
        }
        if (values.containsKey(TAGS) && access.getNetworkInterfacesCount() > 0) {
            access.getNetworkInterfacesBuilder(0)
                    .clearTags()
                    .addAllTags(List.of(values.get(TAGS).split(" ")));
        }
        if (values.containsKey(WHICH)) {
            access.setEgress(
                    values.get(WHICH).equals(EVERYTHING)
                            ? VpcAccess.VpcEgress.ALL_TRAFFIC
                            : VpcAccess.VpcEgress.PRIVATE_RANGES_ONLY);
        }
        return access.build();
    }
}
