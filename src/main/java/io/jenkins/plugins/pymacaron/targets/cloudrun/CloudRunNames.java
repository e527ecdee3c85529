package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names on Cloud Run.
 *
 * @param project the id of the Google Cloud project
 * @param region for instance {@code europe-west1}
 * @param service {@code NAME-staging} or {@code NAME-live}, the names that pymgcr uses
 */
record CloudRunNames(String project, String region, String service) {
    private static final Pattern SERVICE = Pattern.compile("[a-z](?:[a-z0-9-]*[a-z0-9])?");
    /** "must contain fewer than 50 characters": services.create, serviceId. */
    private static final int SERVICE_LIMIT = 49;
    /** A revision is a DNS label. */
    private static final int REVISION_LIMIT = 63;
    /** "Combined traffic tag and service name cannot exceed 46 characters": the service's answer to longer ones. */
    private static final int TAG_AND_SERVICE_LIMIT = 46;
    /** The digits of the hash at the end of a deployment's id. */
    private static final int HASH = 8;

    private static final String TAG_PREFIX = "c";
    private static final Pattern OUR_TAG = Pattern.compile(TAG_PREFIX + "[a-z0-9]{1," + HASH + "}");

    static CloudRunNames of(PymConfig config, Slot slot) {
        return new CloudRunNames(
                DefaultedKeys.project(config), DefaultedKeys.region(config), config.name() + "-" + slot.id());
    }

    String location() {
        return "projects/" + project + "/locations/" + region;
    }

    /** Returns the service's full name in the API. */
    String path() {
        return location() + "/services/" + service;
    }

    String path(String revision) {
        return path() + "/revisions/" + revision;
    }

    /**
     * Returns the name of the revision of a deployment. A revision is never changed, so another attempt at a deployment
     * whose revision has failed needs another name.
     *
     * @param attempt 0 for the first attempt
     */
    String revision(String deploymentId, int attempt) {
        String id = deploymentId.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String end = (id.endsWith("-") ? id + "x" : id) + (attempt == 0 ? "" : "-" + (attempt + 1));
        int room = REVISION_LIMIT - service.length() - 1;
        String kept = end.length() <= room ? end : end.substring(end.length() - room);
        return service + "-" + kept.replaceFirst("^-+", "");
    }

    /** Returns the tag of a candidate without traffic, which gives it a URL of its own. */
    static String tag(String deploymentId) {
        String id = deploymentId.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return TAG_PREFIX + (id.isEmpty() ? "0" : id.substring(Math.max(0, id.length() - HASH)));
    }

    static boolean isOurTag(String tag) {
        return OUR_TAG.matcher(tag).matches();
    }

    /** Returns the problems that the service would refuse, a sentence each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!SERVICE.matcher(service).matches()) {
            problems.add("the Cloud Run service would be called " + service
                    + ", but only small letters, digits and - are allowed, a letter first");
        }
        if (service.length() > SERVICE_LIMIT) {
            problems.add(
                    "the Cloud Run service would be called " + service + ", which is longer than " + SERVICE_LIMIT);
        } else if (service.length() + TAG_PREFIX.length() + HASH > TAG_AND_SERVICE_LIMIT) {
            problems.add("the Cloud Run service would be called " + service + ", which is longer than the "
                    + (TAG_AND_SERVICE_LIMIT - TAG_PREFIX.length() - HASH)
                    + " characters that leave room for the tag of a candidate");
        }
        return problems;
    }
}
