package io.jenkins.plugins.pymacaron.jenkins.dsl;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The question before live. */
public final class Approval {
    static final String STAGE = "Approve";

    private Approval() {}

    /** @return the arguments of {@code input} */
    public static Map<String, Object> question(Map<String, Object> order) {
        Map<?, ?> staged = order.get("done") instanceof Map<?, ?> done ? done : Map.of();
        Map<String, Object> question = new LinkedHashMap<>();
        String version = Objects.toString(staged.get("version"), "");
        String url = Objects.toString(staged.get("url"), "");
        question.put("message", Messages.Approval_message(version, url));
        question.put("ok", Messages.Approval_ok());
        if (order.get("approve") instanceof Map<?, ?> written) {
            written.forEach((name, text) -> question.put(name.toString(), text.toString()));
        }
        // Two services that are asked for at once may have the same message, of which the id is made otherwise.
        question.put("id", "Approve-" + order.get("dir").toString().replaceAll("[^A-Za-z0-9]", "-"));
        return question;
    }
}
