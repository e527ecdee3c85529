package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The effects on Elastic Beanstalk. Each names the state to reach, so that applying one twice is the same as once. */
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

    /** The delay after which DescribeEnvironments and similar calls show a change, with a generous margin. */
    static final Duration SETTLE = Duration.ofSeconds(30);

    /** A busy environment becomes Ready, or the service gives up on it, within this time. */
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

    /**
     * Uploads a bundle; S3 shows an object as soon as it was written.
     *
     * @param version see {@link BeanstalkPrepareParameters#version}
     */
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

    /** Creates an environment. @param creation see {@link BeanstalkPrepareParameters#creation} */
    static Effect create(Map<String, String> creation) {
        return new Effect(
                CREATE + ":" + creation.get("name"),
                CREATE,
                creation,
                SETTLE,
                "create environment " + creation.get("name") + " with version " + creation.get("label")
                        + " and CNAME prefix " + creation.get("prefix") + place(creation));
    }

    /** Returns the network and the load balancer for the sentence, where they are known. */
    private static String place(Map<String, String> creation) {
        String vpc = creation.get(EnvironmentCreator.SET + "aws:ec2:vpc|VPCId");
        String scheme = creation.get(EnvironmentCreator.SET + "aws:ec2:vpc|ELBScheme");
        return (vpc == null ? "" : ", in " + vpc)
                + (scheme == null
                        ? ""
                        : ", with " + ("internal".equals(scheme) ? "an " : "a ") + scheme + " load balancer");
    }

    /** Changes nothing: it puts the address of the environment's own load balancer into the journal. */
    static Effect address(String name) {
        return new Effect(
                ADDRESS + ":" + name,
                ADDRESS,
                Map.of("name", name),
                Duration.ZERO,
                "look up the address of environment " + name);
    }

    /** Makes the environment {@code to} the owner of the CNAME of live. @param from the owner now */
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

    /**
     * Returns an effect that only leaves the mark, for a deployment that finds live as it should be, so that an older
     * deployment notices it.
     */
    static Effect claim(String name, String cname) {
        return new Effect(
                CLAIM + ":" + name,
                CLAIM,
                Map.of("name", name, "cname", cname),
                SETTLE,
                "note on the application that environment " + name + " stays what owns " + cname);
    }

    /**
     * Terminates an environment.
     *
     * @param cname of live: its owner is not terminated
     * @param even whether the owner may be terminated, for the first environment, which has no successor
     * @param shown the time from which an environment that is not listed surely does not exist; before that it may be
     *     too young
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

    /** Deletes an application version with its bundle. */
    static Effect forget(String application, String label) {
        return new Effect(
                FORGET + ":" + label,
                FORGET,
                Map.of("application", application, "label", label),
                SETTLE,
                "delete application version " + label);
    }
}
