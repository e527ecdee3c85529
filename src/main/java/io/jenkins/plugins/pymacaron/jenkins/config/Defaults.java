package io.jenkins.plugins.pymacaron.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.FormValidation;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * The defaults of deployments, for settings that their job does not make: those of all of Jenkins, or of a folder,
 * which has priority.
 */
public final class Defaults implements Describable<Defaults> {
    private CredentialIds credentials = new CredentialIds();
    private List<SecretBinding> secrets = new ArrayList<>();
    private String timeouts = "";
    private boolean secretsByName;
    private boolean triggeredChangesTrusted;

    @CheckForNull
    private Integer keepImages;

    @DataBoundConstructor
    public Defaults() {
        // Nothing is required.
    }

    /** Sets the fields that a file written by hand, or by another version, does not have. */
    private Object readResolve() {
        setCredentials(credentials);
        setSecrets(secrets);
        setTimeouts(timeouts);
        setKeepImages(keepImages);
        return this;
    }

    /** Returns the defaults of an item: of its folders, the innermost first, then of Jenkins. */
    @NonNull
    public static Defaults of(@NonNull Item item) {
        Defaults merged = new Defaults();
        for (ItemGroup<?> group = item.getParent(); group instanceof Item parent; group = parent.getParent()) {
            if (group instanceof AbstractFolder<?> folder) {
                PymacaronFolderProperty property = folder.getProperties().get(PymacaronFolderProperty.class);
                if (property != null) {
                    merged = merged.over(property.getDefaults());
                }
            }
        }
        return merged.over(PymacaronGlobalConfiguration.get().getDefaults());
    }

    private Defaults over(Defaults below) {
        Defaults merged = new Defaults();
        merged.credentials = credentials.over(below.credentials);
        Map<String, String> ids = new LinkedHashMap<>(below.getSecretIds());
        ids.putAll(getSecretIds());
        ids.forEach((name, id) -> merged.secrets.add(new SecretBinding(name, id)));
        Map<String, String> durations = new LinkedHashMap<>(below.getTimeoutsByStage());
        durations.putAll(getTimeoutsByStage());
        merged.timeouts = KeyValueLines.of(durations);
        merged.secretsByName = secretsByName || below.secretsByName;
        merged.triggeredChangesTrusted = triggeredChangesTrusted || below.triggeredChangesTrusted;
        merged.keepImages = keepImages == null ? below.keepImages : keepImages;
        return merged;
    }

    @NonNull
    public CredentialIds getCredentials() {
        return credentials;
    }

    @DataBoundSetter
    public void setCredentials(@CheckForNull CredentialIds credentials) {
        this.credentials = CredentialIds.orNone(credentials);
    }

    @NonNull
    public List<SecretBinding> getSecrets() {
        return secrets;
    }

    @DataBoundSetter
    public void setSecrets(@CheckForNull List<SecretBinding> secrets) {
        this.secrets = SecretBinding.copy(secrets);
    }

    /** Returns lines such as {@code staging=10m}. */
    @NonNull
    public String getTimeouts() {
        return timeouts;
    }

    @DataBoundSetter
    public void setTimeouts(@CheckForNull String timeouts) {
        this.timeouts = Util.fixNull(timeouts).trim();
    }

    /** Returns how many images of a service stay on an agent; null for the number in its configuration. */
    @CheckForNull
    public Integer getKeepImages() {
        return keepImages;
    }

    @DataBoundSetter
    public void setKeepImages(@CheckForNull Integer keepImages) {
        this.keepImages = keepImages == null || keepImages < 1 ? null : keepImages;
    }

    /**
     * Returns whether a Pipeline with a script from elsewhere gives a service the credentials of the names in its
     * env_secrets.
     */
    public boolean isSecretsByName() {
        return secretsByName;
    }

    @DataBoundSetter
    public void setSecretsByName(boolean secretsByName) {
        this.secretsByName = secretsByName;
    }

    /** Returns whether builds of proposed changes, in jobs without branches, may have secrets and deploy. */
    public boolean isTriggeredChangesTrusted() {
        return triggeredChangesTrusted;
    }

    @DataBoundSetter
    public void setTriggeredChangesTrusted(boolean triggeredChangesTrusted) {
        this.triggeredChangesTrusted = triggeredChangesTrusted;
    }

    /** Returns ids of credentials by the names of variables. */
    @NonNull
    public Map<String, String> getSecretIds() {
        return SecretBinding.toMap(secrets);
    }

    /** Returns the table for the form. */
    @NonNull
    public List<StageTimeout> getTimeoutTable() {
        return StageTimeout.table(getTimeoutsByStage());
    }

    @NonNull
    public Map<String, String> getTimeoutsByStage() {
        return KeyValueLines.parse(timeouts);
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<Defaults> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.Defaults_displayName();
        }

        /** Reads the form, which has a table where a file has lines. */
        @Override
        public Defaults newInstance(StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            Optional<Map<String, String>> timeouts = StageTimeout.take(form);
            Defaults defaults = super.newInstance(request, form);
            timeouts.ifPresent(given -> defaults.setTimeouts(KeyValueLines.of(given)));
            return defaults;
        }

        /** Checks only the typed text. */
        @RequirePOST
        @SuppressWarnings("lgtm[jenkins/no-permission-check]")
        public FormValidation doCheckKeepImages(@QueryParameter String value) {
            String number = Util.fixNull(value).trim();
            return number.isEmpty() || number.matches("[1-9][0-9]{0,2}")
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.Defaults_keepImages());
        }
    }
}
