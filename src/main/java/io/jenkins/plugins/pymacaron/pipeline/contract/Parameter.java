package io.jenkins.plugins.pymacaron.pipeline.contract;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The parameters of a run: the one list from which requests, the specification of a stage and the Pipeline take their
 * names and types. A user's choice overrides the configuration.
 */
public enum Parameter {
    /** Selects pym-config.ENV.yaml. */
    ENVIRONMENT("environment", Kind.TEXT),
    TARGET("target", Kind.TEXT),
    /** Asks for a clean clone of the pushed state of a branch; empty means the current one. */
    BRANCH("branch", Kind.TEXT),
    /** Asks for that commit, on the command line of a clean clone. */
    COMMIT("commit", Kind.TEXT),
    /** Deploys the image of that version instead of building one. */
    VERSION("version", Kind.TEXT),
    /** A constant of {@link RunRequest.Tests}. */
    TESTS("tests", Kind.TEXT),
    /** Builds even where an image of the same content exists. */
    FORCE_BUILD("forceBuild", Kind.FLAG),
    /** Whether the image goes to the registry. */
    PUSH("push", Kind.FLAG_ON),
    /**
     * Whether the run may go further than a tested image on this machine. A run that may not reads the registry and
     * writes nothing to it.
     */
    SHIP("ship", Kind.FLAG_ON),
    /** Whether anything is deployed. */
    DEPLOY("deploy", Kind.FLAG_ON),
    /** The interpreter of the tests. */
    PYTHON("python", Kind.TEXT),
    /** Percentages of live traffic, as {@code 5, 25, 50}. */
    CANARY("canary", Kind.PERCENTAGES),
    /** Keeps a candidate that failed, for inspection. */
    KEEP_FAILED("keepFailed", Kind.FLAG),
    /** The number of the service's images that stay on the machine. */
    IMAGES("images", Kind.TEXT),
    /** Makes a commit live even if it is older than the one that serves. */
    ALLOW_OLDER("allowOlder", Kind.FLAG),
    /**
     * The versions that later builds of the same job and branch have promoted, separated by commas. They are newer where
     * git cannot compare the commits.
     */
    LATER_VERSIONS("laterVersions", Kind.TEXT),
    /** Accepts also what an earlier run has accepted already. */
    TEST_AGAIN("testAgain", Kind.FLAG);

    /** The type of a parameter. */
    public enum Kind {
        TEXT,
        /** True or false; false if it is not given. */
        FLAG,
        /** True or false; true if it is not given. */
        FLAG_ON,
        PERCENTAGES
    }

    /** The parameters that every step of a Pipeline takes. */
    public static final Set<Parameter> OF_STEPS = Collections.unmodifiableSet(
            EnumSet.of(ENVIRONMENT, TARGET, COMMIT, PYTHON, CANARY, KEEP_FAILED, ALLOW_OLDER));

    /** The parameters of a request that the specification of a stage sets; the others follow from the stage. */
    static final Set<Parameter> OF_STAGES =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(BRANCH, COMMIT, TESTS, DEPLOY, TEST_AGAIN)));

    private final String key;
    private final Kind kind;

    Parameter(String key, Kind kind) {
        this.key = key;
        this.kind = kind;
    }

    /** Returns the name in files. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** Returns the name in a Pipeline and in forms. */
    public String argument() {
        return this == ENVIRONMENT ? "env" : key;
    }

    /** Returns the name on the command line, such as {@code --allow-older}. */
    String option() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the value that a flag has if it is not given. */
    public boolean standard() {
        return kind == Kind.FLAG_ON;
    }
}
