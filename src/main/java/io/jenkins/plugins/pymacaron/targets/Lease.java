package io.jenkins.plugins.pymacaron.targets;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The note that a run deploys to an environment. It ends by itself, so that no clean-up is needed after a machine that
 * is gone.
 *
 * @param owner one word that no other run has; the part after its last hyphen identifies the system that gives turns: a
 *     hash of its key and, in a Jenkins, a dot and a hash of its queue, the name of a folder tree
 * @param until the time when the lease ends unless it is renewed
 * @param resting whether no process has the lease now, because its run is between two stages
 */
public record Lease(String owner, Instant until, boolean resting) {
    private static final String RESTING = "between-stages";

    /** Makes the lease of a process that is at work. */
    public Lease(String owner, Instant until) {
        this(owner, until, false);
    }

    public Lease {
        if (!owner.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("an owner is one word: " + owner);
        }
    }

    /** Returns the text that is kept in a tag or an annotation. */
    public String text() {
        return owner + " " + until + (resting ? " " + RESTING : "");
    }

    /** Reads {@link #text}; any other text is no lease. */
    public static Optional<Lease> parse(String text) {
        String[] parts = text.strip().split(" ");
        boolean resting = parts.length == 3 && parts[2].equals(RESTING);
        if (parts.length != 2 && !resting) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Lease(parts[0], Instant.parse(parts[1]), resting));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether the lease keeps {@code me} out. A resting lease does not keep out a run that got its turn from
     * the same queue of the same Jenkins, because this Jenkins knows whether the lease's run goes on or was aborted.
     */
    boolean isOthers(String me, Instant now) {
        return !run(owner).equals(run(me))
                && until.isAfter(now)
                && !(resting && house(owner).equals(house(me)));
    }

    /** Returns the part of an owner that identifies the run, also after its folder tree was renamed. */
    static String run(String owner) {
        return owner.replaceFirst("\\.[0-9a-f]{8}$", "");
    }

    private static String house(String owner) {
        return owner.substring(owner.lastIndexOf('-') + 1);
    }
}
