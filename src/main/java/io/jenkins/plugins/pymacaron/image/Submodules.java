package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fills the submodules of a checkout.
 *
 * @param local whether the repository itself comes from this machine, so that its submodules may too: git refuses that
 *     by default, since a repository from elsewhere could name any directory here (CVE-2022-39253)
 */
record Submodules(Processes processes, boolean local) {
    static final String LINK_MODE = "160000";

    /** Fetches the submodules from the addresses in .gitmodules. */
    void fromTheirOrigins(Git ours) throws IOException, InterruptedException {
        if (!paths(ours).isEmpty()) {
            update(ours, List.of());
        }
    }

    /**
     * Takes the submodules from the working copy, where it has them, since their commits need not be pushed; else from
     * their origins.
     */
    void fromWorkingCopy(Git ours, Git theirs) throws IOException, InterruptedException {
        for (Map.Entry<String, String> submodule : paths(ours).entrySet()) {
            Path source = theirs.directory().resolve(submodule.getKey());
            Path target = ours.directory().resolve(submodule.getKey());
            Git inner = theirs.in(source);
            if (Files.exists(source.resolve(".git"))
                    && inner.attempt("cat-file", "-e", submodule.getValue()).ok()) {
                new Git(processes, ours.directory())
                        .local()
                        .ask(
                                "cloning " + source,
                                "clone",
                                "--quiet",
                                "--shared",
                                "--no-checkout",
                                "--",
                                source.toString(),
                                target.toString());
                Git copy = ours.in(target);
                GitConversions.of(inner).adopt(GitConversions.shared(inner), copy);
                FilterFailure.checkOut(copy, "checking out " + submodule.getKey(), submodule.getValue());
                fromWorkingCopy(copy, inner);
            } else {
                update(ours, List.of("--", submodule.getKey()));
            }
        }
    }

    private void update(Git ours, List<String> paths) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("submodule", "--quiet", "update", "--init", "--recursive"));
        arguments.addAll(paths);
        (local ? ours.local() : ours).ask("fetching the submodules", arguments);
    }

    /** Returns the submodules of HEAD, path to commit. */
    static Map<String, String> paths(Git git) throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>();
        if (!Files.exists(git.directory().resolve(".gitmodules"))) {
            return all;
        }
        for (String entry :
                git.ask("listing submodules", "ls-tree", "-r", "-z", "HEAD").split("\0")) {
            if (entry.startsWith(LINK_MODE)) {
                int tab = entry.indexOf('\t');
                all.put(entry.substring(tab + 1), entry.substring(0, tab).split(" ")[2]);
            }
        }
        return all;
    }
}
