package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.config.PymEnv;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.IncludeLinks;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.progress.StageBody;
import io.jenkins.plugins.pymacaron.pipeline.state.AcceptanceRecords;
import io.jenkins.plugins.pymacaron.pipeline.state.AcceptanceRecords.Passed;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Leaves out the acceptance of an image or of staging where an earlier run of this project has accepted the very same,
 * ended well, and left the version in live that serves there now. So nothing becomes live by the word of an earlier
 * run. Live itself is accepted in every run.
 */
final class RepeatedAcceptance {
    /** The variables of a terminal or a login. Tests get them too, but a new terminal is no reason to accept again. */
    private static final Pattern SESSION = Pattern.compile(
            "_|SHLVL|PWD|OLDPWD|COLUMNS|LINES|WINDOWID|DISPLAY|GPG_TTY|(TERM|VTE|TMUX|STY|SSH|XDG|DBUS)(_.*)?");

    private final PreparedRun prepared;
    private final RunRecorder recorder;
    private final RunState state;
    private final PymDirectory pym;
    private final Promotion promotion;
    /** By the inputs of the acceptance, except the deployments in live. */
    private final Map<List<String>, Passed> passed = new LinkedHashMap<>();

    private Optional<AcceptanceRecords> records = Optional.empty();

    RepeatedAcceptance(
            PreparedRun prepared, RunRecorder recorder, RunState state, PymDirectory pym, Promotion promotion) {
        this.prepared = prepared;
        this.recorder = recorder;
        this.state = state;
        this.pym = pym;
        this.promotion = promotion;
    }

    /**
     * An acceptance.
     *
     * @param earlier the reason why it need not be repeated; empty where it has to be
     * @param body accepts, and notes that it has passed
     */
    record Acceptance(Optional<String> earlier, StageBody body) {}

    /** Takes the records of earlier runs. Until {@link #succeeded} there are none, also after a crash. */
    void begin() {
        try {
            records = Optional.of(AcceptanceRecords.take(pym.accepted(), pym.key(), Clock.systemUTC()));
        } catch (IOException e) {
            recorder.progress()
                    .warning("it is not known which acceptances earlier runs have passed, so none is left out: "
                            + IoMessages.of(e));
        }
    }

    /** Returns the acceptance of the image in a container. @param candidates for live */
    Acceptance image(BuiltImage image, Promotion.Candidates candidates, StageBody accepting)
            throws StageFailedException, IOException, InterruptedException {
        Map<String, String> variables = new TreeMap<>(prepared.secrets().byName());
        variables.put("PYM_ENV", PymEnv.ofContainerTest(prepared.config()));
        // A push gives the image the digest that deployments go by, so live may change after it.
        boolean same = !prepared.pushes() || image.digest().isPresent();
        return acceptance(Stage.CONTAINER, about(Stage.CONTAINER, image, variables), candidates, same, accepting);
    }

    /** Returns the acceptance of the deployment that serves in staging. @param candidates for live */
    Acceptance staging(
            EnvironmentDeployment lane, BuiltImage image, Promotion.Candidates candidates, StageBody accepting)
            throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> deployed = lane.active();
        if (deployed.isEmpty()) {
            return new Acceptance(Optional.empty(), accepting);
        }
        List<String> about =
                about(Stage.ACCEPT_STAGING, image, lane.place().environment().variables());
        about.addAll(place(lane, deployed.get()));
        boolean same = lane.standing().serves() && !lane.changed();
        return acceptance(Stage.ACCEPT_STAGING, about, candidates, same, accepting);
    }

    /** Returns the acceptance. @param same whether a record that is found is about the present deployment */
    private Acceptance acceptance(
            Stage stage, List<String> about, Promotion.Candidates candidates, boolean same, StageBody accepting)
            throws StageFailedException, IOException, InterruptedException {
        boolean repeats = !same || prepared.request().is(Parameter.TEST_AGAIN) || state.isDone(stage);
        Optional<Passed> earlier = repeats ? Optional.empty() : records.flatMap(all -> all.find(all.subject(about)));
        // Live is looked at last: the first look is the one that the promotion goes by.
        if (earlier.isPresent()
                && !promotion.changes(candidates)
                && earlier.get().live().equals(records.get().subject(live(false)))) {
            passed.put(about, earlier.get());
            return new Acceptance(earlier.map(RepeatedAcceptance::sentence), accepting);
        }
        return new Acceptance(Optional.empty(), () -> {
            String note = accepting.run();
            passed.put(
                    about,
                    new Passed(
                            state.id(),
                            Clock.systemUTC().instant(),
                            recorder.progress().masked(note),
                            ""));
            return note;
        });
    }

    private static String sentence(Passed passed) {
        return "accepted by run " + passed.run() + " at " + passed.at().truncatedTo(ChronoUnit.SECONDS)
                + ", same image, tests, secrets and live: " + passed.note();
    }

    /** Keeps the acceptances of a run that has ended well. Without them the next run only takes longer. */
    void succeeded() throws StageFailedException, InterruptedException {
        if (records.isEmpty()) {
            return;
        }
        try {
            AcceptanceRecords all = records.get();
            String live = all.subject(live(true));
            passed.forEach((about, one) -> all.add(all.subject(about), one.with(live)));
            all.write();
        } catch (IOException e) {
            recorder.progress().warning("the acceptances are not kept for the next run: " + IoMessages.of(e));
        }
    }

    /**
     * Returns what both acceptances are about: the commit's files with the tests, the commits of repositories that it
     * links to, the runner of the tests and its environment.
     */
    private List<String> about(Stage stage, BuiltImage image, Map<String, String> variables)
            throws IOException, InterruptedException {
        List<String> about = new ArrayList<>(List.of(
                stage.key(),
                image.id().or(image::digest).orElse(""),
                image.version(),
                prepared.source().tree(),
                prepared.request().environment().orElse(""),
                prepared.config().file(),
                prepared.base().canonical(),
                prepared.base().accept().toString(),
                prepared.python().map(Object::toString).orElse("")));
        about.addAll(new IncludeLinks(prepared.source(), prepared.base().includeLinks()).commits());
        about.addAll(pairs(variables));
        about.addAll(pairs(prepared.inherited()));
        return about;
    }

    private static List<String> pairs(Map<String, String> variables) {
        List<String> pairs = new ArrayList<>();
        new TreeMap<>(variables).forEach((name, value) -> {
            if (!SESSION.matcher(name).matches()) {
                pairs.addAll(List.of(name, value));
            }
        });
        // Two lists of pairs follow each other, so each has an end.
        pairs.add("");
        return pairs;
    }

    /** Returns the regions of live and their deployments. @param after those that this run has left, not those before */
    private List<String> live(boolean after) throws StageFailedException, IOException, InterruptedException {
        List<String> live = new ArrayList<>();
        for (EnvironmentDeployment lane : promotion.lanes()) {
            Optional<Deployed> deployed =
                    after ? lane.active() : lane.standing().serving();
            live.addAll(place(
                    lane, deployed.orElseThrow(() -> new IOException("nothing serves in " + lane.environment()))));
            live.addAll(pairs(lane.place().environment().variables()));
        }
        return live;
    }

    private static List<String> place(EnvironmentDeployment lane, Deployed deployed) {
        return List.of(
                lane.place().environment().id().text(),
                lane.place().settings(),
                deployed.deploymentId(),
                deployed.revision(),
                deployed.url());
    }
}
