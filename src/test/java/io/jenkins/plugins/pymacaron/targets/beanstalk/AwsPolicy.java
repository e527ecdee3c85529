package io.jenkins.plugins.pymacaron.targets.beanstalk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Reads rights from policy documents of IAM ("IAM JSON policy elements", IAM User Guide): statements that allow actions
 * on resources, both with wildcards, actions without regard to case; an action that none allows is denied. Conditions
 * count as met.
 */
final class AwsPolicy {
    /** The policy of a user who may do everything. */
    static final AwsPolicy EVERYTHING = new AwsPolicy(List.of(new Statement(List.of("*"), List.of("*"))));

    private record Statement(List<String> actions, List<String> resources) {}

    private final List<Statement> statements;

    private AwsPolicy(List<Statement> statements) {
        this.statements = statements;
    }

    static AwsPolicy of(Path... documents) throws IOException {
        List<Statement> all = new ArrayList<>();
        for (Path document : documents) {
            for (JsonNode statement :
                    new ObjectMapper().readTree(Files.readAllBytes(document)).get("Statement")) {
                if (!statement.get("Effect").asText().equals("Allow")) {
                    throw new IOException(document + " denies something, which is not understood here");
                }
                all.add(new Statement(texts(statement.get("Action")), texts(statement.get("Resource"))));
            }
        }
        return new AwsPolicy(all);
    }

    private static List<String> texts(JsonNode one) {
        List<String> texts = new ArrayList<>();
        if (one.isArray()) {
            one.forEach(text -> texts.add(text.asText()));
        } else {
            texts.add(one.asText());
        }
        return texts;
    }

    /** Returns every action as the documents write it, with its wildcards. */
    List<String> actions() {
        TreeSet<String> all = new TreeSet<>();
        statements.forEach(s -> all.addAll(s.actions()));
        return List.copyOf(all);
    }

    /** Returns the same with one action less. */
    AwsPolicy without(String action) {
        return new AwsPolicy(statements.stream()
                .map(s -> new Statement(
                        s.actions().stream().filter(a -> !a.equals(action)).toList(), s.resources()))
                .toList());
    }

    /**
     * Returns whether it is allowed.
     *
     * @param resource its ARN; "*" where the action is on none, or on one of any name
     */
    boolean allows(String action, String resource) {
        return statements.stream()
                .anyMatch(s -> s.actions().stream().anyMatch(a -> covers(a, action))
                        && (resource.equals("*") || s.resources().stream().anyMatch(r -> matches(r, resource))));
    }

    /** Returns whether the pattern of a policy, such as {@code ec2:Describe*}, means an action. */
    static boolean covers(String pattern, String action) {
        return matches(pattern.toLowerCase(Locale.ROOT), action.toLowerCase(Locale.ROOT));
    }

    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        if (!text.startsWith(pattern.substring(0, star))) {
            return false;
        }
        String rest = pattern.substring(star + 1);
        for (int i = star; i <= text.length(); i++) {
            if (matches(rest, text.substring(i))) {
                return true;
            }
        }
        return false;
    }
}
