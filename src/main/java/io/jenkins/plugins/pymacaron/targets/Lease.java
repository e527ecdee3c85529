package io.jenkins.plugins.pymacaron.targets;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Somebody deploys to an environment. It ends by itself, so that nobody has to clean up after a machine that is gone.
 *
 * @param owner one word that no other run has; what is behind its last hyphen says who settles whose turn it is, for
 *     instance which Jenkins
 * @param until when it ends unless it is renewed
 * @param resting whether no process has it now: its run is between two stages
 */
public record Lease(String owner, Instant until, boolean resting) {
    private static final String RESTING = "between-stages";

    /** Of a process that is at it. */
    public Lease(String owner, Instant until) {
        this(owner, until, false);
    }

    public Lease {
        if (!owner.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("an owner is one word: " + owner);
        }
    }

    /** As it stands in a tag or an annotation. */
    public String text() {
        return owner + " " + until + (resting ? " " + RESTING : "");
    }

    /** Reads {@link #text}; whatever else stands there is nobody's lease. */
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
     * Whether it keeps that one out. One that rests does not keep out who was given the turn by the same Jenkins: that knows
     * best whether the run goes on, or was aborted since.
     */
    boolean isOthers(String me, Instant now) {
        return !owner.equals(me)
                && until.isAfter(now)
                && !(resting && house(owner).equals(house(me)));
    }

    private static String house(String owner) {
        return owner.substring(owner.lastIndexOf('-') + 1);
    }
}
