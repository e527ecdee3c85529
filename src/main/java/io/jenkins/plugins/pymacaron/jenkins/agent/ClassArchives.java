package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.FilePath;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The archives of loaded classes, with which the short processes of the core start faster. The first stage in a workspace
 * that loads most of the core leaves one beside the jars, and later stages there use it.
 *
 * <p>An archive is made on the agent, so nothing but its hash identifies it: the controller takes the hash as soon as the
 * process has ended, and the file is verified by it before each use, as the jars are. The hashes are in memory only, since
 * another archive is made quickly.
 */
final class ClassArchives {
    private static final Logger LOGGER = Logger.getLogger(ClassArchives.class.getName());
    private static final ClassArchives OURS = new ClassArchives();

    /** The longest list of workspaces; the one that was used longest ago is forgotten. */
    private static final int MOST = 1000;

    private final Map<String, Archive> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Archive> eldest) {
            return size() > MOST;
        }
    };

    /** One archive. @param hash null as long as the file was not seen complete */
    private record Archive(String name, String hash) {}

    static ClassArchives get() {
        return OURS;
    }

    /**
     * Returns the options of the next JVM: it uses an archive, makes one, or does neither.
     *
     * @param agent its name and its version of Java
     * @param directory of the jars
     * @param makes whether the process may make an archive if there is none
     */
    List<String> options(String agent, FilePath directory, boolean makes) throws InterruptedException {
        try {
            return find(agent, directory, makes);
        } catch (IOException e) {
            // Without an archive the stage begins a little later.
            LOGGER.log(Level.FINE, e, () -> "No class archive in " + directory);
            return List.of();
        }
    }

    private List<String> find(String agent, FilePath directory, boolean makes)
            throws IOException, InterruptedException {
        String key = agent + "\n" + directory.getRemote();
        Archive last = find(key);
        if (last != null) {
            String hash = directory.act(new CheckArchive(last.name(), last.hash()));
            if (hash != null) {
                remember(key, new Archive(last.name(), hash));
                return List.of(
                        "-XX:SharedArchiveFile=" + directory.child(last.name()).getRemote());
            }
        }
        if (!makes) {
            return List.of();
        }
        directory.act(new RemoveArchives());
        Archive next = new Archive(CheckArchive.PREFIX + UUID.randomUUID() + ".jsa", null);
        remember(key, next);
        return List.of(
                "-XX:ArchiveClassesAtExit=" + directory.child(next.name()).getRemote());
    }

    private Archive find(String key) {
        synchronized (known) {
            return known.get(key);
        }
    }

    private void remember(String key, Archive archive) {
        synchronized (known) {
            known.put(key, archive);
        }
    }
}
