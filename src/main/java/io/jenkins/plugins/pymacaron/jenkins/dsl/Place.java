package io.jenkins.plugins.pymacaron.jenkins.dsl;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.scm.SCM;
import hudson.slaves.EphemeralNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.structs.describable.DescribableModel;

/** The agent and the commit of a stage: those that were asked for and, after an approval, those before it. */
public final class Place {
    private static final Logger LOGGER = Logger.getLogger(Place.class.getName());
    private static final String NODE = "node";
    private static final String COMMIT = "commit";

    private Place() {}

    /**
     * Returns the agent of before if it is a permanent one, since the service may run on its own Docker Engine. An
     * agent of a cloud is gone by then.
     */
    public static String label(Map<String, Object> order) {
        String name = (String) order.get(NODE);
        Node node = name == null ? null : Jenkins.get().getNode(name);
        boolean stays = node != null && !(node instanceof EphemeralNode);
        return stays ? node.getSelfLabel().getName() : (String) order.get("label");
    }

    /** Returns the SCM of the job, fixed to a commit if there is a certain one. */
    public static SCM scm(Map<String, Object> order, @NonNull SCM scm) {
        if (order.get(COMMIT) == null) {
            return scm;
        }
        try {
            // This is the form of the snippet generator, except for the branch. So git is not among our dependencies.
            Map<String, Object> written =
                    new LinkedHashMap<>(DescribableModel.uninstantiate2_(scm).toMap());
            written.put("branches", List.of(Map.of("name", order.get(COMMIT))));
            return DescribableModel.of(scm.getClass()).instantiate(written, TaskListener.NULL);
        } catch (Exception e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot be written down: " + scm.getKey());
            return scm;
        }
    }

    /**
     * Checks the commit.
     *
     * @param variables the result of {@code checkout}
     * @throws AbortException if it is another commit than that
     */
    public static Map<String, Object> of(Map<String, Object> order, String node, @CheckForNull Map<?, ?> variables)
            throws AbortException {
        Object commit = variables == null ? null : variables.get("GIT_COMMIT");
        Object expected = order.get(COMMIT);
        if (expected != null && !String.valueOf(commit).startsWith(expected.toString())) {
            throw new AbortException(Messages.Place_otherCommit(commit, expected));
        }
        Map<String, Object> place = new LinkedHashMap<>();
        place.put(NODE, node);
        place.put(COMMIT, commit);
        return place;
    }
}
