package io.jenkins.plugins.pymacaron.target;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an effect that moves live expects to find, so that an old journal changes nothing that another deployment has made
 * since. Forwards, an effect that finds something else is refused, and its run is superseded. On the way back there is
 * nothing to take back any more, so that the effect counts as done.
 */
public final class Expectation {
    private static final String FOUND = "expected";
    private static final String BACK = "expectedOnTheWayBack";
    private static final String SEPARATOR = "\n";
    private static final String SUPERSEDED = "superseded: ";

    private Expectation() {}

    /** @param states each of those that the operation itself passes through, and the one that it began with */
    public static Effect forth(Effect effect, Collection<String> states) {
        return with(effect, states, false);
    }

    /** @param states as in {@link #forth} */
    public static Effect back(Effect effect, Collection<String> states) {
        return with(effect, states, true);
    }

    private static Effect with(Effect effect, Collection<String> states, boolean back) {
        Map<String, String> args = new HashMap<>(effect.args());
        args.put(FOUND, String.join(SEPARATOR, states));
        args.put(BACK, Boolean.toString(back));
        return new Effect(effect.key(), effect.verb(), args, effect.settle(), effect.within(), effect.sentence());
    }

    /** Whether {@code effect} compares what it finds. */
    public static boolean isOf(Effect effect) {
        return effect.args().containsKey(FOUND);
    }

    /** Whether what {@code effect} was to take back is gone, since another deployment has changed live. */
    public static boolean isOver(Effect effect, String found) {
        return isOf(effect) && isBack(effect) && !expects(effect, found);
    }

    /**
     * Compares.
     *
     * @param subject for the message, for instance "the traffic of hello-live"
     * @return whether there is something to do
     * @throws EffectException when another deployment came first
     */
    public static boolean holds(Effect effect, String subject, String found) throws EffectException {
        if (!isOf(effect) || expects(effect, found)) {
            return true;
        }
        if (isBack(effect)) {
            return false;
        }
        throw EffectException.rejected(superseded(
                subject + " is " + (found.isEmpty() ? "nothing" : found) + " by now, which another deployment made"));
    }

    private static boolean isBack(Effect effect) {
        return Boolean.parseBoolean(effect.args().get(BACK));
    }

    private static boolean expects(Effect effect, String found) {
        return Arrays.asList(effect.args().get(FOUND).split(SEPARATOR, -1)).contains(found);
    }

    /** The reason of an operation that another deployment came before. */
    public static String superseded(String why) {
        return SUPERSEDED + why + "; it stays as it is";
    }

    public static boolean isSuperseded(String reason) {
        return reason.contains(SUPERSEDED);
    }

    /** For a message whose outcome says that the run is superseded. */
    public static Optional<String> why(String reason) {
        // In front of it stands which effect was refused: "could not …: ".
        int at = reason.indexOf(SUPERSEDED);
        return at < 0 ? Optional.empty() : Optional.of(reason.substring(at + SUPERSEDED.length()));
    }
}
