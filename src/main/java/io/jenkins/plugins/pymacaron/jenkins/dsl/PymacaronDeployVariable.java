package io.jenkins.plugins.pymacaron.jenkins.dsl;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.cps.CpsScript;
import org.jenkinsci.plugins.workflow.cps.GlobalVariable;
import org.jenkinsci.plugins.workflow.cps.GroovySourceFileAllowlist;

/**
 * Provides {@code pymacaronDeploy()} to a Jenkinsfile. A step alone could not do it, because only the real {@code stage}
 * step makes a stage that Jenkins shows, and a step cannot call another one. So one Groovy class opens stages and calls
 * steps, and does nothing else. The step of the same name, {@link PymacaronDeployStep}, gives it its order.
 */
@Extension
public final class PymacaronDeployVariable extends GlobalVariable {
    static final String NAME = "pymacaronDeploy";
    private static final String SOURCE = "PymacaronDeploy.groovy";

    @NonNull
    @Override
    public String getName() {
        return NAME;
    }

    /** Returns a new value, which has no state and need not be kept for the next call. */
    @NonNull
    @Override
    public Object getValue(@NonNull CpsScript script) throws Exception {
        return script.getClass()
                .getClassLoader()
                .loadClass(PymacaronDeployVariable.class.getPackageName() + ".PymacaronDeploy")
                .getConstructor(CpsScript.class)
                .newInstance(script);
    }

    /** Allows the one file, at any place to which this plugin is unpacked. */
    @Extension
    public static final class Source extends GroovySourceFileAllowlist {
        private final String url =
                PymacaronDeployVariable.class.getResource(SOURCE).toString();

        @Override
        public boolean isAllowed(String groovySourceFileUrl) {
            return groovySourceFileUrl.equals(url);
        }
    }
}
