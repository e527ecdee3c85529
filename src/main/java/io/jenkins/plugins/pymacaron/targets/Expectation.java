package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state that an effect on live expects to find, so that an old journal changes nothing that another deployment has
 * made since. It consists of the state and the {@link LiveMark} of the operation that was the last to change it. Going
 * forward, an effect that finds something else is refused, and its run is superseded. In an undo there is then nothing
 * left to undo, so the effect counts as done.
 */
public final class Expectation {
    /** A state that matches every state: only the mark is compared. */
    public static final String ANY = "*";

    private static final String FOUND = "expected";
    private static final String UNDO = "undo";
    private static final String MARK = "mark";
    private static final String MARK_BEFORE = "markBefore";
    private static final String SEPARATOR = "\n";
    private static final String SUPERSEDED = "superseded: ";
    private static final String SUPERSEDED_BY = "superseded by ";

    private Expectation() {}

    /**
     * Returns the effect with its expectation, for going forward.
     *
     * @param states the state that the operation began with, and each state that it passes through
     * @param claim absent for an operation that an earlier version has begun, which compares the states alone
     */
    public static Effect forth(Effect effect, Collection<String> states, Optional<Claim> claim) {
        return with(effect, states, claim, false);
    }

    /** Returns the effect with its expectation, for the undo; otherwise as {@link #forth}. */
    public static Effect undo(Effect effect, Collection<String> states, Optional<Claim> claim) {
        return with(effect, states, claim, true);
    }

    private static Effect with(Effect effect, Collection<String> states, Optional<Claim> claim, boolean undo) {
        Map<String, String> args = new HashMap<>(effect.args());
        args.put(FOUND, String.join(SEPARATOR, states));
        args.put(UNDO, Boolean.toString(undo));
        claim.ifPresent(c -> {
            args.put(MARK, c.mine());
            args.put(MARK_BEFORE, c.before());
        });
        return new Effect(effect.key(), effect.verb(), args, effect.settle(), effect.within(), effect.sentence());
    }

    /** Returns whether {@code effect} compares the state that it finds. */
    public static boolean isOf(Effect effect) {
        return effect.args().containsKey(FOUND);
    }

    /** Returns whether {@code effect} leaves its mark and changes nothing else; its sentence begins with "note". */
    public static boolean isNote(Effect effect) {
        return mark(effect).isPresent() && effect.sentence().startsWith("note ");
    }

    /** Returns the mark that {@code effect} leaves together with its change. */
    public static Optional<String> mark(Effect effect) {
        return Optional.ofNullable(effect.args().get(MARK));
    }

    /** Returns the mark that was there before the operation of {@code effect}. */
    public static Optional<String> markBefore(Effect effect) {
        return Optional.ofNullable(effect.args().get(MARK_BEFORE));
    }

    /**
     * Returns whether the mark of {@code effect} is set, or the effect leaves none. An undo needs no mark where nothing
     * was done.
     */
    public static boolean isMarked(Effect effect, String mark) {
        return isUndo(effect) || isFenced(effect, mark);
    }

    /**
     * Returns whether the mark of {@code effect} is set, in an undo too. There it is a fence: its writing changes the
     * version that a request names which is still on its way, so that the provider refuses that request.
     */
    public static boolean isFenced(Effect effect, String mark) {
        return mark(effect).filter(mine -> !mine.equals(mark)).isEmpty();
    }

    /** Returns whether the change that {@code effect} undoes is gone, since another deployment has changed live. */
    public static boolean isOver(Effect effect, String found, String mark) {
        return isOver(effect, List.of(found), mark);
    }

    /** The same as the other method, for a place where several versions may serve at once, or none. */
    public static boolean isOver(Effect effect, List<String> found, String mark) {
        return isOf(effect) && isUndo(effect) && !expects(effect, found, mark);
    }

    /**
     * Compares the state and the mark with the expectation.
     *
     * @param subject for the message, for instance "the traffic of hello-live"
     * @param mark the mark that was found, "" for none
     * @return whether there is something to do
     * @throws EffectException when another deployment came first
     */
    public static boolean holds(Effect effect, String subject, String found, String mark) throws EffectException {
        return holds(effect, subject, List.of(found), mark);
    }

    /** The same as the other method, for a place where several versions may serve at once, or none. */
    public static boolean holds(Effect effect, String subject, List<String> found, String mark) throws EffectException {
        if (!isOf(effect) || expects(effect, found, mark)) {
            return true;
        }
        if (isUndo(effect)) {
            return false;
        }
        throw EffectException.rejected(superseded(
                isExpectedMark(effect, mark) ? "" : mark,
                subject + " is " + shown(found) + " by now, which another deployment made"));
    }

    private static String shown(List<String> found) {
        String all = String.join(" and ", found);
        return all.isEmpty() ? "nothing" : all;
    }

    private static boolean isUndo(Effect effect) {
        return Boolean.parseBoolean(effect.args().get(UNDO));
    }

    private static boolean expects(Effect effect, List<String> found, String mark) {
        List<String> expected = Arrays.asList(effect.args().get(FOUND).split(SEPARATOR, -1));
        return isExpectedMark(effect, mark) && (expected.contains(ANY) || expected.containsAll(found));
    }

    /** Returns whether live's mark is unchanged, or is the mark of this operation. */
    private static boolean isExpectedMark(Effect effect, String mark) {
        return mark(effect).isEmpty()
                || mark.equals(effect.args().get(MARK))
                || mark.equals(effect.args().get(MARK_BEFORE));
    }

    /** Returns the failure reason of an operation that another deployment has overtaken. */
    public static String superseded(String why) {
        return superseded("", why);
    }

    /**
     * Returns the failure reason of an operation that another deployment has overtaken.
     *
     * @param mark the mark that the other deployment has left; "" where it is not known
     */
    public static String superseded(String mark, String why) {
        return LiveMark.parse(mark)
                        .map(other -> SUPERSEDED_BY + other.sentence() + ": ")
                        .orElse(SUPERSEDED)
                + why + "; it stays as it is";
    }

    public static boolean isSuperseded(String reason) {
        return why(reason).isPresent();
    }

    /** Returns the reason without its prefix, for a message whose outcome already says that the run is superseded. */
    public static Optional<String> why(String reason) {
        // The text before it names the effect that was refused: "could not …: ".
        int by = reason.indexOf(SUPERSEDED_BY);
        int at = reason.indexOf(SUPERSEDED);
        return by >= 0
                ? Optional.of(reason.substring(by))
                : at < 0 ? Optional.empty() : Optional.of(reason.substring(at + SUPERSEDED.length()));
    }
}
