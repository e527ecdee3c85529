package io.jenkins.plugins.pymacaron.jenkins.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** The defaults of all deployments of this Jenkins. */
@Extension
@Symbol("pymacaron")
public final class PymacaronGlobalConfiguration extends GlobalConfiguration {
    private Defaults defaults = new Defaults();

    public PymacaronGlobalConfiguration() {
        load();
    }

    @NonNull
    public static PymacaronGlobalConfiguration get() {
        return ExtensionList.lookupSingleton(PymacaronGlobalConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.PymacaronGlobalConfiguration_displayName();
    }

    /** Reads the form, which is nested as any other, by its own descriptor. */
    @Override
    public boolean configure(StaplerRequest2 request, JSONObject form) throws FormException {
        JSONObject given = form.optJSONObject("defaults");
        if (given != null) {
            setDefaults(
                    (Defaults) Jenkins.get().getDescriptorOrDie(Defaults.class).newInstance(request, given));
        }
        return true;
    }

    @NonNull
    public Defaults getDefaults() {
        return defaults;
    }

    @DataBoundSetter
    public void setDefaults(@CheckForNull Defaults defaults) {
        this.defaults = defaults == null ? new Defaults() : defaults;
        save();
    }
}
