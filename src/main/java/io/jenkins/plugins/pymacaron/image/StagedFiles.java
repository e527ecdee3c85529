package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a checkout below a directory, as git's index lists them.
 *
 * @param names of all of them, relative to the directory
 * @param submodules the names that are submodules and are checked out
 */
record StagedFiles(List<String> names, List<String> submodules) {
    static StagedFiles of(Git git) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        List<String> submodules = new ArrayList<>();
        for (String entry :
                git.ask("listing the files", "ls-files", "--stage", "-z").split("\0")) {
            String name = entry.substring(entry.indexOf('\t') + 1);
            names.add(name);
            if (entry.startsWith(Submodules.LINK_MODE)
                    && Files.exists(git.directory().resolve(name).resolve(".git"))) {
                submodules.add(name);
            }
        }
        return new StagedFiles(names, submodules);
    }
}
