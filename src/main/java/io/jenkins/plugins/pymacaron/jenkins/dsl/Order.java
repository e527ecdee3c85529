package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.AbortException;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The stages that a build runs, and the parameters of their steps. */
final class Order {
    static final String PREFLIGHT = Stage.PREFLIGHT.title();
    static final String ROLL_BACK = Stage.ROLLBACK.title();

    /** The stages that can be left out, by their names in the parameter skip. */
    private static final Map<String, Stage> SKIPPED = Map.of(
            "unit", Stage.UNIT,
            "container", Stage.CONTAINER,
            "staging", Stage.ACCEPT_STAGING,
            "live", Stage.ACCEPT_LIVE);

    private static final Set<String> TESTS =
            SKIPPED.values().stream().map(Stage::title).collect(Collectors.toUnmodifiableSet());

    private final Parameters parameters;
    private final BuildOrigin origin;
    private final Surroundings around;
    private final Optional<RollbackRequest> request;
    private final List<String> notes = new ArrayList<>();

    Order(Parameters parameters, BuildOrigin origin, Surroundings around, Optional<RollbackRequest> request) {
        this.parameters = parameters;
        this.origin = origin;
        this.around = around;
        this.request = request;
    }

    /** Returns the notes for the begin of the log. */
    List<String> notes() {
        return notes;
    }

    /**
     * Decides the stages.
     *
     * @return the instructions of the Groovy facade, as plain serializable maps, lists and texts
     * @throws AbortException if a parameter is wrong, or no stage can run here
     */
    Map<String, Object> decide() throws AbortException {
        Map<String, Object> order = new LinkedHashMap<>();
        String directory = parameters.directory();
        Map<String, Object> steps = steps(directory);
        Map<String, String> approve = parameters.approve();
        boolean plan = parameters.flag("plan");
        if (request.filter(RollbackRequest::isAgain).isPresent()) {
            steps.put(Parameter.ALLOW_OLDER.argument(), true);
        }
        // A plan notes too which stages and tests are left out, and why.
        List<String> all = request.isPresent() ? rollback(directory, approve) : stages(approve);
        List<String> stages = plan && request.isEmpty() ? List.of(PREFLIGHT) : all;
        checkPlace(stages);
        order.put("dir", directory);
        order.put("stages", new ArrayList<>(stages));
        order.put("preflight", plan || checksAll(stages) ? "pymPlan" : "pymConfig");
        order.put("steps", steps);
        boolean again = request.filter(RollbackRequest::isAgain).isPresent() && !stages.isEmpty();
        order.put("build", with(steps, "forceBuild", parameters.flag("forceBuild") ? true : null));
        order.put("deploy", again ? with(steps, "version", versionBack()) : steps);
        // Without an acceptance the deployment ends here.
        order.put("promote", with(steps, "last", stages.contains(Stage.ACCEPT_LIVE.title()) ? null : true));
        order.put("rollback", with(steps, "version", again ? null : versionBack()));
        order.put("label", Optional.ofNullable(parameters.text("label")).orElse(""));
        order.put("commit", parameters.text("commit"));
        order.put("inNode", around.inNode() || stages.isEmpty());
        order.put("testImage", testImage());
        order.put("approve", stages.contains(Approval.STAGE) ? approve : null);
        order.put("done", new LinkedHashMap<>());
        return order;
    }

    /**
     * Returns whether the plan is needed: it checks all inputs of a deployment; a build that ends before, or tests
     * nothing, may do without them.
     */
    private static boolean checksAll(List<String> stages) {
        return stages.contains(Stage.STAGING.title()) && stages.stream().anyMatch(TESTS::contains);
    }

    private Map<String, Object> steps(String directory) throws AbortException {
        Map<String, Object> steps = new LinkedHashMap<>();
        steps.put("dir", directory);
        for (Parameter parameter : Parameter.OF_STEPS) {
            put(steps, parameter.argument(), parameters.argument(parameter));
        }
        put(steps, "timeouts", parameters.timeouts());
        Map<String, String> credentials = parameters.map("credentials", Parameters.CREDENTIALS);
        Map<String, String> secrets = parameters.map("secrets");
        if (origin.isTrusted()) {
            put(steps, "credentials", credentials);
            put(steps, "secrets", secrets);
        } else {
            notes.add(Messages.Order_untrusted(origin.name()));
        }
        return steps;
    }

    private static Map<String, Object> with(Map<String, Object> steps, String name, Object value) {
        Map<String, Object> arguments = new LinkedHashMap<>(steps);
        put(arguments, name, value);
        return arguments;
    }

