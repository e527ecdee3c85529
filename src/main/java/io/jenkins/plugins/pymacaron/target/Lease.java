package io.jenkins.plugins.pymacaron.target;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Somebody deploys to an environment. It ends by itself, so that nobody has to clean up after a machine that is gone.
 *
 * @param owner one word that no other run has
 * @param until when it ends unless it is renewed
 */
public record Lease(String owner, Instant until) {
    public Lease {
        if (!owner.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("an owner is one word: " + owner);
        }
    }

    /** As it stands in a tag or an annotation. */
    public String text() {
        return owner + " " + until;
    }

    /** Reads {@link #text}; whatever else stands there is nobody's lease. */
    public static Optional<Lease> parse(String text) {
        String[] parts = text.strip().split(" ");
        if (parts.length != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Lease(parts[0], Instant.parse(parts[1])));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isOthers(String me, Instant now) {
        return !owner.equals(me) && until.isAfter(now);
    }
}
