package io.jenkins.plugins.pymacaron.targets.gke;

/** The labels and annotations that identify our objects; objects without them are left alone. */
final class GkeMetadata {
    private static final String PREFIX = "pymacaron.jenkins.io/";

    /** Label: service and slot. An object without this label is not ours. */
    static final String ENVIRONMENT = PREFIX + "environment";

    /** Label of Secrets, of pods and so of ReplicaSets: the deployment that they belong to. */
    static final String DEPLOYMENT = PREFIX + "deployment";

    /**
     * Annotations of a pod template: the values that {@code Deployed} needs. The id is kept in full here, because the
     * length of labels is limited.
     */
    static final String ID = PREFIX + "deployment-id";

    static final String VERSION = PREFIX + "version";

    static final String DIGEST = PREFIX + "digest";
    static final String COMMIT = PREFIX + "commit";

    /** Annotation: the hash of the applied manifest, which shows a change that only removes something. */
    static final String APPLIED = PREFIX + "applied";

    /** Annotation of a Deployment: the hash of the resources that were applied, which admission may have changed. */
    static final String RESOURCES = PREFIX + "resources";

    /** Annotation of a Lease object: see {@code Lease#text}. */
    static final String LEASE = PREFIX + "lease";

    /** Annotation of a Deployment: the name of the configuration file that has deployed it, see FileMark. */
    static final String FILE = PREFIX + "file";

    /** Annotation of a Deployment: the operation that was the last to change what serves, see LiveMark. */
    static final String LIVE = PREFIX + "live-mark";

    /** Annotation of a ReplicaSet, written by Kubernetes: it grows each time that the template is used. */
    static final String REVISION = "deployment.kubernetes.io/revision";

    /** Label of a ReplicaSet, its template and its pods, written by Kubernetes. */
    static final String TEMPLATE_HASH = "pod-template-hash";

    private GkeMetadata() {}
}
