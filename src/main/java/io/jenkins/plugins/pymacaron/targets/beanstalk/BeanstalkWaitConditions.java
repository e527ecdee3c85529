package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Proof;
import io.jenkins.plugins.pymacaron.targets.Step;
import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import io.jenkins.plugins.pymacaron.targets.cloud.LastingRefusal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The conditions that the operations wait for, and how they read the facts of {@link BeanstalkStateReader}. */
final class BeanstalkWaitConditions {
    /**
     * Subject: an application version, {@code application label}. Its {@link #STATUS} is PROCESSED, UNPROCESSED, PROCESSING,
     * BUILDING or FAILED, as the EB CLI compares it (aws-elastic-beanstalk-cli, {@code ebcli/operations/commonops.py}).
     */
    static final String VERSION = "version";

    /**
     * Subject: an environment by its name, asked at its own address; where there is a space after the name, it is
     * followed by the instant up to which its events do not count.
     */
    static final String CANDIDATE = "candidate";

    /**
     * Subject: the owner of the live CNAME, and the version that answers at the URL of users; the id is
     * {@code name cname}.
     */
    static final String LIVE = "live";

    static final String STATUS = "status";
    static final String HEALTH = "health";
    static final String LABEL = "label";
    static final String OWNER = "owner";

    /** Fact: an event reported a failure, with the reasons that its instances give. */
    static final String FAILED = "failed";

    static final String CAUSES = "causes";

    /** Fact: the time for which it has been Red in a row, as a {@link Duration}. */
    static final String RED_FOR = "redFor";

    /** The time limit to process a few files that name no image to fetch yet. */
    private static final Duration PROCESSED_WITHIN = Duration.ofMinutes(5);

    /** A swap that takes longer than ten minutes was lost; and then names are cached for 60 s, twice in a row. */
    private static final Duration LIVE_WITHIN = Duration.ofMinutes(10).plusSeconds(120);

    private BeanstalkWaitConditions() {}

    static Step processed(BeanstalkPrepareParameters c) {
        String label = c.version().get("label");
        return new Step.Until(
                new Subject(VERSION, c.version().get("application") + " " + label),
                PROCESSED_WITHIN,
                "application version " + label + " to be processed",
                // The service answers in upper case; the enumeration of its API model, from which the SDK is made, does
                // not.
                LastingRefusal.ends("application version " + label, seen -> switch (status(seen)
                        .toUpperCase(Locale.ROOT)) {
                    case "PROCESSED", "UNPROCESSED" -> Verdict.GO_ON;
                    case "FAILED" ->
                        Verdict.fail("Elastic Beanstalk cannot process application version " + label + ": "
                                + seen.facts().getOrDefault(FAILED, "it does not say why"));
                    default -> Verdict.waitOn(trouble(seen));
                }));
    }

    private static String status(Observation seen) {
        return seen.facts().getOrDefault(STATUS, "");
    }

    private static String trouble(Observation seen) {
        return seen.facts().getOrDefault(LiveUnchangedCheck.ERROR, "it is " + status(seen));
    }

    static Step serving(BeanstalkPrepareParameters c) {
        String version = c.deployed().version();
        return new Step.Until(
                new Subject(CANDIDATE, (c.name() + " " + c.eventsAfter()).strip()),
                c.within(),
                "version " + version + " in environment " + c.name(),
                LastingRefusal.ends("environment " + c.name(), seen -> judge(c, seen)));
    }

    private static Verdict judge(BeanstalkPrepareParameters c, Observation seen) {
        Map<String, String> facts = seen.facts();
        String name = "environment " + c.name();
        if (facts.containsKey(FAILED)) {
            return Verdict.fail(name + " failed: " + facts.get(FAILED) + causes(facts));
        }
        String status = status(seen);
        if (Set.of("Terminating", "Terminated").contains(status)) {
            return Verdict.fail(Expectation.superseded(name + " is being terminated by another deployment"));
        }
        if (!status.equals("Ready")) {
            return later(c, status.isEmpty() ? trouble(seen) : "it is " + status);
        }
        String label = facts.getOrDefault(LABEL, "");
        if (!label.equals(c.version().get("label"))) {
            return Verdict.fail(Expectation.superseded(name + " runs application version " + label + ", not "
                    + c.version().get("label") + ": another deployment has changed it"));
        }
        if (isRed(facts)) {
            return isRedForTooLong(facts, c.redFor())
                    ? Verdict.fail(red(name, facts))
                    : later(c, "it is Red" + causes(facts));
        }
        String version = facts.get(Proof.VERSION);
        if (version == null) {
            return later(c, facts.getOrDefault(LiveUnchangedCheck.ERROR, "no answer yet") + causes(facts));
        }
        if (!version.equals(c.deployed().version())) {
            return Verdict.fail(name + ": GET /version answers " + version + ", not "
                    + c.deployed().version());
        }
        return facts.getOrDefault(HEALTH, "").equals("Green")
                ? Verdict.GO_ON
                : later(c, "its health is " + facts.get(HEALTH) + causes(facts));
    }

