package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.FilePath;
import hudson.model.Node;
import hudson.remoting.Which;
import io.jenkins.plugins.pymacaron.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.commons.io.IOUtils;

/**
 * Copies the jars of the core to an agent. The core is the part of this plugin that does not know Jenkins and that
 * {@code pymdeploy} runs too. The jars are copied once for each version to a cache below the agent's root, and from
 * there to a directory beside the workspace, which a container sees too. There they are verified before each use.
 */
final class EngineJars {
    /**
     * One class of each jar that the core and its cloud clients need to run, a name a line. On the controller each jar
     * may come from another plugin, and an agent has none.
     */
    private static final String CLASSES = "engine-classes.txt";

    /** Other builds may replace the same cache at this moment. */
    private static final int MOST_TRIES = 3;

    private static EngineJars ours;

    private final List<Path> jars;
    private final List<String> hashes;
    /** The hash of all jars. */
    private final String hash;

    private EngineJars(List<Path> jars) throws IOException {
        this.jars = List.copyOf(jars);
        List<String> each = new ArrayList<>();
        for (Path jar : jars) {
            each.add(Sha256.of(jar));
        }
        hashes = List.copyOf(each);
        MessageDigest digest = Sha256.digest();
        digest.update(String.join("\n", hashes).getBytes(StandardCharsets.US_ASCII));
        hash = Sha256.hex(digest);
    }

    /** Returns the jars that this controller runs with; they do not change while it runs. */
    static synchronized EngineJars get() throws IOException {
        if (ours == null || !ours.jars.stream().allMatch(Files::exists)) {
            List<Path> jars = new ArrayList<>();
            for (Class<?> anchor : anchors()) {
                Path jar = Which.jarFile(anchor).toPath();
                // Only the tests of this plugin have directories.
                Path file = Files.isDirectory(jar) ? ClassesJar.of(jar) : jar;
                if (!jars.contains(file)) {
                    jars.add(file);
                }
            }
            ours = new EngineJars(jars);
        }
        return ours;
    }

    static List<Class<?>> anchors() throws IOException {
        List<Class<?>> anchors = new ArrayList<>(List.of(Main.class));
        try (InputStream in = EngineJars.class.getResourceAsStream(CLASSES)) {
            for (String name : IOUtils.readLines(in, StandardCharsets.UTF_8)) {
                anchors.add(Class.forName(name, false, EngineJars.class.getClassLoader()));
            }
        } catch (ClassNotFoundException e) {
            throw new IOException(Messages.EngineJars_missing(e.getMessage()), e);
        }
        return anchors;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < jars.size(); i++) {
            // Their own names may differ between controllers, or be the same for two of them.
            names.add("engine-" + i + ".jar");
        }
        return names;
    }

    /** Puts the jars beside the workspace. @param temporary directory of the workspace @return their directory there */
    FilePath place(Node node, FilePath temporary) throws IOException, InterruptedException {
        FilePath root = node.getRootPath();
        if (root == null) {
            throw new IOException(Messages.EngineJars_offline(node.getDisplayName()));
        }
        FilePath cache = root.child("caches/pymacaron/" + hash);
        FilePath beside = temporary.child("pymacaron/engine-" + hash.substring(0, 16));
        PlaceJars placing = new PlaceJars(cache.getRemote(), names(), hashes);
        for (int tries = 0; !beside.act(placing); tries++) {
            if (tries == MOST_TRIES) {
                throw new IOException(Messages.EngineJars_vanished(cache));
            }
            copy(cache);
        }
        return beside;
    }

    /** Returns the class path of jars in a directory. */
    String classPath(FilePath directory) {
        List<String> paths = new ArrayList<>();
        for (String name : names()) {
            paths.add(directory.child(name).getRemote());
        }
        return String.join(":", paths);
    }

    /** Copies the jars completely or not at all: another build may do the same at this moment. */
    private void copy(FilePath cache) throws IOException, InterruptedException {
        FilePath fresh = new FilePath(cache.getChannel(), cache.getRemote() + "." + UUID.randomUUID());
        try {
            fresh.mkdirs();
            for (int i = 0; i < jars.size(); i++) {
                fresh.child(names().get(i))
                        .copyFrom(new FilePath(new File(jars.get(i).toString())));
            }
            fresh.act(new PublishToCache(cache.getRemote()));
        } finally {
            fresh.deleteRecursive();
        }
    }
}
