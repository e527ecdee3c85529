package io.jenkins.plugins.pymacaron.report;

/**
 * The deployment of a run in one slot.
 *
 * @param slot {@code staging} or {@code live}, with the region where there are several
 * @param target as in the configuration's {@code deploy_target}
 * @param id the deployment's name in the cloud: version and short keyed hash of configuration and secrets
 * @param url its address; empty if not known
 */
public record Deployment(String slot, String target, String id, String url) {
    public Deployment {
        slot = slot == null ? "" : slot;
        target = target == null ? "" : target;
        id = id == null ? "" : id;
        url = url == null ? "" : url;
    }
}
