package io.jenkins.plugins.pymacaron.jenkins.dsl;

import com.cloudbees.groovy.cps.impl.CpsClosure;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import hudson.AbortException;
import io.jenkins.plugins.pymacaron.config.SpellingSuggestion;
import io.jenkins.plugins.pymacaron.jenkins.agent.ParameterChecks;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The parameters of {@code pymacaronDeploy(…)}. */
public final class Parameters {
    /** Stands for a closure where only its presence matters: a closure cannot be an argument of a step. */
    private static final String CLOSURE = "{ … }";

    /** The tests that can be left out. */
    static final List<String> SKIPPABLE = List.of("unit", "container", "staging", "live");

    static final List<String> CREDENTIALS = List.of("docker", "aws", "gcp", "kubeconfig");

    private static final List<String> FLAGS = names(Parameter.Kind.FLAG, "forceBuild", "plan");
    private static final List<String> TEXTS = names(Parameter.Kind.TEXT, "label", "testImage");
    private static final List<String> PERCENTAGES = names(Parameter.Kind.PERCENTAGES);
    private static final List<String> OTHERS =
            List.of("approve", "credentials", "dir", "live", "onFailure", "onSuccess", "secrets", "skip", "timeouts");
    static final List<String> KNOWN =
            Stream.of(FLAGS, TEXTS, PERCENTAGES, OTHERS).flatMap(List::stream).toList();

    private final Map<String, Object> values;

    /** Reads one parameter. */
    private interface Look {
        Object at(String name) throws AbortException;
    }

    /** Reads the parameters. @throws AbortException with a line for each that is wrong */
    Parameters(Map<String, Object> values) throws AbortException {
        this.values = values;
        List<String> problems = new ArrayList<>();
        look(problems, List.of(""), none -> {
            known("", values.keySet(), KNOWN);
            return none;
        });
        look(problems, FLAGS, this::flag);
        look(problems, TEXTS, this::text);
        look(problems, List.of("dir"), name -> directory());
        look(problems, PERCENTAGES, this::percentages);
        look(problems, List.of("skip"), name -> texts(name, SKIPPABLE));
        look(problems, List.of("live"), this::texts);
        look(problems, List.of("credentials"), name -> map(name, CREDENTIALS));
        look(problems, List.of("secrets"), this::map);
        look(problems, List.of("target"), name -> refuse(ParameterChecks.target(text(name))));
        look(problems, PERCENTAGES, name -> refuse(ParameterChecks.canary(percentages(name))));
        look(problems, List.of("timeouts"), name -> refuse(ParameterChecks.timeouts(map(name))));
        look(problems, List.of("approve"), name -> approve());
        look(problems, List.of("onSuccess", "onFailure"), this::closure);
        if (!problems.isEmpty()) {
            throw new AbortException(String.join("\n", problems));
        }
    }

    /** Returns the names of the steps' parameters of that kind, and those of this command alone, sorted. */
    private static List<String> names(Parameter.Kind kind, String... own) {
        Stream<String> steps = Parameter.OF_STEPS.stream()
                .filter(parameter -> parameter.kind() == kind)
                .map(Parameter::argument);
        return Stream.concat(steps, Stream.of(own)).sorted().toList();
    }

    /** Returns the value for a step; null where it is not given. */
    @CheckForNull
    Object argument(Parameter parameter) throws AbortException {
        String name = parameter.argument();
        return switch (parameter.kind()) {
            case TEXT -> text(name);
            case PERCENTAGES -> percentages(name);
            case FLAG, FLAG_ON -> flag(name) == parameter.standard() ? null : flag(name);
        };
    }

    private static void look(List<String> problems, List<String> names, Look look) {
        for (String name : names) {
            try {
                look.at(name);
            } catch (AbortException e) {
                // A value of a wrong type fails in each check.
                if (!problems.contains(e.getMessage())) {
                    problems.add(e.getMessage());
                }
            }
        }
    }

    private static Object refuse(List<String> problems) throws AbortException {
        ParameterChecks.refuse(problems.stream().map(Messages::Parameters_value).toList());
        return problems;
    }

    private boolean closure(String name) throws AbortException {
        if (has(name) && !CLOSURE.equals(values.get(name))) {
            throw wrong(name, "a closure", name + ": { … }");
        }
        return has(name);
    }

