package io.jenkins.plugins.pymacaron.jenkins.run;

import hudson.model.Cause;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Run;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A proposed change that a trigger builds in a job without branches, as plugins older than multibranch projects do. Its
 * source may be a stranger's, and no SCM tells whether it is. The plugins are no dependencies: their causes are known
 * by their classes, as the sources of ghprb-plugin, gitlab-plugin, gerrit-trigger-plugin, github-integration-plugin,
 * bitbucket- and stash-pullrequest-builder-plugin name them.
 */
final class TriggeredChange {
    private static final Set<String> ALWAYS = Set.of(
            "org.jenkinsci.plugins.ghprb.GhprbCause",
            "org.jenkinsci.plugins.github.pullrequest.GitHubPRCause",
            "bitbucketpullrequestbuilder.bitbucketpullrequestbuilder.BitbucketCause",
            "stashpullrequestbuilder.stashpullrequestbuilder.StashCause");

    private static final String GITLAB = "com.dabsquared.gitlabjenkins.cause.GitLabWebHookCause";
    private static final Set<String> PUSHES = Set.of("PUSH", "TAG_PUSH");

    private static final String GERRIT = "com.sonyericsson.hudson.plugins.gerrit.trigger.hudsontrigger.GerritCause";
    private static final Set<String> MERGED = Set.of("change-merged", "ref-updated");

    /**
     * The causes of a build that repeats another one, with a user as its other cause. Each has a method {@code
     * getOriginal}, as the sources of workflow-cps-plugin and pipeline-model-definition-plugin show. The causes of
     * naginator-plugin and rebuild-plugin are upstream causes, or come with the causes of the original.
     */
    private static final Set<String> REPEATS = Set.of(
            "org.jenkinsci.plugins.workflow.cps.replay.ReplayCause",
            "org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause");

    private static final String GERRIT_CHANGE = "GERRIT_CHANGE_NUMBER";
    private static final String GERRIT_EVENT = "GERRIT_EVENT_TYPE";

    /** The parameters that those triggers add, which are there too when a user builds such a build again. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "ghprbPullId",
            "pull request ",
            "GITHUB_PR_NUMBER",
            "pull request ",
            "pullRequestId",
            "pull request ",
            "gitlabMergeRequestIid",
            "merge request ",
            GERRIT_CHANGE,
            "change ");

    private TriggeredChange() {}

    /** Returns its name; empty if the build is of none. */
    static Optional<String> of(Run<?, ?> run) {
        return of(run, new HashSet<>());
    }

    /** Looks at a build. @param seen the builds that were looked at: a number that is used again could lead in a circle */
    private static Optional<String> of(Run<?, ?> run, Set<Run<?, ?>> seen) {
        if (!seen.add(run)) {
            return Optional.empty();
        }
        Optional<String> cause = of(run.getCauses(), seen);
        return cause.isPresent() ? cause : ofParameters(run);
    }

    /** Returns the name, also that of a build which triggered it, which it repeats, or of one further up. */
    private static Optional<String> of(Collection<Cause> causes, Set<Run<?, ?>> seen) {
        for (Cause cause : causes) {
            boolean proposed;
            if (cause instanceof Cause.UpstreamCause upstream) {
                Run<?, ?> run = upstream.getUpstreamRun();
                proposed = of(upstream.getUpstreamCauses(), seen).isPresent()
                        || run != null && of(run, seen).isPresent();
            } else {
                proposed = isProposed(cause) || isRepeated(cause, seen);
            }
            if (proposed) {
                return Optional.of(cause.getShortDescription());
            }
        }
        return Optional.empty();
    }

    /** Returns whether it repeats such a build, or one that is not known any more. */
    private static boolean isRepeated(Cause cause, Set<Run<?, ?>> seen) {
        return REPEATS.contains(cause.getClass().getName())
                && (!(ask(cause, "getOriginal") instanceof Run<?, ?> original)
                        || of(original, seen).isPresent());
    }

    private static boolean isProposed(Cause cause) {
        for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
            String name = type.getName();
            if (ALWAYS.contains(name)) {
                return true;
            }
            if (name.equals(GITLAB)) {
                return !PUSHES.contains(
                        ask(ask(cause, "getData"), "getActionType").toString());
            }
            if (name.equals(GERRIT)) {
                Object type0 = ask(ask(cause, "getEvent"), "getEventType");
                return !MERGED.contains(ask(type0, "getTypeValue").toString());
            }
        }
        return false;
    }

    /** Reads a property; an unknown property counts as proposed. */
    private static Object ask(Object of, String method) {
        try {
            Object answer = of.getClass().getMethod(method).invoke(of);
            return answer == null ? "" : answer;
        } catch (ReflectiveOperationException e) {
            return "";
        }
    }

    private static Optional<String> ofParameters(Run<?, ?> run) {
        for (ParametersAction action : run.getActions(ParametersAction.class)) {
            for (Map.Entry<String, String> parameter : PARAMETERS.entrySet()) {
                String number = value(action, parameter.getKey());
                boolean merged =
                        parameter.getKey().equals(GERRIT_CHANGE) && MERGED.contains(value(action, GERRIT_EVENT));
                if (!number.isEmpty() && !merged) {
                    return Optional.of(parameter.getValue() + number);
                }
            }
        }
        return Optional.empty();
    }

    private static String value(ParametersAction action, String name) {
        ParameterValue given = action.getParameter(name);
        Object value = given == null ? null : given.getValue();
        return value == null ? "" : value.toString();
    }
}
