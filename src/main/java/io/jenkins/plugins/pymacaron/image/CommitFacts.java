package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;

/**
 * The facts of a commit that need no file of it.
 *
 * @param count the number of commits up to this one, this included; too few in a shallow clone
 * @param tree the hash by which git knows all files of the commit
 * @param author the name of the author
 */
record CommitFacts(int count, String tree, String author) {
    static CommitFacts of(Git git, String commit) throws IOException, InterruptedException {
        int count = Integer.parseInt(git.ask("counting the commits", "rev-list", "--count", commit));
        String looked = git.ask(
                "looking at the commit",
                "log",
                "-1",
                "--no-show-signature",
                "--encoding=UTF-8",
                "--format=%T %aN",
                commit);
        String tree = looked.replaceFirst(" .*", "");
        return new CommitFacts(count, tree, looked.substring(Math.min(tree.length() + 1, looked.length())));
    }
}
