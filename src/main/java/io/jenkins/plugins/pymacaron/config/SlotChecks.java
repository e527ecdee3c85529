package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks that need the slots: missing keys, and keys that contradict each other. */
final class SlotChecks {
    private static final Pattern BEANSTALK_NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
    private static final Pattern GOOGLE_NAME = Pattern.compile("[a-z](?:[a-z0-9-]*[a-z0-9])?");
    /**
     * Elastic Beanstalk's API reference, CreateEnvironment: EnvironmentName; the version is shortened to fit behind it.
     */
    private static final int BEANSTALK_LONGEST = 40;
    /** Cloud Run Admin API, services.create: fewer than 50 characters. */
    private static final int CLOUD_RUN_LONGEST = 49;
    /** Names of GKE clusters. */
    private static final int GKE_LONGEST = 40;

    private final Problems problems;
    private final Overrides overrides;

    SlotChecks(Problems problems, Overrides overrides) {
        this.problems = problems;
        this.overrides = overrides;
    }

    void check(PymConfig base, PymConfig staging, List<PymConfig> live) {
        Map<String, PymConfig> slots = new LinkedHashMap<>();
        slots.put("staging", staging);
        for (int i = 0; i < live.size(); i++) {
            slots.put(live.size() == 1 ? "live" : "live " + (i + 1), live.get(i));
        }
        for (Key<?> key : Keys.ALL) {
            if (!key.requiredWhen().isEmpty() || key.requiredFor().isEmpty()) {
                continue;
            } else if (key.requiredFor().size() == DeployTarget.values().length) {
                missingAnywhere(key, base);
            } else {
                missingForTarget(key, slots);
            }
        }
        new IneffectiveKeys(problems, overrides).check(base, slots.values());
        new SlotAddresses(problems).check(staging, live);
        slots.forEach((slot, config) -> {
            if (slot.startsWith("live")) {
                url(slot, config);
            }
            secretsInTheFile(config);
            order(config, AwsKeys.AWS_HOSTS_MIN, AwsKeys.AWS_HOSTS_MAX);
            order(config, GoogleKeys.GCP_MIN_INSTANCES, GoogleKeys.GCP_MAX_INSTANCES);
            config.settings().find(ServiceKeys.NAME).ifPresent(name -> name(config, name));
            image(config);
        });
    }

    /**
     * Reports a missing key of the image. The image is made before any slot matters, so the keys that it needs must not
     * be in a slot's block only.
     */
    private void missingAnywhere(Key<?> key, PymConfig base) {
        if (base.settings().misses(key)) {
            missing(key, base.at(key), "every service");
        }
    }

    private void missingForTarget(Key<?> key, Map<String, PymConfig> slots) {
        List<String> needing = new ArrayList<>();
        FilePosition at = FilePosition.NONE;
        for (Map.Entry<String, PymConfig> slot : slots.entrySet()) {
            PymConfig config = slot.getValue();
            boolean needed = !config.settings().hasUnusable(ServiceKeys.DEPLOY_TARGET)
                    && key.requiredFor().contains(config.target());
            if (needed && config.settings().misses(key)) {
                needing.add(config.target().title() + " in " + slot.getKey());
                at = config.at(config.at(key).equals(FilePosition.NONE) ? ServiceKeys.DEPLOY_TARGET : key);
            }
        }
        if (!needing.isEmpty()) {
            missing(key, at, String.join(" and ", needing));
        }
    }

    private void missing(Key<?> key, FilePosition at, String who) {
        problems.error(
                at, key + " is missing, which " + who + " needs", "Add for instance: " + key + ": " + key.example());
    }

    private void url(String slot, PymConfig config) {
        Settings settings = config.settings();
        if (settings.misses(ServiceKeys.LIVE_URL) && settings.misses(ServiceKeys.LIVE_HOST)) {
            problems.error(
                    settings.at(PipelineKeys.LIVE),
                    "live_url is missing, the URL of " + slot,
                    "Add for instance: live_url: " + ServiceKeys.LIVE_URL.example());
        }
    }

    /**
     * Reports secrets in the file. Keys for secrets contain names of variables; any other value is in the repository,
     * readable for everybody.
     */
    private void secretsInTheFile(PymConfig config) {
        for (Key<?> key : Keys.ALL) {
            if (key.secret()
                    && config.settings()
                            .find(key)
                            .filter(v -> !config.envSecrets().contains(v))
                            .isPresent()) {
                problems.warning(
                        config.at(key),
                        "the value of " + key
                                + " is no name of env_secrets, so it is the secret itself, for all to read",
                        "Put the secret into an environment variable, and the variable's name here and into env_secrets.");
            }
        }
    }

    private void order(PymConfig config, Key<Integer> min, Key<Integer> max) {
        int atLeast = config.find(min).orElse(0);
        int atMost = config.find(max).orElse(Integer.MAX_VALUE);
        if (atLeast > atMost) {
            boolean written = config.settings().find(max).isPresent();
            problems.error(
                    config.at(written ? max : min),
                    max + " (" + atMost + ") is less than " + min + " (" + atLeast + ")",
                    written ? "Correct one of them." : "Set " + max + " too.");
        }
    }

    private void name(PymConfig config, String name) {
        switch (config.target()) {
            case BEANSTALK -> name(config, name, BEANSTALK_NAME, BEANSTALK_LONGEST);
            case CLOUD_RUN -> name(config, name, GOOGLE_NAME, CLOUD_RUN_LONGEST - "-staging".length());
            case GKE -> {
                boolean ownCluster = config.find(GoogleKeys.GKE_CLUSTER).isEmpty()
                        && config.find(GoogleKeys.GKE_CONTEXT).isEmpty();
                name(config, name, GOOGLE_NAME, ownCluster ? GKE_LONGEST - "-staging".length() : GKE_LONGEST);
            }
            case DOCKER -> {
                // A name that is valid for an image is valid for a container.
            }
        }
    }

    private void name(PymConfig config, String name, Pattern form, int longest) {
        String target = config.target().title();
        if (!form.matcher(name).matches()) {
            problems.error(
                    config.at(ServiceKeys.NAME),
                    "the name " + QuotedText.of(name) + " does not suit " + target,
                    "Use lower-case letters, digits and dashes only"
                            + (form == GOOGLE_NAME ? ", and begin with a letter." : "."));
        }
        if (name.length() > longest) {
            problems.error(
                    config.at(ServiceKeys.NAME),
                    "the name is longer than the " + longest + " characters that " + target + " leaves room for",
                    "Shorten it.");
        }
    }

    private void image(PymConfig config) {
        if (config.find(ServiceKeys.NAME).isEmpty()
                || config.find(ServiceKeys.DOCKER_REPO).isEmpty()) {
            return;
        }
        ImageName image = ImageName.of(config);
        FilePosition at = config.at(ServiceKeys.DOCKER_REPO);
        if (image.tooLong()) {
            problems.error(
                    at,
                    "the image's name is too long: " + QuotedText.of(image.repository()),
                    "Shorten docker_repo or name.");
        }
        if (image.registry().equals(ImageName.DOCKER_HUB) && ImageName.looksLikeHost(config.dockerRepo())) {
            problems.error(
                    at,
                    "docker would take the first part of docker_repo for a registry",
                    "Put the registry's host into the key registry, and only the path here.");
        }
    }
}