    private static void put(Map<String, Object> steps, String name, Object value) {
        if (value != null) {
            steps.put(name, value);
        }
    }

    private List<String> stages(Map<String, String> approve) throws AbortException {
        List<String> skip = parameters.texts("skip", Parameters.SKIPPABLE);
        List<String> live = parameters.texts("live");
        if (!skip.isEmpty()) {
            notes.add(Messages.Order_skipped(
                    Parameters.SKIPPABLE.stream().filter(skip::contains).collect(Collectors.joining(", "))));
        }
        if (!origin.mayShip()) {
            notes.add(Messages.Order_changeRequest(origin.name()));
            return titles(Stage.CONTAINER, leftOut(skip), approve);
        }
        if (!origin.mayGoLive(live)) {
            notes.add(
                    live.isEmpty()
                            ? Messages.Order_notPrimary(origin.name())
                            : Messages.Order_notLive(origin.name(), String.join(", ", live)));
            return titles(Stage.ACCEPT_STAGING, leftOut(skip), approve);
        }
        if (!live.isEmpty() && !origin.isMultibranch()) {
            notes.add(Messages.Order_liveMeansNothing());
        }
        return titles(Stage.ACCEPT_LIVE, leftOut(skip), approve);
    }

    private static Set<Stage> leftOut(List<String> skip) {
        Set<Stage> leftOut = EnumSet.noneOf(Stage.class);
        skip.forEach(name -> leftOut.add(SKIPPED.get(name)));
        return leftOut;
    }

    /** The approval comes just before live changes. The step of the promotion runs pre_promote, too. */
    private static List<String> titles(Stage last, Set<Stage> leftOut, Map<String, String> approve) {
        List<String> titles = new ArrayList<>();
        for (Stage stage : Stage.upTo(last, leftOut)) {
            if (stage == Stage.PROMOTE && approve != null) {
                titles.add(Approval.STAGE);
            }
            if (stage != Stage.PRE_PROMOTE) {
                titles.add(stage.title());
            }
        }
        return titles;
    }

    private List<String> rollback(String directory, Map<String, String> approve) throws AbortException {
        RollbackRequest asked = request.orElseThrow();
        if (!origin.mayShip()) {
            throw new AbortException(Messages.Order_changeRequestRollsBack(origin.name()));
        }
        if (!origin.mayGoLive(parameters.texts("live"))) {
            throw new AbortException(Messages.Order_otherBranchRollsBack(origin.name()));
        }
        if (!asked.getDirectory().equals(directory)) {
            notes.add(Messages.Order_otherService(asked.getDirectory(), directory));
            return List.of();
        }
        String what = asked.getVersion().isEmpty() ? Messages.Order_versionBefore() : asked.getVersion();
        String where = EnvironmentNames.shown(asked.getEnvironment());
        if (asked.isAgain()) {
            notes.add(Messages.Order_again(asked.getUser(), asked.getVersion(), where));
            return again(approve);
        }
        notes.add(Messages.Order_rollback(asked.getUser(), where, what));
        return List.of(ROLL_BACK);
    }

    /** Returns the stages of an existing image: all but those that make an image. */
    private List<String> again(Map<String, String> approve) throws AbortException {
        List<String> skip = parameters.texts("skip", Parameters.SKIPPABLE);
        Set<Stage> leftOut = leftOut(skip);
        leftOut.addAll(EnumSet.range(Stage.UNIT, Stage.PUSH));
        return titles(Stage.ACCEPT_LIVE, leftOut, approve);
    }

    private String versionBack() {
        return request.map(RollbackRequest::getVersion)
                .filter(v -> !v.isEmpty())
                .orElse(null);
    }

    private String testImage() throws AbortException {
        String image = parameters.text("testImage");
        if (image != null && !around.hasDockerVariable()) {
            throw new AbortException(Messages.Order_noDockerPipeline());
        }
        return image;
    }

    private void checkPlace(List<String> stages) throws AbortException {
        if (!around.inNode() && !around.hasScm()) {
            throw new AbortException(Messages.Order_noSource());
        }
        if (around.inNode() && stages.contains(Approval.STAGE)) {
            notes.add(Messages.Order_heldExecutor());
        }
        if (around.inNode() && parameters.text("label") != null) {
            notes.add(Messages.Order_labelMeansNothing());
        }
        if (!around.isResumable()) {
            notes.add(Messages.Order_notResumable());
        }
    }
}
