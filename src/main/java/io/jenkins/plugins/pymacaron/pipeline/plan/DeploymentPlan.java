package io.jenkins.plugins.pymacaron.pipeline.plan;

import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.ImagePruner;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.preflight.ExistingImages;
import io.jenkins.plugins.pymacaron.pipeline.preflight.PreflightFindings;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.DeploymentId;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The plan of a deployment: its changes in order, beside the present state. The sentences come from the very operations
 * that a deployment runs, with the assumption that everything succeeds.
 */
public final class DeploymentPlan {
    /** In a name, stands for a part that is not known before the image is built and pushed. */
    private static final String LATER = "…";

    private final PreparedRun prepared;
    private final byte[] key;
    private final String newVersion;
    private final List<String> lines = new ArrayList<>();
    private final List<String> atTheEnd = new ArrayList<>();
    private final Set<String> retired = new HashSet<>();
    /**
     * Effects by the scope of their names: one change is planned while the results of the change before do not exist
     * yet.
     */
    private final Set<List<String>> planned = new HashSet<>();

    private Optional<Deployed> staged = Optional.empty();

    /** Makes the plan. @param key of the deployment ids */
    public DeploymentPlan(PreparedRun prepared, byte[] key) {
        this.prepared = prepared;
        this.key = key;
        newVersion = prepared.source().version(Clock.systemDefaultZone());
    }

    public List<String> lines() throws StageFailedException, IOException, InterruptedException {
        lines.add("Plan for " + prepared.base().name() + " at commit "
                + prepared.source().sha6());
        Optional<BuiltImage> image = image();
        try {
            for (Place place : prepared.staging().stream().toList()) {
                now(place);
                Deployed deployed = add(place, place.target().prepare(candidate(image, place)));
                staged = Optional.of(deployed);
                retire(place, deployed, 0);
            }
            if (changesLive(image)) {
                prePromote();
            }
            for (Place place : prepared.live()) {
                now(place);
                retire(
                        place,
                        live(place, candidate(image, place)),
                        place.environment().config().retention().deployments());
            }
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
        }
        prune(image);
        if (!atTheEnd.isEmpty()) {
            lines.add("At the end");
            lines.addAll(atTheEnd);
        }
        return lines;
    }

    private Deployed add(Place place, Change change) throws TargetException, InterruptedException {
        PlanRehearsal rehearsal = PlanRehearsal.of(change);
        String scope = place.target().scope();
        rehearsal.steps().stream().filter(step -> isNew(scope, step)).forEach(step -> lines.add(step.line()));
        return Deployed.fromMap(rehearsal.result()).orElseThrow();
    }

    private boolean isNew(String scope, PlanRehearsal.Step step) {
        return step.effect()
                .filter(effect -> !planned.add(List.of(scope, effect.key(), effect.sentence())))
                .isEmpty();
    }

    private Deployed live(Place place, Candidate candidate) throws TargetException, InterruptedException {
        ServingState standing = ServingState.of(place.target());
        boolean same = standing.good()
                .filter(d -> d.deploymentId().equals(candidate.deploymentId()))
                .isPresent();
        if (same && standing.serves()) {
            lines.add("  nothing: it serves already");
            return standing.good().get();
        }
        if (same) {
            return add(place, place.target().activate(candidate, standing.good().get(), Optional.empty()));
        }
        Optional<Deployed> adopted = staged.filter(s ->
                        place.target().adopts(prepared.staging().orElseThrow().target()))
                .filter(s -> s.deploymentId().equals(candidate.deploymentId()) && same(place));
        Deployed ready =
                adopted.isPresent() ? adopted.get() : add(place, place.target().prepare(candidate));
        boolean accepts = prepared.request().tests() != RunRequest.Tests.NONE;
        if (accepts && standing.serves() && standing.good().isPresent() && prepared.standsApart(place)) {
            lines.add("  run the acceptance tests on it before it gets traffic");
        }
        return active(place, candidate, ready, standing);
    }

    private Deployed active(Place place, Candidate candidate, Deployed ready, ServingState standing)
            throws TargetException, InterruptedException {
        Deployed active = add(place, place.target().activate(candidate, ready, standing.serving()));
        if (!active.revision().equals(ready.revision())) {
            lines.addAll(PlanRehearsal.of(place.target().withdraw(ready)).lines());
        }
        return active;
    }

