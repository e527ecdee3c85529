package io.jenkins.plugins.pymacaron.targets;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names the operation that was the last to change live, in the environment itself: in an annotation, a tag or a label.
 * An old journal recognises by it that another operation came later, even where that one has deployed the same again,
 * or has returned to the state that the old one expects.
 *
 * @param run the owner of the lease, one word; "-" where it is not known
 * @param version the version that the operation makes serve
 * @param nonce tells two operations of one run apart
 */
public record LiveMark(String run, String version, String nonce) {
    /**
     * The characters that a tag of AWS may not contain; the spaces between the parts are allowed too. An annotation
     * allows more.
     */
    private static final String OTHER = "[^A-Za-z0-9._+=:/@-]";

    private static final String NOBODY = "-";
    private static final int LONGEST = 100;

    public LiveMark {
        run = word(run);
        version = word(version);
        nonce = word(nonce);
    }

    private static String word(String text) {
        String word = text.replaceAll(OTHER, "-");
        return word.isEmpty() ? NOBODY : word.substring(0, Math.min(LONGEST, word.length()));
    }

    /** Makes the mark of an operation that begins. */
    static LiveMark fresh(String run, String version) {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        return new LiveMark(run, version, HexFormat.of().formatHex(random));
    }

    /** Returns the mark as it is stored: three words. A tag's value has at most 256 characters. */
    public String text() {
        return run + " " + version + " " + nonce;
    }

    /** Reads {@link #text}; empty for anything else. */
    public static Optional<LiveMark> parse(String text) {
        String[] words = text.split(" ");
        return words.length == 3 && words[2].matches("[0-9a-f]{1,12}")
                ? Optional.of(new LiveMark(words[0], words[1], words[2]))
                : Optional.empty();
    }

    private boolean isKnown() {
        return !run.equals(NOBODY);
    }

    /** Returns the words for a message: "v3 of RUN". */
    String sentence() {
        return version + (isKnown() ? " of " + run : "");
    }

    /**
     * The mark that an operation leaves on live, and the mark that it has found there.
     *
     * @param mine the text of its own mark
     * @param before the text that was there when the operation was settled; "" for none
     */
    public record Claim(String mine, String before) {
        private static final String MINE = "claim.mine";
        private static final String BEFORE = "claim.before";
        private static final String CANDIDATE = "candidate.";

        /** Makes the claim of an operation whose run is named when its journal begins, see {@link #named}. */
        public static Claim fresh(String before, String version) {
            return of(NOBODY, before, version);
        }

        public static Claim of(String run, String before, String version) {
            return new Claim(LiveMark.fresh(run, version).text(), before);
        }

        /** Adds the claim to the parameters of an operation. */
        public void into(Map<String, String> params) {
            params.put(MINE, mine);
            params.put(BEFORE, before);
        }

        /**
         * Reads the claim from the parameters. It is empty for an operation that changes nothing that serves, and for
         * one of an earlier version.
         */
        public static Optional<Claim> in(Map<String, String> params) {
            return params.containsKey(MINE)
                    ? Optional.of(new Claim(params.get(MINE), params.getOrDefault(BEFORE, "")))
                    : Optional.empty();
        }

        /** Adds the claim of a candidate that does not serve yet, and so leaves its mark on itself alone. */
        public void intoCandidate(Map<String, String> params) {
            params.put(CANDIDATE + MINE, mine);
            params.put(CANDIDATE + BEFORE, before);
        }

        /** Reads the claim of {@link #intoCandidate} from the parameters; empty for other operations. */
        public static Optional<Claim> ofCandidate(Map<String, String> params) {
            return Optional.ofNullable(params.get(CANDIDATE + MINE))
                    .map(mine -> new Claim(mine, params.getOrDefault(CANDIDATE + BEFORE, "")));
        }

        /** Puts {@code run} into the marks in the parameters, if there are any. */
        public static void named(Map<String, String> params, String run) {
            for (String name : List.of(MINE, CANDIDATE + MINE)) {
                Optional<LiveMark> mine = Optional.ofNullable(params.get(name)).flatMap(LiveMark::parse);
                mine.ifPresent(mark -> params.put(name, new LiveMark(run, mark.version(), mark.nonce()).text()));
            }
        }

        /**
         * Returns the mark of another run if that run has changed live last, as far as is known from what the operation
         * has found.
         */
        public static Optional<LiveMark> ofOthers(Map<String, String> params, String run) {
            return in(params)
                    .flatMap(claim -> parse(claim.before()))
                    .filter(mark -> mark.isKnown()
                            && !Lease.run(mark.run()).equals(Lease.run(new LiveMark(run, "", "").run())));
        }
    }
}