    /**
     * Returns the parameters of the call, in a form that can be an argument of a step.
     *
     * @throws AbortException if the call has anything but named parameters
     */
    public static Map<String, Object> storable(Object parameters) throws AbortException {
        if (!(parameters instanceof Map<?, ?> map)) {
            throw new AbortException(Messages.Parameters_unnamed());
        }
        Map<String, Object> storable = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value != null) {
                storable.put(String.valueOf(name), value instanceof CpsClosure ? CLOSURE : value);
            }
        });
        return storable;
    }

    /**
     * Returns a closure of the Pipeline's own, or null. Any other object with a {@code call} would run outside of the
     * sandbox.
     */
    @CheckForNull
    public static Closure<?> closure(Object parameters, String name) {
        Object closure = parameters instanceof Map<?, ?> map ? map.get(name) : null;
        return closure instanceof CpsClosure ? (Closure<?>) closure : null;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Returns a flag. A build's parameters are sometimes text: {@code plan: params.PLAN}. */
    boolean flag(String name) throws AbortException {
        Object value = values.getOrDefault(name, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        String text = String.valueOf(value);
        if (text.equals("true") || text.equals("false")) {
            return Boolean.parseBoolean(text);
        }
        throw wrong(name, "true or false", name + ": true");
    }

    /** Returns a text; empty too where a build's parameter was left empty. */
    @CheckForNull
    String text(String name) throws AbortException {
        Object value = values.get(name);
        if (value == null || value instanceof CharSequence) {
            return value == null || value.toString().isBlank()
                    ? null
                    : value.toString().strip();
        }
        throw wrong(name, "a text", name + ": '…'");
    }

    /** Returns one text, or a list of them. */
    List<String> texts(String name) throws AbortException {
        List<String> texts = new ArrayList<>();
        for (Object one : many(values.get(name))) {
            if (!(one instanceof CharSequence)) {
                throw wrong(name, "a text or a list of texts", name + ": ['…']");
            }
            texts.add(one.toString().strip());
        }
        return texts;
    }

    /** Returns one number, or a list of them, in the form of the steps. The configuration checks the numbers. */
    @CheckForNull
    String percentages(String name) throws AbortException {
        List<String> numbers = new ArrayList<>();
        for (Object one : many(values.get(name))) {
            if (!(one instanceof Integer)
                    && !(one instanceof CharSequence text && text.toString().matches("[0-9, ]+"))) {
                throw wrong(name, "a list of percentages", name + ": [5, 25, 50]");
            }
            numbers.add(one.toString().strip());
        }
        return numbers.isEmpty() ? null : String.join(", ", numbers);
    }

    private static Collection<?> many(Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof Collection<?> many ? many : List.of(value);
    }

    List<String> texts(String name, Collection<String> allowed) throws AbortException {
        List<String> texts = texts(name);
        known(name + ": ", texts, allowed);
        return texts;
    }

    @CheckForNull
    Map<String, String> map(String name) throws AbortException {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> map)
                || !map.values().stream().allMatch(v -> v instanceof CharSequence || v instanceof Number)) {
            throw wrong(name, "a map of texts", name + ": [NAME: '…']");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        map.forEach((k, v) -> texts.put(String.valueOf(k), v.toString()));
        return texts;
    }

    @CheckForNull
    Map<String, String> map(String name, Collection<String> allowed) throws AbortException {
        Map<String, String> map = map(name);
        if (map != null) {
            known(name + ": ", map.keySet(), allowed);
        }
        return map;
    }

    /**
     * Returns limits by the keys of stages, which a map of Groovy accepts without quotes if they are written with _.
     */
    @CheckForNull
    Map<String, String> timeouts() throws AbortException {
        Map<String, String> map = map("timeouts");
        if (map == null) {
            return null;
        }
        Map<String, String> timeouts = new LinkedHashMap<>();
        map.forEach((stage, time) -> timeouts.put(stage.replace('_', '-'), time));
        return timeouts;
    }

    /** Returns the approval; null if none is needed. */
    @CheckForNull
    Map<String, String> approve() throws AbortException {
        if (values.get("approve") instanceof Map) {
            return map("approve", List.of("message", "ok", "submitter"));
        }
        return flag("approve") ? Map.of() : null;
    }

    /** Returns the directory of the service, relative to the workspace. */
    String directory() throws AbortException {
        try {
            // It is written in the one form by which steps find the records of a service.
            return StageOrder.of("config").in(text("dir")).getDirectory();
        } catch (IllegalArgumentException e) {
            throw new AbortException(Messages.Parameters_directory(e.getMessage()));
        }
    }

    private static void known(String where, Collection<String> written, Collection<String> known)
            throws AbortException {
        List<String> unknown = written.stream()
                .filter(name -> !known.contains(name))
                .map(name -> SpellingSuggestion.of(name, known)
                        .map(near -> Messages.Parameters_didYouMean(where, name, near))
                        .orElseGet(() ->
                                Messages.Parameters_unknown(where, name, String.join(", ", new TreeSet<>(known)))))
                .toList();
        if (!unknown.isEmpty()) {
            throw new AbortException(String.join("\n", unknown));
        }
    }

    private static AbortException wrong(String name, String expected, String example) {
        return new AbortException(Messages.Parameters_wrong(name, expected, example));
    }
}
