package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A part of a plan for its page: the changes of one environment, or the work before and after them. */
public final class PlanPart {
    private static final String STATE = ", where ";

    /** The steps that leave the serving version as it is: waits, tests, and containers that only rehearse. */
    private static final Pattern CHANGES_NOTHING =
            Pattern.compile("(wait for |run the acceptance tests ).*|.*-rehearsal(-[0-9]+)?( .*)?");

    private final String title;
    private final String state;
    private final List<String> steps = new ArrayList<>();

    private PlanPart(String heading) {
        int end = heading.indexOf(STATE);
        title = end < 0 ? heading : heading.substring(0, end);
        state = end < 0 ? "" : heading.substring(end + STATE.length());
    }

    /** Returns the parts. @param lines of the plan; an indented line belongs to the one before */
    @NonNull
    static List<PlanPart> of(@NonNull List<String> lines) {
        List<PlanPart> parts = new ArrayList<>();
        for (String line : lines) {
            boolean step = line.startsWith("  ") && !parts.isEmpty();
            if (step) {
                parts.get(parts.size() - 1).steps.add(line.trim());
            } else {
                parts.add(new PlanPart(line.trim()));
            }
        }
        return parts;
    }

    /** Returns the changes of an environment. @param environment its identity */
    @NonNull
    public static Optional<PlanPart> find(@NonNull List<String> plan, @NonNull String environment) {
        String name = EnvironmentNames.shown(environment);
        return of(plan).stream()
                .filter(part -> name.equals(part.title) || name.startsWith(part.title + " ("))
                .findFirst();
    }

    /**
     * Returns whether the plan has found that version in the environment: another job may have deployed a later one.
     *
     * @param environment its identity
     */
    static boolean isServing(@NonNull List<String> plan, @NonNull String environment, @NonNull String version) {
        return find(plan, environment)
                .filter(part -> part.state.startsWith(version + " serves "))
                .isPresent();
    }

    @NonNull
    public String getTitle() {
        return title;
    }

    /** Returns the version that serves there before the changes, in a few words; empty if it is no environment. */
    @NonNull
    public String getState() {
        return state;
    }

    /** Returns the changes in their order. */
    @NonNull
    public List<String> getSteps() {
        return Collections.unmodifiableList(steps);
    }

    /**
     * Returns those of the steps that change the environment, without the image, whose version the names show. The
     * others wait, test, or rehearse.
     */
    @NonNull
    public List<String> getChanges() {
        return steps.stream()
                .filter(step -> !CHANGES_NOTHING.matcher(step).matches())
                .map(step -> step.replaceFirst("(?<=^create container \\S{1,300}) from \\S+$", ""))
                .toList();
    }
}
