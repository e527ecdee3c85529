package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.FilePathUtils;

/**
 * The private directories of stages beside their workspaces. A stage deletes its own directory at its end; if its agent
 * is away then, or the controller is killed, the next stage or clean-up in the workspace does that.
 */
@Extension
public final class StageDirectories {
    private static final Logger LOGGER = Logger.getLogger(StageDirectories.class.getName());

    private static final int UNIQUE = 12;
    private static final String CLEANUP = "cleanup-";

    /** Whether a stage said that it still needs a directory, since the start of Jenkins, by agent and path. */
    private final Map<String, Boolean> needed = new ConcurrentHashMap<>();

    @NonNull
    public static StageDirectories get() {
        return ExtensionList.lookupSingleton(StageDirectories.class);
    }

    /** Makes a directory, which only its owner can read. @param parent that of all stages of a workspace */
    FilePath create(StageOrder order, Run<?, ?> run, String node, FilePath parent)
            throws IOException, InterruptedException {
        FilePath directory = parent.child(
                order.getStage() + "-" + UUID.randomUUID().toString().substring(0, UNIQUE));
        needed.put(key(node, directory.getRemote()), true);
        directory.mkdirs();
        directory.chmod(0700);
        directory.child(StageFiles.BUILD).write(run.getExternalizableId() + "\n" + PymacaronRun.idOf(run), "UTF-8");
        return directory;
    }

    /**
     * Deletes the directory of a stage that does not need it any more, now or, if its agent is away, later.
     *
     * @throws IOException if the agent went away meanwhile
     */
    public void delete(@NonNull String node, @NonNull String path) throws IOException, InterruptedException {
        needed.put(key(node, path), false);
        FilePath directory = FilePathUtils.find(node, path);
        if (directory != null) {
            directory.deleteRecursive();
            needed.remove(key(node, path));
        }
    }

    /**
     * Deletes the directories in which no process runs and whose result no build awaits. A failure is only logged: the
     * next stage tries it again.
     *
     * @param parent that of all stages of a workspace
     */
    public void deleteAbandoned(@NonNull String node, @NonNull FilePath parent) throws InterruptedException {
        try {
            List<String> abandoned = new ArrayList<>();
            for (Map.Entry<String, String> found :
                    parent.act(new AbandonedDirectories.Find()).entrySet()) {
                Boolean known =
                        needed.get(key(node, parent.child(found.getKey()).getRemote()));
                if (!isNeeded(found.getKey(), found.getValue(), known)) {
                    abandoned.add(found.getKey());
                }
            }
            if (!abandoned.isEmpty()) {
                parent.act(new AbandonedDirectories.Delete(abandoned))
                        .forEach(name ->
                                needed.remove(key(node, parent.child(name).getRemote())));
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Dead stages are left in " + parent);
        }
    }

    /**
     * Returns whether it is needed.
     *
     * @param build the id of its build in Jenkins and its own one, in two lines; empty while it is being made
     * @param known whether a stage of this Jenkins said so; null if that was before a restart
     */
    private static boolean isNeeded(String name, String build, @CheckForNull Boolean known) {
        if (Boolean.FALSE.equals(known)) {
            return false;
        }
        // Only a clean-up goes on without its build; a build that has ended may have failed to give up its directory.
        return isBuilding(build) || known != null && (build.isEmpty() || name.startsWith(CLEANUP));
    }

    private static boolean isBuilding(String build) {
        String[] ids = build.split("\n", -1);
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            Run<?, ?> run = Run.fromExternalizableId(ids[0]);
            return run != null
                    && run.isBuilding()
                    && ids.length == 2
                    && ids[1].equals(PymacaronRun.knownIdOf(run).orElse("none"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String key(String node, String path) {
        return node + "\n" + path;
    }
}
