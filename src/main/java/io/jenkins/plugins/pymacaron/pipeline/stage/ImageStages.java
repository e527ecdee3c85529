package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.ImageBuilder;
import io.jenkins.plugins.pymacaron.image.ImagePruner;
import io.jenkins.plugins.pymacaron.image.ImagePush;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.preflight.ExistingImages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunImage;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.DeploymentId;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The image of a run: the run builds, finds or pushes it, and keeps it for later stages. */
public final class ImageStages {
    private static final String IMAGE = "image";

    private final PreparedRun prepared;
    private final RunRecorder recorder;
    private final RunState state;
    private final PymDirectory pym;

    public ImageStages(PreparedRun prepared, RunRecorder recorder, RunState state, PymDirectory pym) {
        this.prepared = prepared;
        this.recorder = recorder;
        this.state = state;
        this.pym = pym;
    }

    /** Shows the image again for a resumed run, whose report begins anew. */
    void showAgain() throws StageFailedException {
        if (!state.get(IMAGE).isEmpty()) {
            show(image());
        }
    }

    BuiltImage image() throws StageFailedException {
        Map<String, String> image = state.get(IMAGE);
        if (image.isEmpty()) {
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, "there is no image yet; build one first");
        }
        return RunImage.fromMap(image);
    }

    /** Returns the image after the engine has got it, if it is in the registry only. */
    BuiltImage inEngine() throws StageFailedException, IOException, InterruptedException {
        BuiltImage image = image();
        if (image.id().isEmpty()) {
            keep(prepared.images().fetch(image, prepared.spec()));
        }
        return image();
    }

    private void keep(BuiltImage image) throws IOException {
        state.put(IMAGE, RunImage.toMap(image));
        show(image);
    }

    private void show(BuiltImage image) {
        recorder.image(image.version(), image.versionTag(), image.digest().orElse(""));
    }

    String build() throws IOException, InterruptedException {
        ImageBuilder builder = prepared.images();
        BuiltImage image = builder.build(prepared.source(), prepared.spec(), prepared.pushes());
        keep(prepared.spec().byLayers() ? image : builder.fetch(image, prepared.spec()));
        return image.version()
                + switch (image.origin()) {
                    case BUILT -> "";
                    case LOCAL -> ", reused: nothing has changed";
                    case REGISTRY -> ", reused from the registry: nothing has changed";
                };
    }

    /** Finds the image of the version that is asked for. */
    String existing() throws IOException, InterruptedException {
        String repository = ImageName.of(prepared.base()).repository();
        BuiltImage image = new ExistingImages(prepared.docker(), prepared.key().isPresent())
                .find(repository, prepared.request().version().orElseThrow(), prepared.spec());
        keep(image);
        return image.version() + ", as it is";
    }

    String push() throws StageFailedException, IOException, InterruptedException {
        BuiltImage image = image();
        return pushed(
                prepared.spec().byLayers() && image.origin() == BuiltImage.Origin.BUILT
                        ? prepared.images().publish(image, prepared.spec().within(prepared.timeout(Stage.PUSH)))
                        : new ImagePush(prepared.docker()).push(image, prepared.timeout(Stage.PUSH)));
    }

    /** Returns the push of the image as work that may run ahead. */
    StageAhead.Work<BuiltImage> pushing() throws StageFailedException {
        BuiltImage image = image();
        return lines -> new ImagePush(prepared.docker().saying(lines)).push(image, prepared.timeout(Stage.PUSH));
    }

    /** Keeps a pushed image. @return its digest */
    String pushed(BuiltImage image) throws IOException {
        keep(image);
        return image.digest().orElse("");
    }

    /** Warns of an image that was pushed, perhaps in part, and not accepted. */
    void warnOfPush() throws StageFailedException {
        recorder.progress()
                .warning(image().versionTag() + " may be in the registry, since it was pushed while it was accepted. No"
                        + " environment uses it; delete it there if it must not stay. With overlap: false, only accepted"
                        + " images are pushed");
    }

    /** Returns the image as a candidate for an environment. */
    public Candidate candidate(EnvironmentDeployment lane) throws StageFailedException, IOException {
        BuiltImage image = image();
        String digest = image.digest().or(image::id).orElseThrow();
        String id = DeploymentId.of(
                image.version(),
                digest,
                lane.place().settings(),
                lane.place().environment().variables(),
                pym.key());
        return new Candidate(id, image.reference(), image.version(), digest, image.commit());
    }

    /** Removes images that are too old to be needed again. */
    void prune() throws StageFailedException, InterruptedException {
        try {
            BuiltImage image = image();
            if (image.id().isEmpty()) {
                // No engine of this machine has it, and there may be none.
                return;
            }
            List<String> gone = new ImagePruner(prepared.docker()).prune(prepared.pruning(image.id()));
            if (!gone.isEmpty()) {
                recorder.progress().line("removed old images: " + String.join(", ", gone));
            }
        } catch (IOException e) {
            // The deployment is done; images that stay fill the disk only slowly, so this is no failure.
            recorder.progress().warning("old images were not removed: " + e.getMessage());
        }
    }
}