    /** Returns whether staging and that live are the same deployment, as far as is known before there is an image. */
    private boolean same(Place place) {
        return PreparedRun.isSame(prepared.staging().orElseThrow().environment(), place.environment());
    }

    private boolean changesLive(Optional<BuiltImage> image) throws TargetException, IOException, InterruptedException {
        boolean changes = false;
        for (Place place : prepared.live()) {
            String id = candidate(image, place).deploymentId();
            changes |= ServingState.of(place.target())
                    .serving()
                    .filter(d -> d.deploymentId().equals(id))
                    .isEmpty();
        }
        return changes;
    }

    private void prePromote() {
        prepared.live().stream()
                .findFirst()
                .map(place -> place.environment().config().prePromote())
                .filter(argv -> !argv.isEmpty())
                .ifPresent(argv -> {
                    lines.add("Before promotion");
                    lines.add("  run " + String.join(" ", argv));
                });
    }

    private void retire(Place place, Deployed deployed, int keep) throws TargetException, InterruptedException {
        PlanRehearsal rehearsal = PlanRehearsal.of(place.target().retire(deployed, keep));
        String scope = place.target().scope();
        rehearsal.steps().stream().filter(step -> isNew(scope, step)).forEach(step -> atTheEnd.add(step.line()));
        // A container that is only stopped is kept, and its image with it.
        rehearsal.effects().stream()
                .filter(effect -> effect.verb().equals("remove"))
                .forEach(effect -> retired.addAll(effect.args().values()));
    }

    private void prune(Optional<BuiltImage> image) throws IOException, InterruptedException {
        Optional<String> used = image.flatMap(BuiltImage::id);
        if (!prepared.hasEngine()) {
            return;
        }
        new ImagePruner(prepared.docker())
                .old(prepared.pruning(used), used.isPresent() ? 0 : 1, retired)
                .forEach(old -> atTheEnd.add("  remove image " + old));
    }

    /** Returns the image; empty if it is to be built. */
    private Optional<BuiltImage> image() throws IOException, InterruptedException {
        RunRequest request = prepared.request();
        Optional<BuiltImage> found = request.version().isPresent()
                ? Optional.of(
                        new ExistingImages(prepared.docker(), prepared.key().isPresent())
                                .look(
                                        ImageName.of(prepared.base()).repository(),
                                        request.version().get(),
                                        prepared.spec()))
                : prepared.images().find(prepared.source(), prepared.spec(), prepared.pushes());
        String name = found.map(BuiltImage::versionTag)
                .orElseGet(() -> ImageName.of(prepared.base()).tagged(newVersion));
        if (found.isEmpty()) {
            lines.add("  build image " + name + " from " + prepared.spec().base());
        } else {
            lines.add("  reuse image " + name);
            if (found.get().id().isEmpty()) {
                lines.add("  pull image " + name);
            }
        }
        if (!prepared.pushes()) {
            lines.add(
                    "  keep the image on this machine (" + prepared.keepsImage().orElseThrow() + ")");
        } else if (isToBePushed(found)) {
            lines.add("  push image " + name);
        }
        return found;
    }

    private boolean isToBePushed(Optional<BuiltImage> image) {
        RunRequest request = prepared.request();
        return prepared.pushes()
                && request.version().isEmpty()
                && image.flatMap(BuiltImage::digest).isEmpty();
    }

    /**
     * Returns the candidate. The digest is part of the hash in a deployment's id, and so of names; a push changes the
     * digest.
     */
    private Candidate candidate(Optional<BuiltImage> image, Place place) throws IOException {
        if (image.isEmpty()) {
            String name = ImageName.of(prepared.base()).tagged(newVersion);
            return new Candidate(
                    newVersion + "-" + LATER,
                    name,
                    newVersion,
                    "",
                    prepared.source().commit());
        }
        BuiltImage known = image.get();
        String version = known.version();
        if (isToBePushed(image)) {
            return new Candidate(version + "-" + LATER, known.versionTag(), version, "", known.commit());
        }
        String digest = known.digest().or(known::id).orElseThrow();
        String id = DeploymentId.of(
                version, digest, place.settings(), place.environment().variables(), key);
        return new Candidate(id, known.reference(), version, digest, known.commit());
    }

    private void now(Place place) throws TargetException, InterruptedException {
        lines.add(PreflightFindings.serving(place));
        place.target().remarks().forEach(remark -> lines.add("  " + remark));
    }
}
