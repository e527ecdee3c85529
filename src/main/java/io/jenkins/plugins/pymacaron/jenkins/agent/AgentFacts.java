package io.jenkins.plugins.pymacaron.jenkins.agent;

import java.io.File;
import java.io.Serializable;
import jenkins.security.MasterToSlaveCallable;

/**
 * The facts that an agent reports about itself: they are shown and used to start programs, and never trusted further.
 */
final class AgentFacts implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean unix;
    private final String java;
    private final String javaVersion;

    private AgentFacts(boolean unix, String java, String javaVersion) {
        this.unix = unix;
        this.java = java;
        this.javaVersion = javaVersion;
    }

    boolean isUnix() {
        return unix;
    }

    /** Returns the path of the program that the agent itself runs on. */
    String getJava() {
        return java;
    }

    /** Returns the version of that Java, with its build. */
    String getJavaVersion() {
        return javaVersion;
    }

    static final class Ask extends MasterToSlaveCallable<AgentFacts, RuntimeException> {
        private static final long serialVersionUID = 1L;

        @Override
        public AgentFacts call() {
            return new AgentFacts(
                    File.pathSeparatorChar == ':',
                    System.getProperty("java.home") + File.separator + "bin/java",
                    System.getProperty("java.vm.version"));
        }
    }
}
