package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** A secret of a service, and the credential that has it: one line of a table. */
public final class SecretBinding extends AbstractDescribableImpl<SecretBinding> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String credentialsId;

    /** @param name of the environment variable, as in {@code env_secrets} */
    @DataBoundConstructor
    public SecretBinding(@CheckForNull String name, @CheckForNull String credentialsId) {
        this.name = Util.fixNull(name).trim();
        this.credentialsId = Util.fixNull(credentialsId).trim();
    }

    @NonNull
    public String getName() {
        return name;
    }

    @NonNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Ids of credentials by the names of the variables; lines that were left empty do not count. */
    @NonNull
    public static Map<String, String> toMap(@CheckForNull List<SecretBinding> bindings) {
        Map<String, String> map = new LinkedHashMap<>();
        for (SecretBinding binding : bindings == null ? List.<SecretBinding>of() : bindings) {
            if (!binding.name.isEmpty() && !binding.credentialsId.isEmpty()) {
                map.put(binding.name, binding.credentialsId);
            }
        }
        return map;
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<SecretBinding> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SecretBinding_displayName();
        }

        /** Looks at what is typed in only. */
        @RequirePOST
        public FormValidation doCheckName(@AncestorInPath Item item, @QueryParameter String value) {
            if (!CredentialItems.mayList(item)) {
                return FormValidation.ok();
            }
            String name = Util.fixNull(value).trim();
            return name.isEmpty() || name.matches("[A-Za-z_][A-Za-z0-9_]*")
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.SecretBinding_noName(name));
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return CredentialItems.of(
                    item,
                    credentialsId,
                    Messages.SecretBinding_choose(),
                    StringCredentials.class,
                    FileCredentials.class,
                    StandardUsernamePasswordCredentials.class);
        }
    }
}
