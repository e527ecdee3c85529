package io.jenkins.plugins.pymacaron.jenkins.credentials;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.io.Serializable;
import java.util.Objects;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Which credentials a deployment uses, by their ids; null where it uses none. */
public final class CredentialIds implements Serializable {
    private static final long serialVersionUID = 1L;

    private String docker;
    private String aws;
    private String gcp;
    private String kubeconfig;

    @DataBoundConstructor
    public CredentialIds() {
        // all are optional
    }

    @CheckForNull
    public String getDocker() {
        return docker;
    }

    @DataBoundSetter
    public void setDocker(@CheckForNull String docker) {
        this.docker = Util.fixEmptyAndTrim(docker);
    }

    @CheckForNull
    public String getAws() {
        return aws;
    }

    @DataBoundSetter
    public void setAws(@CheckForNull String aws) {
        this.aws = Util.fixEmptyAndTrim(aws);
    }

    @CheckForNull
    public String getGcp() {
        return gcp;
    }

    @DataBoundSetter
    public void setGcp(@CheckForNull String gcp) {
        this.gcp = Util.fixEmptyAndTrim(gcp);
    }

    @CheckForNull
    public String getKubeconfig() {
        return kubeconfig;
    }

    @DataBoundSetter
    public void setKubeconfig(@CheckForNull String kubeconfig) {
        this.kubeconfig = Util.fixEmptyAndTrim(kubeconfig);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof CredentialIds other
                && Objects.equals(docker, other.docker)
                && Objects.equals(aws, other.aws)
                && Objects.equals(gcp, other.gcp)
                && Objects.equals(kubeconfig, other.kubeconfig);
    }

    @Override
    public int hashCode() {
        return Objects.hash(docker, aws, gcp, kubeconfig);
    }
}
