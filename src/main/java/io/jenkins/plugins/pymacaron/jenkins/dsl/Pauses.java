package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.lock.DeploymentPause;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports paused deployments, as soon as the environments of this one are known. */
public final class Pauses {
    private Pauses() {}

    /** Checks for pauses. @throws AbortException with one line, before anything is tested or built in vain */
    public static void check(Run<?, ?> run, Map<String, Object> order) throws AbortException {
        Collection<?> stages = (Collection<?>) order.get("stages");
        Optional<ServiceRun> service = PymacaronRun.find(run).flatMap(r -> r.find((String) order.get("dir")));
        List<String> changed = new ArrayList<>();
        if (service.isPresent() && stages.contains("Deploy staging")) {
            changed.add(service.get().getStagingEnvironment());
        }
        // The pause may be over when a user approves; then the promotion checks again.
        if (service.isPresent() && stages.contains("Promote to live") && !stages.contains(Approval.STAGE)) {
            changed.addAll(service.get().getLiveEnvironments());
        }
        DeploymentPause.refuse(changed, run);
    }
}
