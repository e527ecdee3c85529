package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.ImageBuilder;
import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.pipeline.Prepared.Place;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.target.Candidate;
import io.jenkins.plugins.pymacaron.target.Change;
import io.jenkins.plugins.pymacaron.target.Deployed;
import io.jenkins.plugins.pymacaron.target.DeploymentId;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a deployment would change, in order, beside what is there now. The sentences come from the very operations that a
 * deployment runs, asked as if everything went well.
 */
final class Plan {
    private final Prepared prepared;
    private final byte[] key;

    /** @param key of the deployment ids */
    Plan(Prepared prepared, byte[] key) {
        this.prepared = prepared;
        this.key = key;
    }

    List<String> lines() throws StageFailedException, IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        Candidate draft = image(lines);
        if (!prepared.request().push()) {
            lines.add("  keep the image on this machine (--no-push)");
        }
        try {
            if (prepared.staging().isPresent()) {
                Place place = prepared.staging().get();
                lines.add(now(place));
                lines.addAll(sentences(place.target().prepare(candidate(draft, place))));
            }
            for (Place place : prepared.live()) {
                lines.add(now(place));
                Candidate candidate = candidate(draft, place);
                Optional<Deployed> serving = place.target().current();
                if (serving.filter(d -> d.deploymentId().equals(candidate.deploymentId()))
                        .isPresent()) {
                    lines.add("  nothing: it serves already");
                    continue;
                }
                Change prepare = place.target().prepare(candidate);
                lines.addAll(sentences(prepare));
                Deployed ready =
                        Deployed.fromMap(rehearse(prepare, new ArrayList<>())).orElseThrow();
                Change activate = place.target().activate(candidate, ready, serving);
                lines.addAll(sentences(activate));
                lines.addAll(sentences(place.target().withdraw(ready)));
            }
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.CONFIG_INVALID, e.getMessage(), e);
        }
        return lines;
    }

    private Candidate image(List<String> lines) throws IOException, InterruptedException, StageFailedException {
        lines.add("Plan for " + prepared.base().name() + " at commit "
                + prepared.source().sha6());
        Optional<BuiltImage> found = prepared.request().version().isPresent()
                ? Optional.of(new ExistingImages(prepared.docker())
                        .find(
                                ImageName.of(prepared.base()).repository(),
                                prepared.request().version().get(),
                                prepared.spec()))
                : new ImageBuilder(prepared.docker(), Clock.systemDefaultZone())
                        .find(
                                prepared.source(),
                                prepared.spec(),
                                prepared.request().push());
        if (found.isPresent()) {
            BuiltImage image = found.get();
            lines.add("  reuse image " + image.versionTag());
            String digest = image.digest().or(image::id).orElse("");
            return new Candidate("", image.reference(), image.version(), digest, image.commit());
        }
        String version = prepared.source().version(Clock.systemDefaultZone());
        String name = ImageName.of(prepared.base()).tagged(version);
        lines.add("  build image " + name + " from " + prepared.spec().base());
        if (prepared.request().push()) {
            lines.add("  push image " + name);
        }
        return new Candidate("", name, version, "", prepared.source().commit());
    }

    private Candidate candidate(Candidate draft, Place place) throws IOException {
        String id = DeploymentId.of(
                draft.version(),
                draft.digest(),
                place.environment().config().canonical(),
                place.environment().variables(),
                key);
        return new Candidate(id, draft.image(), draft.version(), draft.digest(), draft.commit());
    }

    private static String now(Place place) throws TargetException, InterruptedException {
        return place.environment().name() + ", where "
                + place.target()
                        .current()
                        .map(d -> d.version() + " serves at " + d.url() + " since " + d.since())
                        .orElse("nothing serves now");
    }

    /** What the change would do, a line each. */
    static List<String> sentences(Change change) {
        List<String> lines = new ArrayList<>();
        rehearse(change, lines);
        return lines;
    }

    /** @return what the operation would return at its end */
    private static Map<String, String> rehearse(Change change, List<String> lines) {
        State state = State.begun(change.operation().kind(), change.params(), Instant.EPOCH);
        Optional<Observation> seen = Optional.empty();
        while (true) {
            Decision decision = change.operation().decide(state, seen, Instant.EPOCH);
            if (decision instanceof Decision.Apply apply) {
                Effect effect = apply.effect();
                lines.add("  " + effect.sentence());
                state = state.with(effect, new State.Result(State.Result.How.APPLIED, Map.of(), "", Instant.EPOCH));
                seen = Optional.empty();
            } else if (decision instanceof Decision.Await await) {
                if (seen.isPresent()) {
                    throw new IllegalStateException(
                            change.operation().kind() + " does not go on after what it hoped for");
                }
                lines.add("  wait for " + await.what());
                seen = Optional.of(new Observation(
                        await.subject(),
                        Instant.EPOCH,
                        change.hoped().get(await.subject().kind())));
            } else if (decision instanceof Decision.Done done) {
                return done.result();
            } else {
                throw new IllegalStateException(decision.toString());
            }
        }
    }
}
