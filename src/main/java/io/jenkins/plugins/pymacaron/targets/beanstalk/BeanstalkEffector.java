package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies {@link BeanstalkEffects} and finds them again. */
final class BeanstalkEffector implements Effector {
    private final BeanstalkClient aws;
    private final Environments environments;
    private final ApplicationVersions versions;
    private final EnvironmentCreator creations;
    private final ApplicationMarkStore marks;

    BeanstalkEffector(
            BeanstalkClient aws,
            Environments environments,
            ApplicationVersions versions,
            EnvironmentCreator creations,
            ApplicationMarkStore marks) {
        this.marks = marks;
        this.aws = aws;
        this.environments = environments;
        this.versions = versions;
        this.creations = creations;
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        Map<String, String> args = effect.args();
        return aws.calls().look(() -> switch (effect.verb()) {
            case BeanstalkEffects.APPLICATION -> present(versions.hasApplication());
            case BeanstalkEffects.UPLOAD -> present(versions.isUploaded(args));
            case BeanstalkEffects.VERSION ->
                present(versions.find(args.get("label")).isPresent());
            case BeanstalkEffects.FORGET ->
                present(versions.find(args.get("label")).isEmpty());
            case BeanstalkEffects.CREATE -> {
                if (!isMarked(effect)) {
                    yield Lookup.ABSENT;
                }
                Optional<EnvironmentFacts> found = environments.find(args.get("name"));
                if (found.isPresent() && found.get().tags().isEmpty()) {
                    yield Lookup.unknown("environment " + args.get("name") + " is there, its tags are not yet");
                }
                yield present(
                        found.filter(e -> EnvironmentCreator.isOf(args, e)).isPresent());
            }
            case BeanstalkEffects.ADDRESS -> Lookup.ABSENT;
            case BeanstalkEffects.OWN -> owner(effect);
            case BeanstalkEffects.CLAIM -> present(isMarked(effect));
            case BeanstalkEffects.SERVES -> {
                List<EnvironmentFacts> all = environments.list();
                yield present(isOver(effect, List.of(ownerName(all, args)))
                        || inTheWay(all, args).isEmpty());
            }
            case BeanstalkEffects.TERMINATE -> {
                Optional<EnvironmentFacts> found = environments.find(args.get("name"));
                if (found.isPresent() && serves(found.get(), args) && isOver(effect, List.of())) {
                    yield Lookup.present(Map.of());
                }
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

    /**
     * Returns whether the mark is set. Another operation may have come to the same state without its mark: applying
     * this effect says so.
     */
    private boolean isMarked(Effect effect) throws TargetException, InterruptedException {
        return Expectation.mark(effect).isEmpty() || Expectation.isMarked(effect, marks.read());
    }

    private boolean isOver(Effect effect, List<String> owner) throws TargetException, InterruptedException {
        return Expectation.isOf(effect) && Expectation.isOver(effect, owner, marks.read());
    }

    /** Returns whether it is live, or was. */
    private static boolean serves(EnvironmentFacts e, Map<String, String> args) {
        return e.owns(args.get("cname")) || e.hasServed();
    }

    private Lookup owner(Effect effect) throws TargetException, InterruptedException {
        Map<String, String> args = effect.args();
        List<EnvironmentFacts> all = environments.list();
        if (isOver(effect, List.of(ownerName(all, args)))) {
            return Lookup.present(Map.of());
        }
        if (!isMarked(effect)) {
            return Lookup.ABSENT;
        }
        for (EnvironmentFacts e : all) {
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
                case BeanstalkEffects.APPLICATION -> versions.createApplication();
                case BeanstalkEffects.UPLOAD -> versions.upload(args);
                case BeanstalkEffects.VERSION -> versions.create(args);
                case BeanstalkEffects.FORGET -> versions.delete(args.get("label"));
                case BeanstalkEffects.CREATE -> create(effect);
                case BeanstalkEffects.CLAIM -> claim(effect);
                case BeanstalkEffects.ADDRESS -> {
                    return Map.of("endpoint", address(args.get("name")));
                }
                case BeanstalkEffects.OWN -> own(effect);
                case BeanstalkEffects.SERVES -> awaitServing(effect);
                case BeanstalkEffects.TERMINATE -> terminate(effect);
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

    /** Creates an environment; one that serves at once is compared and marked. */
    private void create(Effect effect) throws TargetException, InterruptedException, EffectException {
        if (Expectation.isOf(effect)) {
            // The mark shows another run that makes live's first environment; the CNAME can be had only once.
            Expectation.holds(effect, "what owns live's CNAME", List.of(), marks.read());
            note(effect);
        }
        creations.create(effect.args());
    }

    private void claim(Effect effect) throws TargetException, InterruptedException, EffectException {
        Map<String, String> args = effect.args();
        String owner = ownerName(environments.list(), args);
        if (Expectation.holds(effect, "the owner of " + args.get("cname"), owner, marks.read())) {
            note(effect);
        }
    }

    private void note(Effect effect) throws TargetException, InterruptedException {
        Optional<String> mark = Expectation.mark(effect);
        if (mark.isPresent()) {
            marks.write(mark.get());
        }
    }

    private static String ownerName(List<EnvironmentFacts> all, Map<String, String> args) {
        return all.stream()
                .filter(e -> e.owns(args.get("cname")))
                .map(EnvironmentFacts::name)
                .findFirst()
                .orElse("");
    }

    private void own(Effect effect) throws TargetException, InterruptedException, EffectException {
        Map<String, String> args = effect.args();
        List<EnvironmentFacts> all = environments.list();
        String found = ownerName(all, args);
        if (Expectation.isOf(effect)
                && !Expectation.holds(effect, "the owner of " + args.get("cname"), found, marks.read())) {
            return;
        }
        EnvironmentFacts to = null;
        EnvironmentFacts owner = null;
        for (EnvironmentFacts e : all) {
            to = e.name().equals(args.get("to")) ? e : to;
            owner = e.owns(args.get("cname")) ? e : owner;
        }
        if (to == null || to.ending()) {
            throw EffectException.rejected("environment " + args.get("to") + " is gone");
        }
        if (owner != null && owner.name().equals(to.name())) {
            note(effect);
            return;
        }
        if (owner == null || !owner.name().equals(args.get("from"))) {
            throw EffectException.rejected(Expectation.superseded((owner == null ? "no environment" : owner.name())
                    + " owns " + args.get("cname") + " by now, which another deployment made"));
        }
        if (!to.ready() || !owner.ready()) {
            EnvironmentFacts busy = to.ready() ? owner : to;
            throw EffectException.retry("environment " + busy.name() + " is " + busy.status());
        }
        note(effect);
        String source = owner.id();
        String destination = to.id();
        aws.beanstalk().swapEnvironmentCNAMEs(r -> r.sourceEnvironmentId(source).destinationEnvironmentId(destination));
    }

    private void awaitServing(Effect effect) throws TargetException, InterruptedException, EffectException {
        List<EnvironmentFacts> all = environments.list();
        String found = ownerName(all, effect.args());
        Optional<String> inTheWay = inTheWay(all, effect.args());
        if (inTheWay.isPresent()
                && (!Expectation.isOf(effect)
                        || Expectation.holds(
                                effect, "the owner of " + effect.args().get("cname"), found, marks.read()))) {
            throw EffectException.retry(inTheWay.get());
        }
    }

    /**
     * Returns the reason why the swap of live is not over yet. Both environments of a swap are Updating until it is
     * over: they accept no other change meanwhile, and the event "Completed swapping CNAMEs" comes at its end (AWS,
     * "Blue/Green deployments with Elastic Beanstalk", whose instructions wait for it).
     */
    private static Optional<String> inTheWay(List<EnvironmentFacts> all, Map<String, String> args) {
        String owner = ownerName(all, args);
        if (!owner.equals(args.get("to"))) {
            return Optional.of((owner.isEmpty() ? "no environment" : owner) + " owns " + args.get("cname"));
        }
        return all.stream()
                .filter(e -> e.name().equals(owner) && !e.ready())
                .map(e -> "environment " + owner + " is " + e.status())
                .findFirst();
    }

    private static boolean isTooYoung(Map<String, String> args) {
        return Instant.now().isBefore(Instant.parse(args.get("shown")));
    }

    /** Terminates an environment. Reads its current state first, because it may have changed since it was chosen. */
    private void terminate(Effect effect) throws TargetException, InterruptedException, EffectException {
        Map<String, String> args = effect.args();
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
        if (Expectation.isOf(effect)
                && serves(e, args)
                && !Expectation.holds(effect, "live of " + args.get("cname"), List.of(), marks.read())) {
            return;
        }
        if (!e.isOurs(args.get("service"), args.get("cname"))) {
            throw EffectException.rejected("environment " + e.name() + " is not one of ours");
        }
        if (e.owns(args.get("cname")) && !Boolean.parseBoolean(args.get("even"))) {
            throw EffectException.rejected("environment " + e.name() + " is live");
        }
        if (!e.ready() && e.abortable()) {
            // A busy environment cannot be terminated, and a launch that hangs is busy for hours.
            aws.beanstalk().abortEnvironmentUpdate(r -> r.environmentId(e.id()));
            throw EffectException.retry("what environment " + e.name() + " is busy with is being aborted");
        }
        aws.beanstalk().terminateEnvironment(r -> r.environmentId(e.id()).terminateResources(true));
    }
}
