package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** A secret of a service, and the credential that contains it: one line of a table. */
public final class SecretBinding implements Describable<SecretBinding>, Serializable {
    private static final long serialVersionUID = 1L;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String name;
    private final String credentialsId;

    /** Makes a binding. @param name of the environment variable, as in {@code env_secrets} */
    @DataBoundConstructor
    public SecretBinding(@CheckForNull String name, @CheckForNull String credentialsId) {
        this.name = Util.fixNull(name).trim();
        this.credentialsId = Util.fixNull(credentialsId).trim();
    }

    /** Sets the fields that a file written by hand does not have. */
    private Object readResolve() {
        return new SecretBinding(name, credentialsId);
    }

    /** Returns whether an environment variable can have this name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    @NonNull
    public String getName() {
        return name;
    }

    @NonNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Returns a new list, empty where a form or a file has none. */
    @NonNull
    public static List<SecretBinding> copy(@CheckForNull List<SecretBinding> bindings) {
        return bindings == null ? new ArrayList<>() : new ArrayList<>(bindings);
    }

    /** Returns ids of credentials by the names of the variables; empty lines do not count. */
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

    /** Returns the table of a map, for forms. */
    @NonNull
    public static List<SecretBinding> table(@CheckForNull Map<String, String> secrets) {
        List<SecretBinding> table = new ArrayList<>();
        if (secrets != null) {
            secrets.forEach((name, id) -> table.add(new SecretBinding(name, id)));
        }
        return table;
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<SecretBinding> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SecretBinding_displayName();
        }

        private static CredentialsMatcher secrets() {
            return CredentialsMatchers.anyOf(
                    CredentialsMatchers.instanceOf(StringCredentials.class),
                    CredentialsMatchers.instanceOf(FileCredentials.class),
                    CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));
        }

        /** Checks only the typed text. */
        @RequirePOST
        public FormValidation doCheckName(@AncestorInPath Item item, @QueryParameter String value) {
            String name = Util.fixNull(value).trim();
            return name.isEmpty() || isName(name) || !CredentialItems.mayList(item)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.SecretBinding_noName(name));
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return CredentialItems.of(item, credentialsId, Messages.SecretBinding_choose(), secrets());
        }

        @RequirePOST
        public FormValidation doCheckCredentialsId(@AncestorInPath Item item, @QueryParameter String value) {
            return CredentialItems.check(item, value, secrets());
        }
    }
}
