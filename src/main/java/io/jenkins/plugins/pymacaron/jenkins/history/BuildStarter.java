package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jenkins.scm.RunWithSCM;
import org.jenkinsci.plugins.workflow.support.steps.input.ApproverAction;

/** Finds the names of the people behind a deployment: of its build, of its commit and of its approval. */
final class BuildStarter {
    private BuildStarter() {}

    /** Returns the user who started it, and the users who approved it if they are others. */
    static String of(@NonNull Run<?, ?> run, @NonNull ServiceRun service) {
        String started = started(run, service);
        String approved = run.getActions(ApproverAction.class).stream()
                .map(action -> name(action.getUserId()))
                .filter(name -> !name.isEmpty() && !name.equals(started))
                .distinct()
                .collect(Collectors.joining(", "));
        return approved.isEmpty() ? started : Messages.BuildStarter_approved(started, approved);
    }

    /** Returns the name of a user; of a deleted user, the id. */
    private static String name(String id) {
        User user = id == null ? null : User.getById(id, false);
        return user == null ? String.valueOf(id) : user.getDisplayName();
    }

    private static String started(Run<?, ?> run, ServiceRun service) {
        Optional<RollbackRequest> asked = RollbackRequest.of(run);
        if (asked.isPresent()) {
            return asked.get().getUser();
        }
        Cause.UserIdCause user = run.getCause(Cause.UserIdCause.class);
        if (user != null) {
            return user.getUserName();
        }
        String cause = run.getCauses().isEmpty() ? "" : run.getCauses().get(0).getShortDescription();
        Optional<String> upstream = upstream(run.getCauses());
        if (upstream.isPresent()) {
            return Messages.BuildStarter_startedBy(cause, upstream.get());
        }
        return author(run, service)
                .map(author -> cause.isEmpty()
                        ? Messages.BuildStarter_commit(author)
                        : Messages.BuildStarter_afterCommit(cause, author))
                .orElse(cause);
    }

    /** Returns the user at the beginning of a chain of builds. Jenkins limits the length of such a chain. */
    private static Optional<String> upstream(List<Cause> causes) {
        for (Cause cause : causes) {
            Optional<String> user = Optional.empty();
            if (cause instanceof Cause.UserIdCause person) {
                user = Optional.ofNullable(person.getUserName());
            } else if (cause instanceof Cause.UpstreamCause build) {
                user = upstream(build.getUpstreamCauses());
            }
            if (user.isPresent()) {
                return user;
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the author of the newest commit that made the build begin. The first build of a branch has no changes, only
     * its commit.
     */
    private static Optional<String> author(Run<?, ?> run, ServiceRun service) {
        if (run instanceof RunWithSCM<?, ?> withScm) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : withScm.getChangeSets()) {
                for (ChangeLogSet.Entry commit : set) {
                    return Optional.of(commit.getAuthor().getDisplayName());
                }
            }
        }
        return Optional.of(service.getAuthor()).filter(author -> !author.isEmpty());
    }
}
