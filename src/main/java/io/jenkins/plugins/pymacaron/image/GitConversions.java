package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Handles git's conversions of a file's content between commit and working copy: line ends, and the filters that
 * .gitattributes names, such as Git LFS and git-crypt (gitattributes(5), "filter"). The settings of a filter are in no
 * commit, but in the configuration of each clone, so our clone takes over that of the working copy.
 */
final class GitConversions {
    private static final String ADOPTED = "^(filter\\..*|lfs\\..*|core\\.(autocrlf|eol|attributesfile))$";
    /** The content of a file whose filter has not run: git-lfs(1), "pointer file"; git-crypt's doc/format. */
    private static final Map<String, byte[]> UNCONVERTED = Map.of(
            "lfs", "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII),
            "git-crypt", "\0GITCRYPT\0".getBytes(StandardCharsets.US_ASCII));

    /** The settings of the working copy, as git lists them. */
    private final List<String> settings;

    private GitConversions(List<String> settings) {
        this.settings = settings;
    }

    /** Reads the settings of a working copy. */
    static GitConversions of(Git theirs) throws IOException, InterruptedException {
        ProcessResult found = theirs.attempt("config", "--local", "--includes", "-z", "--get-regexp", ADOPTED);
        return new GitConversions(found.ok() ? List.of(found.output().split("\0")) : List.of());
    }

    /**
     * Adopts the settings; call this before anything is checked out.
     *
     * @param from the directory of git's files that all worktrees of their repository share
     * @param ours a fresh clone
     */
    void adopt(Path from, Git ours) throws IOException, InterruptedException {
        for (String entry : settings) {
            int end = entry.indexOf('\n');
            if (end > 0) {
                ours.ask("setting up the clone", "config", "--add", entry.substring(0, end), entry.substring(end + 1));
            }
        }
        Path to = ours.directory().resolve(".git");
        Path attributes = from.resolve("info/attributes");
        if (Files.isRegularFile(attributes)) {
            Files.createDirectories(to.resolve("info"));
            Files.copy(attributes, to.resolve("info/attributes"));
        }
        if (Files.isDirectory(from.resolve("lfs"))
                && !ours.attempt("config", "--get", "lfs.storage").ok()) {
            ours.ask(
                    "setting up the clone",
                    "config",
                    "lfs.storage",
                    from.resolve("lfs").toString());
        }
        // The place where git-crypt looks for the key (git-crypt's commands.cpp, get_internal_state_path).
        if (Files.isDirectory(from.resolve("git-crypt"))) {
            Files.createSymbolicLink(to.resolve("git-crypt"), from.resolve("git-crypt"));
        }
    }

    /** Returns the directory of git's files that all worktrees of a repository share. */
    static Path shared(Git git) throws IOException, InterruptedException {
        return git.directory()
                .resolve(git.ask("looking at the repository", "rev-parse", "--git-common-dir"))
                .toRealPath();
    }

    /**
     * Returns the reason why files would be in the image as they are in the repository, and not as they are in a
     * working copy.
     */
    static Optional<SourceException> missing(Git git) throws IOException, InterruptedException {
        return missing(git, "");
    }

    /** Returns the reason. @param prefix of a file's name in a message, since it is in a submodule */
    private static Optional<SourceException> missing(Git git, String prefix) throws IOException, InterruptedException {
        Map<String, String> first = new LinkedHashMap<>();
        // Asked once for each filter, which thousands of files may have.
        Map<String, Boolean> known = new HashMap<>();
        StagedFiles staged = StagedFiles.of(git);
        String[] fields = git.ask(
                        "looking for filters",
                        List.of("check-attr", "-z", "--stdin", "filter"),
                        String.join("\0", staged.names()).getBytes(StandardCharsets.UTF_8))
                .split("\0");
        for (int i = 0; i + 2 < fields.length; i += 3) {
            String filter = fields[i + 2];
            if (filter.equals("unspecified") || filter.equals("unset") || filter.equals("set")) {
                continue;
            }
            Path file = git.directory().resolve(fields[i]);
            if (!known.containsKey(filter)) {
                known.put(filter, isSetUp(git, filter));
            }
            if (!first.containsKey(filter) && (!known.get(filter) || isUnconverted(filter, file))) {
                first.put(filter, fields[i]);
            }
        }
        for (String inner : staged.submodules()) {
            Optional<SourceException> found = missing(git.in(git.directory().resolve(inner)), prefix + inner + "/");
            if (found.isPresent()) {
                return found;
            }
        }
        return first.entrySet().stream()
                .findFirst()
                .map(found -> new SourceException(prefix + found.getValue() + " has the filter '" + found.getKey()
                        + "', which does not work here, so that the image would not have its content. "
                        + advice(found.getKey())));
    }

    private static boolean isSetUp(Git git, String filter) throws IOException, InterruptedException {
        return git.attempt("config", "--get-regexp", "^filter\\." + filter.replaceAll("\\W", ".") + "\\.")
                .ok();
    }

    private static boolean isUnconverted(String filter, Path file) throws IOException {
        byte[] mark = UNCONVERTED.entrySet().stream()
                .filter(e -> filter.equals(e.getKey()) || filter.startsWith(e.getKey() + "-"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        if (mark == null || !Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(mark.length), mark);
        }
    }

    static String advice(String filter) {
        if (filter.equals("lfs")) {
            return "Install git-lfs, then run: git lfs install && git lfs pull";
        }
        return filter.startsWith("git-crypt")
                ? "Run in the working copy: git-crypt unlock"
                : "Set it up in the working copy: git config filter." + filter + ".smudge COMMAND";
    }
}
