package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.history.CommitDifferences;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The question before live. */
public final class Approval {
    static final String STAGE = "Approve";

    /** More lines than a user reads before pressing a button. */
    private static final int MOST_LINES = 30;

    private Approval() {}

    /**
     * Returns the question.
     *
     * @return the arguments of {@code input}: the message lists the changes, and the commits in them
     */
    public static Map<String, Object> question(Run<?, ?> run, Map<String, Object> order) throws IOException {
        Map<?, ?> staged = order.get("done") instanceof Map<?, ?> done ? done : Map.of();
        Map<String, Object> question = new LinkedHashMap<>();
        String version = Objects.toString(staged.get("version"), "");
        String url = Objects.toString(staged.get("url"), "");
        question.put("message", Messages.Approval_message(version, url));
        question.put("ok", Messages.Approval_ok());
        if (order.get("approve") instanceof Map<?, ?> written) {
            written.forEach((name, text) -> question.put(name.toString(), text.toString()));
        }
        Optional<ServiceRun> service = PymacaronRun.find(run).flatMap(done -> done.find((String) order.get("dir")));
        if (service.isPresent()) {
            question.put("message", question.get("message") + changes(run, service.get(), version));
        }
        // The questions of two services at the same time may have the same message, from which the id is made
        // otherwise.
        question.put("id", "Approve-" + order.get("dir").toString().replaceAll("[^A-Za-z0-9]", "-"));
        return question;
    }

    /** Returns the lines after the question itself. */
    private static String changes(Run<?, ?> run, ServiceRun service, String version) throws IOException {
        StringBuilder lines = new StringBuilder();
        List<String> plan = service.getPlan();
        plan.stream().limit(MOST_LINES).forEach(line -> lines.append('\n').append(line));
        for (String live : service.getLiveEnvironments()) {
            Optional<CommitDifferences> changes = CommitDifferences.sinceLive(run.getParent(), live, version);
            changes.filter(c -> !c.getCommits().isEmpty()).ifPresent(c -> {
                lines.append('\n').append(Messages.Approval_commits(c.getFrom().version()));
                c.getCommits().stream().limit(MOST_LINES).forEach(commit -> lines.append("\n  ")
                        .append(first(commit.getMsg()))
                        .append(" (")
                        .append(commit.getAuthor().getDisplayName())
                        .append(')'));
            });
        }
        return lines.toString();
    }

    private static String first(String message) {
        return String.valueOf(message).lines().findFirst().orElse("");
    }
}
