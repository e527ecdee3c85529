package io.jenkins.plugins.pymacaron.jenkins.dsl;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.cps.CpsScript;
import org.jenkinsci.plugins.workflow.cps.GlobalVariable;
import org.jenkinsci.plugins.workflow.cps.GroovySourceFileAllowlist;

/**
 * Lets a Jenkinsfile say {@code pymacaronDeploy()}. A step would be the thing to write, were it not that only the real
 * {@code stage} step makes a stage that Jenkins shows, and that a step cannot call another one. So there is one Groovy
 * class, which opens stages and calls steps, and knows no more than that.
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

    /** Has no state, so that none needs to be kept for the next call. */
    @NonNull
    @Override
    public Object getValue(@NonNull CpsScript script) throws Exception {
        return script.getClass()
                .getClassLoader()
                .loadClass(PymacaronDeployVariable.class.getPackageName() + ".PymacaronDeploy")
                .getConstructor(CpsScript.class)
                .newInstance(script);
    }

    /** Allows the one file, wherever this plugin is unpacked to. */
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
