package io.jenkins.plugins.pymacaron.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** The defaults of the deployments below a folder. */
public final class PymacaronFolderProperty extends AbstractFolderProperty<AbstractFolder<?>> {
    private final Defaults defaults;

    @DataBoundConstructor
    public PymacaronFolderProperty(@CheckForNull Defaults defaults) {
        this.defaults = defaults == null ? new Defaults() : defaults;
    }

    /** Sets the fields that a file written by hand does not have. */
    private Object readResolve() {
        return defaults == null ? new PymacaronFolderProperty(null) : this;
    }

    @NonNull
    public Defaults getDefaults() {
        return defaults;
    }

    @Extension
    @Symbol("pymacaron")
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.PymacaronFolderProperty_displayName();
        }
    }
}