    /** Returns the verdict with the action for the case that the time is over. */
    private static Verdict later(BeanstalkPrepareParameters c, String why) {
        return Verdict.waitOn(why + ". Look at its events (aws elasticbeanstalk describe-events --environment-name "
                + c.name() + "), then deploy "
                + c.deployed().version() + " again");
    }

    private static boolean isRed(Map<String, String> facts) {
        return facts.getOrDefault(HEALTH, "").equals("Red");
    }

    private static Duration lasting(Map<String, String> facts) {
        return Duration.parse(facts.getOrDefault(RED_FOR, "PT0S"));
    }

    private static boolean isRedForTooLong(Map<String, String> facts, Duration bearable) {
        return lasting(facts).compareTo(bearable) >= 0;
    }

    private static String red(String name, Map<String, String> facts) {
        return name + " is Red, for " + lasting(facts).toSeconds() + " s by now" + causes(facts);
    }

    /** Returns the key {@code redFor} of an operation's parameters, which older journals lack. */
    static Duration redFor(Map<String, String> params) {
        return Duration.parse(params.getOrDefault("redFor", "PT3M"));
    }

    private static String causes(Map<String, String> facts) {
        String causes = facts.getOrDefault(CAUSES, "");
        return causes.isEmpty() ? "" : " (" + causes + ")";
    }

    static Step live(BeanstalkActivateParameters s) {
        String version = s.deployed().version();
        return new Step.Until(
                new Subject(LIVE, s.name() + " " + s.cname()),
                LIVE_WITHIN,
                "version " + version + " at " + s.deployed().url(),
                LastingRefusal.ends("environment " + s.name(), seen -> judge(s, seen)));
    }

    private static Verdict judge(BeanstalkActivateParameters s, Observation seen) {
        Map<String, String> facts = seen.facts();
        String owner = facts.get(OWNER);
        String name = "environment " + s.name();
        if (owner == null) {
            return Verdict.waitOn(facts.getOrDefault(LiveUnchangedCheck.ERROR, "nothing was seen of " + s.cname()));
        }
        if (!owner.equals(s.name()) && !owner.equals(s.from())) {
            return Verdict.fail(Expectation.superseded((owner.isEmpty() ? "no environment" : owner) + " owns "
                    + s.cname() + " by now, which another deployment made"));
        }
        if (!owner.equals(s.name()) || !status(seen).equals("Ready")) {
            return Verdict.waitOn(owner + " owns " + s.cname() + ", and " + name + " is " + status(seen));
        }
        if (isRed(facts)) {
            return isRedForTooLong(facts, s.redFor())
                    ? Verdict.fail(red(name, facts))
                    : Verdict.waitOn(name + " is Red" + causes(facts));
        }
        String version = facts.get(Proof.VERSION);
        if (version == null || !version.equals(s.deployed().version())) {
            return Verdict.waitOn(
                    version == null
                            ? facts.getOrDefault(LiveUnchangedCheck.ERROR, "no answer yet")
                            : "GET /version answers " + version + ", not "
                                    + s.deployed().version() + "; names are cached for a minute or two");
        }
        return Verdict.GO_ON;
    }

    /** Returns the facts that are seen if the operation succeeds. */
    static Map<String, Map<String, String>> hoped(BeanstalkPrepareParameters c) {
        return Map.of(
                VERSION,
                Map.of(STATUS, "PROCESSED"),
                CANDIDATE,
                Map.of(
                        STATUS,
                        "Ready",
                        HEALTH,
                        "Green",
                        LABEL,
                        c.version().get("label"),
                        Proof.VERSION,
                        c.deployed().version()));
    }

    static Map<String, Map<String, String>> hoped(BeanstalkActivateParameters s) {
        return Map.of(
                LiveUnchangedCheck.ENVIRONMENT,
                LiveUnchangedCheck.hoped(s.expected().orElse("")),
                LIVE,
                Map.of(
                        OWNER,
                        s.name(),
                        STATUS,
                        "Ready",
                        HEALTH,
                        "Green",
                        Proof.VERSION,
                        s.deployed().version()));
    }
}
