package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The parameters of {@link BeanstalkPrepareOperation}. No secret is in them: the effector adds those.
 *
 * @param deployed the resulting deployment; its {@code url} is made exact at the end
 * @param version application, label, bucket, key, and the result of {@link ApplicationVersions#params} for the
 *     {@link Bundle}
 * @param creation application, name, label, prefix, platform, {@code tag:…} and {@code set:namespace|option}
 * @param newApplication whether the application is to be created first
 * @param newVersion whether the application version is to be created
 * @param newEnvironment whether the environment is to be created; otherwise it exists, and is only proven
 * @param cname of live in full, "" where it is not configured
 * @param service the service of the environment
 * @param keepFailed whether it stays when it fails
 * @param within how long the environment may take
 * @param redFor how long in a row it may be Red when it is Ready
 * @param eventsAfter the date of its newest event when the deployment began, for an existing environment; "" = all
 *     count
 */
record BeanstalkPrepareParameters(
        Deployed deployed,
        Map<String, String> version,
        Map<String, String> creation,
        boolean newApplication,
        boolean newVersion,
        boolean newEnvironment,
        String cname,
        String service,
        String scheme,
        boolean keepFailed,
        Duration within,
        Duration redFor,
        String eventsAfter) {
    BeanstalkPrepareParameters {
        version = Map.copyOf(version);
        creation = Map.copyOf(creation);
    }

    String name() {
        return deployed.revision();
    }

    /** Returns whether it is made with the CNAME of live, which no environment has. */
    boolean servesAtOnce() {
        String prefix = creation.getOrDefault("prefix", "");
        return newEnvironment && !prefix.isEmpty() && cname.startsWith(prefix + ".");
    }

    Map<String, String> toParams() {
        Map<String, String> params = new HashMap<>();
        deployed.toMap().forEach((name, value) -> params.put("deployed." + name, value));
        version.forEach((name, value) -> params.put("version." + name, value));
        creation.forEach((name, value) -> params.put("creation." + name, value));
        params.put("newApplication", Boolean.toString(newApplication));
        params.put("newVersion", Boolean.toString(newVersion));
        params.put("newEnvironment", Boolean.toString(newEnvironment));
        params.put("cname", cname);
        params.put("service", service);
        params.put("scheme", scheme);
        params.put("keepFailed", Boolean.toString(keepFailed));
        params.put("within", within.toString());
        params.put("redFor", redFor.toString());
        params.put("eventsAfter", eventsAfter);
        return params;
    }

    static BeanstalkPrepareParameters read(Map<String, String> params) {
        return new BeanstalkPrepareParameters(
                Deployed.fromMap(below("deployed.", params)).orElseThrow(),
                below("version.", params),
                below("creation.", params),
                Boolean.parseBoolean(params.get("newApplication")),
                Boolean.parseBoolean(params.get("newVersion")),
                Boolean.parseBoolean(params.get("newEnvironment")),
                params.get("cname"),
                params.get("service"),
                params.get("scheme"),
                Boolean.parseBoolean(params.get("keepFailed")),
                Duration.parse(params.get("within")),
                BeanstalkWaitConditions.redFor(params),
                params.getOrDefault("eventsAfter", ""));
    }

    private static Map<String, String> below(String prefix, Map<String, String> params) {
        Map<String, String> found = new HashMap<>();
        params.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }
}
