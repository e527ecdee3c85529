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

/** Which agent and which commit: that which was asked for and, after an approval, those that were there before it. */
public final class Place {
    private static final Logger LOGGER = Logger.getLogger(Place.class.getName());
    private static final String NODE = "node";
    private static final String COMMIT = "commit";

    private Place() {}

    /**
     * The agent of before if it is one that stays, since its own engine may be where the service runs. One of a cloud is
     * gone by then.
     */
    public static String label(Map<String, Object> order) {
        String name = (String) order.get(NODE);
        Node node = name == null ? null : Jenkins.get().getNode(name);
        boolean stays = node != null && !(node instanceof EphemeralNode);
        return stays ? node.getSelfLabel().getName() : (String) order.get("label");
    }

    /** The SCM of the job, held to a commit if there is a certain one. */
    public static SCM scm(Map<String, Object> order, @NonNull SCM scm) {
        if (order.get(COMMIT) == null) {
            return scm;
        }
        try {
            // As the snippet generator would write it, but for the branch. So without git among our dependencies.
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
     * @param variables what {@code checkout} has returned
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
