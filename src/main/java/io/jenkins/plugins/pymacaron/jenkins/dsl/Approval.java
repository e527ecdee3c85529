package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.pymacaron.jenkins.history.CommitDifferences;
import io.jenkins.plugins.pymacaron.jenkins.history.PlanAction;
import io.jenkins.plugins.pymacaron.jenkins.history.PlanPart;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The question before live. */
public final class Approval {
    static final String STAGE = "Approve";

    /** The page of {@code input} shows the message as a heading, in which line ends count as spaces. */
    private static final int MOST_CHANGES = 3;

    private static final int MOST_COMMITS = 10;

    private Approval() {}

    /**
     * Returns the question.
     *
     * @return the arguments of {@code input}: the message names the candidate, the serving version, the changes of live,
     *     the new commits, and the page with the whole plan
     */
    public static Map<String, Object> question(Run<?, ?> run, Map<String, Object> order) throws IOException {
        Map<?, ?> staged = order.get("done") instanceof Map<?, ?> done ? done : Map.of();
        Map<String, Object> question = new LinkedHashMap<>();
        String version = Objects.toString(staged.get("version"), "");
        String url = Objects.toString(staged.get("url"), "");
        Optional<ServiceRun> service = PymacaronRun.find(run).flatMap(done -> done.find((String) order.get("dir")));
        String candidate = (service.map(ServiceRun::getService).orElse("") + " " + version).strip();
        question.put("message", Messages.Approval_message(candidate, url));
        question.put("ok", Messages.Approval_ok());
        if (order.get("approve") instanceof Map<?, ?> written) {
            written.forEach((name, text) -> question.put(name.toString(), text.toString()));
            if (written.containsKey("message")) {
                question.put("message", written.get("message") + "\n" + Messages.Approval_candidate(candidate, url));
            }
        }
        if (service.isPresent()) {
            question.put("message", question.get("message") + changes(run, service.get(), version));
        }
        // The questions of two services at the same time may have the same message, from which the id is made
        // otherwise.
        question.put("id", "Approve-" + order.get("dir").toString().replaceAll("[^A-Za-z0-9]", "-"));
        return question;
    }

    /** Returns the sentences after the question itself, each after a line end. */
    private static String changes(Run<?, ?> run, ServiceRun service, String version) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String live : service.getLiveEnvironments()) {
            PlanPart.find(service.getPlan(), live).ifPresent(part -> {
                lines.append('\n').append(Messages.Approval_found(part.getTitle(), part.getState()));
                if (!part.getChanges().isEmpty()) {
                    lines.append('\n').append(Messages.Approval_changes(limited(part.getChanges(), MOST_CHANGES)));
                }
            });
            CommitDifferences.sinceLive(run.getParent(), live, version)
                    .filter(c -> !c.getCommits().isEmpty())
                    .ifPresent(c -> lines.append('\n')
                            .append(Messages.Approval_commits(c.getFrom().version(), commits(c.getCommits()))));
        }
        if (!service.getPlan().isEmpty()) {
            lines.append('\n').append(Messages.Approval_plan(run.getUrl() + PlanAction.URL));
        }
        return lines.toString();
    }

    private static String commits(List<ChangeLogSet.Entry> commits) {
        return limited(
                commits.stream()
                        .map(commit -> first(commit.getMsg()) + " ("
                                + commit.getAuthor().getDisplayName() + ")")
                        .toList(),
                MOST_COMMITS);
    }

    private static String limited(List<String> all, int most) {
        String shown = all.stream().limit(most).collect(Collectors.joining("; "));
        int more = all.size() - most;
        return more > 0 ? Messages.Approval_more(shown, more) : shown;
    }

    private static String first(String message) {
        return String.valueOf(message).lines().findFirst().orElse("");
    }
}
