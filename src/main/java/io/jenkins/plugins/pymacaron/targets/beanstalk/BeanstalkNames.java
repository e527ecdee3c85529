package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.util.Locale;
import java.util.Set;

/** Makes names within the limits of Elastic Beanstalk, different ones for any two deployments. */
final class BeanstalkNames {
    /** botocore, EnvironmentName: 4 to 40 characters; letters, digits and hyphens, no hyphen at either end. */
    static final int LONGEST_ENVIRONMENT = 40;

    /** botocore, VersionLabel: 1 to 100 characters. */
    static final int LONGEST_LABEL = 100;

    private BeanstalkNames() {}

    /**
     * Returns the name of an environment, which is also its first CNAME prefix (4 to 63 characters: botocore,
     * DNSCnamePrefix). The end of the deployment id, the hash, is kept even if the name is too long.
     *
     * @param taken names that are in use, or were a moment ago
     */
    static String environment(String service, String deploymentId, Set<String> taken) {
        for (int i = 1; ; i++) {
            String end = (i == 1 ? "" : "-" + i);
            String name = fit(service, deploymentId, LONGEST_ENVIRONMENT - end.length()) + end;
            if (!taken.contains(name)) {
                return name;
            }
        }
    }

    /** Shortens a name: a service with a long name keeps at least its first letters, a deployment its hash. */
    private static String fit(String service, String deploymentId, int longest) {
        String id = clean(deploymentId);
        String hash = id.substring(id.lastIndexOf('-') + 1);
        String head = clean(service);
        String version = id.substring(0, Math.max(0, id.length() - hash.length() - 1));
        int room = longest - hash.length() - 1;
        if (head.length() > room) {
            head = head.substring(0, room);
        }
        int left = room - head.length() - 1;
        // The end of a version tells most: the number of commits and the commit.
        String tail = left < 4 ? "" : version.length() <= left ? version : version.substring(version.length() - left);
        return trim(head) + (trim(tail).isEmpty() ? "" : "-" + trim(tail)) + "-" + hash;
    }

    private static String clean(String text) {
        return trim(text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    }

    private static String trim(String text) {
        return text.replaceAll("^-+|-+$", "");
    }

    /**
     * Returns the label of an application version: the content of its bundle, with the image's digest, identifies it.
     */
    static String label(String version, String bundleHash) {
        String end = "-" + bundleHash.substring(0, 12);
        int room = LONGEST_LABEL - end.length();
        String head = version.replaceAll("[/\\s]+", "-");
        return (head.length() > room ? head.substring(0, room) : head) + end;
    }
}
