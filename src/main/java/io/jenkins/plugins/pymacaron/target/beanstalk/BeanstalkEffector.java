package io.jenkins.plugins.pymacaron.target.beanstalk;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Applies {@link Effects} and finds them again. */
final class BeanstalkEffector implements Effector {
    private final Aws aws;
    private final Environments environments;
    private final Versions versions;
    private final Creations creations;

    BeanstalkEffector(Aws aws, Environments environments, Versions versions, Creations creations) {
        this.aws = aws;
        this.environments = environments;
        this.versions = versions;
        this.creations = creations;
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        Map<String, String> args = effect.args();
        return aws.calls().look(() -> switch (effect.verb()) {
            case Effects.APPLICATION -> present(versions.hasApplication());
            case Effects.UPLOAD -> present(versions.isUploaded(args));
            case Effects.VERSION -> present(versions.find(args.get("label")).isPresent());
            case Effects.FORGET -> present(versions.find(args.get("label")).isEmpty());
            case Effects.CREATE -> {
                Optional<EnvironmentFacts> found = environments.find(args.get("name"));
                if (found.isPresent() && found.get().tags().isEmpty()) {
                    yield Lookup.unknown("environment " + args.get("name") + " is there, its tags are not yet");
                }
                yield present(found.filter(e -> Creations.isOf(args, e)).isPresent());
            }
            case Effects.ADDRESS -> Lookup.ABSENT;
            case Effects.OWN -> owner(args);
            case Effects.TERMINATE -> {
                Optional<EnvironmentFacts> found = environments.find(args.get("name"));
                yield found.isEmpty() && isTooYoung(args)
                        ? Lookup.unknown("it may be too young to be listed")
                        : present(found.filter(e -> !e.ending()).isEmpty());
            }
            default -> throw new IllegalArgumentException(effect.verb());
        });
    }

    private static Lookup present(boolean there) {
        return there ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    private Lookup owner(Map<String, String> args) throws TargetException, InterruptedException {
        for (EnvironmentFacts e : environments.list()) {
            boolean involved = e.name().equals(args.get("to")) || e.name().equals(args.get("from"));
            if (e.owns(args.get("cname")) && e.name().equals(args.get("to"))) {
                return Lookup.present(Map.of());
            }
            if (involved && !e.ready() && !e.ending()) {
                return Lookup.unknown("environment " + e.name() + " is " + e.status());
            }
        }
        return Lookup.ABSENT;
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        Map<String, String> args = effect.args();
        return aws.calls().change(() -> {
            switch (effect.verb()) {
                case Effects.APPLICATION -> versions.createApplication();
                case Effects.UPLOAD -> versions.upload(args);
                case Effects.VERSION -> versions.create(args);
                case Effects.FORGET -> versions.delete(args.get("label"));
                case Effects.CREATE -> creations.create(args);
                case Effects.ADDRESS -> {
                    return Map.of("endpoint", address(args.get("name")));
                }
                case Effects.OWN -> own(args);
                case Effects.TERMINATE -> terminate(args);
                default -> throw new IllegalArgumentException(effect.verb());
            }
            return Map.of();
        });
    }

    private String address(String name) throws TargetException, InterruptedException, EffectException {
        EnvironmentFacts e =
                environments.find(name).orElseThrow(() -> EffectException.rejected("environment " + name + " is gone"));
        return e.endpoint().isEmpty() ? e.cname() : e.endpoint();
    }

    private void own(Map<String, String> args) throws TargetException, InterruptedException, EffectException {
        EnvironmentFacts to = null;
        EnvironmentFacts owner = null;
        for (EnvironmentFacts e : environments.list()) {
            to = e.name().equals(args.get("to")) ? e : to;
            owner = e.owns(args.get("cname")) ? e : owner;
        }
        if (to == null || to.ending()) {
            throw EffectException.rejected("environment " + args.get("to") + " is gone");
        }
        if (owner != null && owner.name().equals(to.name())) {
            return;
        }
        if (owner == null || !owner.name().equals(args.get("from"))) {
            throw EffectException.rejected("somebody else changed live in the meantime: "
                    + (owner == null ? "nobody" : owner.name()) + " owns " + args.get("cname"));
        }
        if (!to.ready() || !owner.ready()) {
            EnvironmentFacts busy = to.ready() ? owner : to;
            throw EffectException.retry("environment " + busy.name() + " is " + busy.status());
        }
        String source = owner.id();
        String destination = to.id();
        aws.beanstalk().swapEnvironmentCNAMEs(r -> r.sourceEnvironmentId(source).destinationEnvironmentId(destination));
    }

    private static boolean isTooYoung(Map<String, String> args) {
        return Instant.now().isBefore(Instant.parse(args.get("shown")));
    }

    /** Looks again at what the environment is now, whatever was known when somebody chose it. */
    private void terminate(Map<String, String> args) throws TargetException, InterruptedException, EffectException {
        Optional<EnvironmentFacts> found = environments.find(args.get("name")).filter(e -> !e.ending());
        if (found.isEmpty()) {
            if (isTooYoung(args)) {
                throw EffectException.retry("environment " + args.get("name") + " is not listed yet");
            }
            return;
        }
        EnvironmentFacts e = found.get();
        if (e.tags().isEmpty() && isTooYoung(args)) {
            throw EffectException.retry("the tags of environment " + e.name() + " are not there yet");
        }
        if (!e.isOurs(args.get("service"), args.get("cname"))) {
            throw EffectException.rejected("environment " + e.name() + " is not one of ours");
        }
        if (e.owns(args.get("cname")) && !Boolean.parseBoolean(args.get("even"))) {
            throw EffectException.rejected("environment " + e.name() + " is live");
        }
        if (!e.ready() && e.abortable()) {
            // Nothing that is busy can be terminated, and a launch that hangs is busy for hours.
            aws.beanstalk().abortEnvironmentUpdate(r -> r.environmentId(e.id()));
            throw EffectException.retry("what environment " + e.name() + " is busy with is being aborted");
        }
        aws.beanstalk().terminateEnvironment(r -> r.environmentId(e.id()).terminateResources(true));
    }
}
