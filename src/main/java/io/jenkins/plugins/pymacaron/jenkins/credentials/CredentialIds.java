package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import java.util.Objects;
import jenkins.authentication.tokens.api.AuthenticationTokens;
import org.jenkinsci.plugins.docker.commons.credentials.DockerRegistryToken;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The credentials of a deployment, by their ids; null where it uses none. */
public final class CredentialIds implements Describable<CredentialIds>, Serializable {
    private static final long serialVersionUID = 1L;

    private String docker;
    private String aws;
    private String gcp;
    private String kubeconfig;

    @DataBoundConstructor
    public CredentialIds() {
        // All are optional.
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

    /** Returns the ids, or none where a form or a file has none. */
    @NonNull
    public static CredentialIds orNone(@CheckForNull CredentialIds ids) {
        return ids == null ? new CredentialIds() : ids;
    }

    /** Returns the ids that are set here, and the others from {@code below}. */
    @NonNull
    public CredentialIds over(@NonNull CredentialIds below) {
        CredentialIds merged = new CredentialIds();
        merged.docker = docker == null ? below.docker : docker;
        merged.aws = aws == null ? below.aws : aws;
        merged.gcp = gcp == null ? below.gcp : gcp;
        merged.kubeconfig = kubeconfig == null ? below.kubeconfig : kubeconfig;
        return merged;
    }

    /** Returns the registry's alone: for stages that call no cloud. */
    @NonNull
    public CredentialIds withoutClouds() {
        CredentialIds fewer = new CredentialIds();
        fewer.docker = docker;
        return fewer;
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<CredentialIds> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.CredentialIds_displayName();
        }

        /** Matches every credential that becomes a token of docker-commons, which other plugins add to. */
        private static CredentialsMatcher registries() {
            return AuthenticationTokens.matcher(DockerRegistryToken.class);
        }

        @RequirePOST
        public ListBoxModel doFillDockerItems(@AncestorInPath Item item, @QueryParameter String docker) {
            return CredentialItems.of(item, docker, Messages.CredentialIds_noDocker(), registries());
        }

        @RequirePOST
        public FormValidation doCheckDocker(@AncestorInPath Item item, @QueryParameter String value) {
            return CredentialItems.check(item, value, registries());
        }

        /** Matches accounts with roles and all other types of the AWS plugins. */
        private static CredentialsMatcher accounts() {
            return CredentialsMatchers.instanceOf(AmazonWebServicesCredentials.class);
        }

        @RequirePOST
        public ListBoxModel doFillAwsItems(@AncestorInPath Item item, @QueryParameter String aws) {
            return CredentialItems.of(item, aws, Messages.CredentialIds_noAws(), accounts());
        }

        @RequirePOST
        public FormValidation doCheckAws(@AncestorInPath Item item, @QueryParameter String value) {
            return CredentialItems.check(item, value, accounts());
        }

        /** Matches a key of a service account, or a kubeconfig. */
        private static CredentialsMatcher files() {
            return CredentialsMatchers.instanceOf(FileCredentials.class);
        }

        /** Matches a key of a service account, of either kind. */
        private static CredentialsMatcher keys() {
            return CredentialsMatchers.anyOf(files(), GoogleServiceAccounts::hasKey);
        }

        @RequirePOST
        public ListBoxModel doFillGcpItems(@AncestorInPath Item item, @QueryParameter String gcp) {
            return CredentialItems.of(item, gcp, Messages.CredentialIds_noGcp(), keys());
        }

        @RequirePOST
        public FormValidation doCheckGcp(@AncestorInPath Item item, @QueryParameter String value) {
            return CredentialItems.check(item, value, keys());
        }

        @RequirePOST
        public ListBoxModel doFillKubeconfigItems(@AncestorInPath Item item, @QueryParameter String kubeconfig) {
            return CredentialItems.of(item, kubeconfig, Messages.CredentialIds_noKubeconfig(), files());
        }

        @RequirePOST
        public FormValidation doCheckKubeconfig(@AncestorInPath Item item, @QueryParameter String value) {
            return CredentialItems.check(item, value, files());
        }
    }
}
