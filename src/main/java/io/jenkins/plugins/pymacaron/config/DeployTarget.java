package io.jenkins.plugins.pymacaron.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The platform that a service is deployed to. */
public enum DeployTarget {
    BEANSTALK("AWS Elastic Beanstalk", "beanstalk", "aws-beanstalk"),
    CLOUD_RUN("Google Cloud Run", "cloud-run", "gcp-cloud-run"),
    GKE("Google Kubernetes Engine", "gke"),
    /** Containers on the Docker Engine of this machine. */
    DOCKER("Docker", "docker");

    private final String title;
    private final List<String> names;

    DeployTarget(String title, String... names) {
        this.title = title;
        this.names = List.of(names);
    }

    /** The target that PyMacaron's own tools use when {@code deploy_target} is absent. */
    public static final DeployTarget DEFAULT = BEANSTALK;

    /** Returns the short name, for options, labels and reports. */
    public String id() {
        return names.get(0);
    }

    /** Returns the product's name, for sentences. */
    public String title() {
        return title;
    }

    /** Returns every name that a configuration may use for it, the short one first. */
    public List<String> names() {
        return names;
    }

    /** Reads any of the names. */
    public static Optional<DeployTarget> parse(String name) {
        return Stream.of(values()).filter(t -> t.names.contains(name)).findFirst();
    }

    /** Returns all names of all targets, for messages. */
    static String allNames() {
        return Stream.of(values()).flatMap(t -> t.names.stream()).collect(Collectors.joining(", "));
    }
}
