package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What can be done on Elastic Beanstalk. Each names the state to reach, so that doing it twice is once. */
final class BeanstalkEffects {
    static final String APPLICATION = "application";
    static final String UPLOAD = "upload";
    static final String VERSION = "version";
    static final String CREATE = "create";
    static final String ADDRESS = "address";
    static final String OWN = "own";
    static final String CLAIM = "claim";
    static final String SERVES = "serves";
    static final String TERMINATE = "terminate";
    static final String FORGET = "forget";

    /** The names of the service's own files in a bundle, for people; "" for none. */
    static final String NAMES = "names";

    /** How late DescribeEnvironments and the like have been seen to show what was done; generous. */
    static final Duration SETTLE = Duration.ofSeconds(30);

    /** An environment that is busy becomes Ready, or is given up by the service, within that. */
    private static final Duration BUSY = Duration.ofMinutes(30);

    private BeanstalkEffects() {}

    static Effect application(String application) {
        return new Effect(
                APPLICATION + ":" + application,
                APPLICATION,
                Map.of("application", application),
                SETTLE,
                "create the Elastic Beanstalk application " + application);
    }

    /** S3 shows an object as soon as it was written. @param version see {@link BeanstalkPrepareParameters#version} */
    static Effect upload(Map<String, String> version) {
        return new Effect(
                UPLOAD + ":" + version.get("key"),
                UPLOAD,
                version,
                Duration.ZERO,
                "put the bundle, which names " + version.get("image") + ", to s3://" + version.get("bucket") + "/"
                        + version.get("key") + own(version));
    }

    private static String own(Map<String, String> version) {
        String names = version.getOrDefault(NAMES, "");
        return names.isEmpty() ? "" : ", with " + names;
    }

    static Effect version(Map<String, String> version) {
        return new Effect(
                VERSION + ":" + version.get("label"),
                VERSION,
                version,
                SETTLE,
                "create application version " + version.get("label") + " of " + version.get("application"));
    }

    /** @param creation see {@link BeanstalkPrepareParameters#creation} */
    static Effect create(Map<String, String> creation) {
        return new Effect(
                CREATE + ":" + creation.get("name"),
                CREATE,
                creation,
                SETTLE,
                "create environment " + creation.get("name") + " with version " + creation.get("label")
                        + " and CNAME prefix " + creation.get("prefix") + place(creation));
    }

    /** In which network, and with which load balancer, where that is known. */
    private static String place(Map<String, String> creation) {
        String vpc = creation.get(EnvironmentCreator.SET + "aws:ec2:vpc|VPCId");
        String scheme = creation.get(EnvironmentCreator.SET + "aws:ec2:vpc|ELBScheme");
        return (vpc == null ? "" : ", in " + vpc)
                + (scheme == null
                        ? ""
                        : ", with " + ("internal".equals(scheme) ? "an " : "a ") + scheme + " load balancer");
    }

    /** Changes nothing: the journal is to know where the environment's own load balancer answers. */
    static Effect address(String name) {
        return new Effect(
                ADDRESS + ":" + name,
                ADDRESS,
                Map.of("name", name),
                Duration.ZERO,
                "look up the address of environment " + name);
    }

    /**
     * The environment {@code to} owns the CNAME of live.
     *
     * @param from who owns it now
     */
    static Effect own(String to, String from, String cname) {
        return new Effect(
                OWN + ":" + to,
                OWN,
                Map.of("to", to, "from", from, "cname", cname),
                SETTLE,
                BUSY,
                "swap, so that environment " + to + " owns " + cname + " instead of " + from);
    }

    /** Changes nothing: a swap is accepted at once, and over when the environment is Ready again. */
    static Effect serves(String name, String cname) {
        return new Effect(
                SERVES + ":" + name,
                SERVES,
                Map.of("to", name, "cname", cname),
                SETTLE,
                BUSY,
                "see that environment " + name + " owns " + cname + " and is Ready");
    }

    /** Nothing else, for a deployment that finds live as it should be: who deployed before is to know of it. */
    static Effect claim(String name, String cname) {
        return new Effect(
                CLAIM + ":" + name,
                CLAIM,
                Map.of("name", name, "cname", cname),
                SETTLE,
                "note on the application that environment " + name + " stays what owns " + cname);
    }

    /**
     * @param cname of live: whoever owns it is not terminated
     * @param even whether that may be, for the first environment, which nothing is to replace
     * @param shown from when on one that is not listed is surely not there; before that it may be too young
     */
    static Effect terminate(String name, String service, String cname, boolean even, Instant shown) {
        Map<String, String> args = new HashMap<>();
        args.put("name", name);
        args.put("service", service);
        args.put("cname", cname);
        args.put("even", Boolean.toString(even));
        args.put("shown", shown.toString());
        return new Effect(TERMINATE + ":" + name, TERMINATE, args, SETTLE, BUSY, "terminate environment " + name);
    }

    /** Its bundle goes too. */
    static Effect forget(String application, String label) {
        return new Effect(
                FORGET + ":" + label,
                FORGET,
                Map.of("application", application, "label", label),
                SETTLE,
                "delete application version " + label);
    }
}
