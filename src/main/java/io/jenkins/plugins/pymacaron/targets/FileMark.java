package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.config.Problem;
import java.util.Optional;

/**
 * The name of the configuration file that has deployed what serves, as it is marked in the cloud. Two files of one
 * name, each meant for a place of its own, may name the same place by mistake. Then the second file must not take over
 * what the first one serves.
 */
public final class FileMark {
    private FileMark() {}

    /**
     * Returns the problem with what is found, if there is one.
     *
     * @param what the thing that is there, for instance "service hello-live"
     * @param mark the file name in its mark; "" where an earlier version, or a person, has made it
     * @param ours whether it has the environment's label
     * @param keys the keys that distinguish the two places, for the advice
     */
    public static Optional<Problem> problem(
            Environment environment, String what, String mark, boolean ours, String keys) {
        String mine = environment.file();
        if (mark.isEmpty()) {
            return ours && environment.config().environment().isPresent()
                    ? Optional.of(Problem.warning(
                            environment.name(),
                            what + " was deployed before it was noted by which file; from now on it is " + mine + "'s",
                            "Set another " + keys + " in " + mine + " if it is another file's."))
                    : Optional.empty();
        }
        return mark.equals(mine)
                ? Optional.empty()
                : Optional.of(Problem.error(
                        environment.name(),
                        what + " is what " + mark + " deploys, not " + mine,
                        "Set another " + keys + " in one of the two, so that each has a place of its own."));
    }
}
