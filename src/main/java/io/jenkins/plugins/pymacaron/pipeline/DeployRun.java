package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.config.PymEnv;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.ImageBuilder;
import io.jenkins.plugins.pymacaron.image.ImagePruner;
import io.jenkins.plugins.pymacaron.image.ImagePush;
import io.jenkins.plugins.pymacaron.pipeline.Request.Tests;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.report.Deployment;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.target.Candidate;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.DeploymentId;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Stages 1 to 8 of one run. Stops at the first that fails; a failed live acceptance takes live back. */
final class DeployRun {
    private static final String EXISTING = "an existing image is deployed";

    private final Prepared prepared;
    private final Stages stages;
    private final Recorder recorder;
    private final RunState state;
    private final PymDirectory pym;
    private final Optional<Lane> staging;
    private final Promotion promotion;
    private final Acceptance acceptance;

    DeployRun(Prepared prepared, Recorder recorder, RunState state, PymDirectory pym, Operations operations) {
        this.prepared = prepared;
        this.recorder = recorder;
        this.state = state;
        this.pym = pym;
        stages = new Stages(recorder, state);
        staging = prepared.staging().map(place -> new Lane(place, operations, state));
        List<Lane> live = prepared.live().stream()
                .map(place -> new Lane(place, operations, state))
                .toList();
        promotion = new Promotion(prepared, live, state);
        acceptance = new Acceptance(prepared, recorder);
    }

    RunOutcome run() throws StageFailedException, IOException, InterruptedException {
        Request request = prepared.request();
        if (!state.get("image").isEmpty()) {
            // A resumed run, whose report begins anew.
            show(image());
        }
        if (request.version().isEmpty()) {
            makeImage(request);
        } else {
            stages.skip(Stage.UNIT, EXISTING);
            stages.run(Stage.BUILD, this::existingImage);
            stages.skip(Stage.CONTAINER, EXISTING);
            stages.skip(Stage.PUSH, EXISTING);
        }
        if (!request.deploy()) {
            for (Stage stage :
                    List.of(Stage.STAGING, Stage.ACCEPT_STAGING, Stage.PRE_PROMOTE, Stage.PROMOTE, Stage.ACCEPT_LIVE)) {
                stages.skip(stage, "--no-deploy");
            }
            prune();
            return RunOutcome.SUCCEEDED;
        }
        stage(request);
        promote(request);
        prune();
        return RunOutcome.SUCCEEDED;
    }

    private void makeImage(Request request) throws StageFailedException, IOException, InterruptedException {
        if (request.tests() == Tests.ALL) {
            stages.run(Stage.UNIT, acceptance::unit);
        } else {
            stages.skip(Stage.UNIT, request.tests() == Tests.NONE ? "--no-test" : "--no-unittest");
        }
        stages.run(Stage.BUILD, this::build);
        if (request.tests() == Tests.NONE) {
            stages.skip(Stage.CONTAINER, "--no-test");
        } else {
            stages.run(Stage.CONTAINER, () -> acceptance.container(image()));
        }
        if (request.push()) {
            stages.run(Stage.PUSH, this::push);
        } else {
            stages.skip(Stage.PUSH, "--no-push");
        }
    }

    private void stage(Request request) throws StageFailedException, IOException, InterruptedException {
        Lane lane = staging.orElseThrow();
        for (Lane live : promotion.lanes()) {
            // A first candidate may take the name of live from its beginning: what was there before is to be known.
            live.standing();
        }
        stages.run(Stage.STAGING, () -> {
            Deployed deployed = lane.prepare(candidate(lane), prepared.timeout(Stage.STAGING));
            return deployed.version() + " at " + deployed.url();
        });
        record(Stage.STAGING, lane);
        if (request.tests() == Tests.NONE) {
            stages.skip(Stage.ACCEPT_STAGING, "--no-test");
            return;
        }
        try {
            stages.run(
                    Stage.ACCEPT_STAGING,
                    () -> acceptance.deployed(
                            Stage.ACCEPT_STAGING, lane, lane.active().orElseThrow()));
        } catch (StageFailedException | InterruptedException e) {
            try {
                takeStagingBack(lane);
            } catch (StageFailedException | IOException left) {
                throw new StageFailedException(
                        RunOutcome.DEPLOY_FAILED,
                        e.getMessage() + "; and staging was not taken back: " + left.getMessage(),
                        left);
            }
            throw e;
        }
    }

