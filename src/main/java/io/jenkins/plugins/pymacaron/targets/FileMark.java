package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.config.Problem;
import java.util.Optional;

/**
 * Which configuration file has made what serves, as it stands on it in the cloud. Two files of one name, of which each is
 * for a place of its own, may name the same place by mistake; then the second one is not to take over what the first serves.
 */
public final class FileMark {
    private FileMark() {}

    /**
     * What is wrong with what is found.
     *
     * @param what is there, for instance "service hello-live"
     * @param mark the name of the file that stands on it; "" where an earlier version, or a person, has made it
     * @param ours whether it bears the environment's label
     * @param keys what tells the two places apart, for the advice
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
