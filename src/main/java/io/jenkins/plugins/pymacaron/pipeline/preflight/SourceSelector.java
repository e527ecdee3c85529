package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds and checks out the commit that a request means, and reports what is not in it. */
public final class SourceSelector {
    private static final int DIRTY_SHOWN = 5;

    private final RunRequest request;
    private final RunProgress progress;

    SourceSelector(RunRequest request, RunProgress progress) {
        this.request = request;
        this.progress = progress;
    }

    /** Opens the commit. @param commit the exact commit to use, of a run that is resumed */
    SourceTree open(Optional<String> commit) throws IOException, InterruptedException {
        Processes git = new Processes(new SecretMask(request.token().stream().toList()), progress::line);
        if (isPushed()) {
            return SourceTree.ofPushed(
                    git,
                    request.directory(),
                    new SourceTree.Pushed(
                            request.branch().filter(b -> !b.isEmpty()), commit.or(request::commit), request.token()));
        }
        SourceTree source = SourceTree.ofWorkingCopy(git, request.directory());
        if (commit.isPresent() && !commit.get().equals(source.commit())) {
            source.close();
            throw new IOException(
                    "the run to resume was of commit " + commit.get().substring(0, 6)
                            + ", but the working copy is at another one now; check that one out again to resume it");
        }
        return source;
    }

    /** Returns whether to use a clean clone instead of the working copy. */
    private boolean isPushed() {
        return request.branch().isPresent() || request.commit().isPresent();
    }

    /** Reports the commit, and the parts of the working copy that are not deployed. */
    void say(SourceTree source) {
        String branch = source.branch().map(b -> " of branch " + b).orElse("");
        progress.say("Commit " + source.sha6() + branch + (isPushed() ? ", as pushed" : ", HEAD of the working copy"));
        if (!isPushed() && !source.dirty().isEmpty()) {
            List<String> dirty = source.dirty();
            progress.warning("not committed, so not deployed: "
                    + String.join(", ", dirty.subList(0, Math.min(DIRTY_SHOWN, dirty.size())))
                    + (dirty.size() > DIRTY_SHOWN ? " and " + (dirty.size() - DIRTY_SHOWN) + " more" : ""));
        }
        if (source.shallow()) {
            progress.warning("the clone is shallow, so the commit count in the version is too low; fetch the history");
        }
    }
}
