package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Compares the commit of a checkout with others, by git. Commits that the checkout does not have are requested from
 * origin, with the authorization of the checkout.
 */
public final class Ancestry {
    /**
     * The only accepted form of a name, which cannot be mistaken for an option, a range or a path: the name comes from
     * a label that any user may have set.
     */
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private static final Duration FETCHED_WITHIN = Duration.ofMinutes(1);
    private static final int NOT_AN_ANCESTOR = 1;

    private final SourceTree source;
    private final Map<String, Kinship> known = new HashMap<>();

    public Ancestry(SourceTree source) {
        this.source = source;
    }

    /** The relation of our commit to another one. */
    public enum Kinship {
        SAME,
        /** It is an ancestor of the other one, and so lacks the later commits. */
        OLDER,
        /** It is newer, or of another branch. */
        NOT_OLDER,
        /** The other one is not available, or the clone is shallow. */
        UNKNOWN
    }

    /** Compares. @param other the full id, or any other text of a label */
    public Kinship to(String other) throws IOException, InterruptedException {
        if (!COMMIT.matcher(other).matches()) {
            return Kinship.UNKNOWN;
        }
        Kinship before = known.get(other);
        if (before == null) {
            before = look(other);
            known.put(other, before);
        }
        return before;
    }

    private Kinship look(String other) throws IOException, InterruptedException {
        if (other.equals(source.commit())) {
            return Kinship.SAME;
        }
        Git git = source.git();
        int answer = isAncestorOf(git, other);
        if (answer > NOT_AN_ANCESTOR) {
            // The other one is not here.
            fetch(git, other);
            answer = isAncestorOf(git, other);
        }
        if (answer == 0) {
            return Kinship.OLDER;
        }
        // In a shallow clone, a missing commit makes related commits look unrelated to git.
        boolean certain = answer == NOT_AN_ANCESTOR && !source.shallow();
        return certain ? Kinship.NOT_OLDER : Kinship.UNKNOWN;
    }

    /** Returns 0 or 1, or a higher number where that is not known (git-merge-base(1)). */
    private int isAncestorOf(Git git, String other) throws IOException, InterruptedException {
        return git.attempt("merge-base", "--is-ancestor", source.commit(), other)
                .exitCode();
    }

    /**
     * Fetches a commit. A server may refuse to give a commit by its name; then the newest commit of the branch may lead
     * to it.
     */
    private void fetch(Git git, String commit) throws IOException, InterruptedException {
        Optional<String> url = source.url();
        if (url.isEmpty()) {
            return;
        }
        Git remote = RepositoryOrigin.of(url.get(), Optional.empty()).local() ? git.local() : git;
        for (String wanted : source.branch()
                .map(b -> new String[] {commit, "refs/heads/" + b})
                .orElse(new String[] {commit})) {
            try {
                if (remote.attempt(FETCHED_WITHIN, "fetch", "--quiet", "--no-tags", "--", "origin", wanted)
                        .ok()) {
                    return;
                }
            } catch (IOException e) {
                // The fetch takes too long, or git gives no useful answer: then the commit is not known.
            }
        }
    }
}