    /** Staging serves what it served before, unless the user wants to look at what failed. */
    private void takeStagingBack(Lane lane) throws StageFailedException, IOException {
        boolean taken = Undisturbed.back(() -> {
            boolean changed = !prepared.base().retention().keepFailed() && lane.changed();
            if (changed) {
                lane.takeBack(prepared.timeout(Stage.STAGING), false);
            }
            return changed;
        });
        if (taken) {
            recorder.reverted(Stage.STAGING, "taken back: it failed its acceptance");
        }
    }

    private void promote(Request request) throws StageFailedException, IOException, InterruptedException {
        List<String> before = prepared.live().get(0).environment().config().prePromote();
        if (before.isEmpty()) {
            stages.skip(Stage.PRE_PROMOTE, "no pre_promote");
        } else {
            stages.run(Stage.PRE_PROMOTE, () -> prePromote(before));
        }
        stages.run(Stage.PROMOTE, () -> promotion.promote(this::candidate, recorder));
        for (Lane lane : promotion.lanes()) {
            record(Stage.PROMOTE, lane);
        }
        if (request.tests() == Tests.NONE) {
            stages.skip(Stage.ACCEPT_LIVE, "--no-test");
        } else {
            promotion.acceptOrTakeBack(stages, acceptance, recorder);
        }
        promotion.retire();
        staging.orElseThrow().retire(staging.get().active().orElseThrow(), 0, prepared.timeout(Stage.STAGING));
    }

    private BuiltImage image() {
        return Image.fromMap(state.get("image"));
    }

    private void keep(BuiltImage image) throws IOException {
        state.put("image", Image.toMap(image));
        show(image);
    }

    private void show(BuiltImage image) {
        recorder.image(image.version(), image.versionTag(), image.digest().orElse(""));
    }

    private String build() throws IOException, InterruptedException {
        ImageBuilder builder = new ImageBuilder(prepared.docker(), Clock.systemDefaultZone());
        BuiltImage image = builder.build(
                prepared.source(), prepared.spec(), prepared.request().push());
        keep(builder.fetch(image, prepared.spec()));
        return image.version()
                + switch (image.origin()) {
                    case BUILT -> "";
                    case LOCAL -> ", reused: nothing has changed";
                    case REGISTRY -> ", reused from the registry: nothing has changed";
                };
    }

    private String existingImage() throws IOException, InterruptedException {
        String repository = ImageName.of(prepared.base()).repository();
        BuiltImage image = new ExistingImages(prepared.docker())
                .find(repository, prepared.request().version().orElseThrow(), prepared.spec());
        keep(image);
        return image.version() + ", as it is";
    }

    private String push() throws IOException, InterruptedException {
        BuiltImage pushed = new ImagePush(prepared.docker()).push(image(), prepared.timeout(Stage.PUSH));
        keep(pushed);
        return pushed.digest().orElse("");
    }

    private Candidate candidate(Lane lane) throws IOException {
        BuiltImage image = image();
        String digest = image.digest().or(image::id).orElseThrow();
        String id = DeploymentId.of(
                image.version(),
                digest,
                lane.place().environment().config().canonical(),
                lane.place().environment().variables(),
                pym.key());
        return new Candidate(id, image.reference(), image.version(), digest, image.commit());
    }

    private void record(Stage stage, Lane lane) throws IOException {
        Deployed deployed = lane.active().orElseThrow();
        String slot = lane.place().environment().name().replaceFirst(".*/", "");
        recorder.deployed(new Deployment(
                slot, lane.place().environment().config().target().id(), deployed.deploymentId(), deployed.url()));
        recorder.url(stage, slot, deployed.url());
    }

    private String prePromote(List<String> argv) throws IOException, InterruptedException {
        Map<String, String> variables =
                new LinkedHashMap<>(prepared.live().get(0).environment().variables());
        variables.put(
                "PYM_ENV",
                PymEnv.of(Slot.LIVE, prepared.live().get(0).environment().config()));
        variables.put("PYM_VERSION", image().version());
        prepared.processes()
                .run(Command.of(argv)
                        .in(prepared.source().directory())
                        .with(variables)
                        .without(Set.of("PYM_REGISTRY_USER", "PYM_REGISTRY_PASSWORD", "PYM_X_AUTH"))
                        .within(prepared.timeout(Stage.PRE_PROMOTE)))
                .orThrow("pre_promote");
        return String.join(" ", argv);
    }

    private void prune() throws InterruptedException {
        try {
            BuiltImage image = image();
            List<String> gone = new ImagePruner(prepared.docker()).prune(prepared.pruning(image.id()));
            if (!gone.isEmpty()) {
                recorder.progress().line("removed old images: " + String.join(", ", gone));
            }
        } catch (IOException e) {
            // The deployment is done; a disk that fills up slowly is for another day.
            recorder.progress().warning("old images were not removed: " + e.getMessage());
        }
    }
}
