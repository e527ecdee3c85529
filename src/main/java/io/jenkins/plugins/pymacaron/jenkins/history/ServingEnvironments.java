package io.jenkins.plugins.pymacaron.jenkins.history;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;
import hudson.util.AtomicFileWriter;
import io.jenkins.plugins.pymacaron.jenkins.lock.FolderTree;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * The version that serves in each environment, once for all jobs of a folder tree: the histories of several jobs may
 * concern one environment, and the last entry of them is right. It is one file of the controller, JSON by a key of
 * {@link FolderTree}.
 */
@Extension
public final class ServingEnvironments {
    private static final Logger LOGGER = Logger.getLogger(ServingEnvironments.class.getName());

    private static final JsonMapper JSON = JsonMapper.builder()
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Guarded by this. */
    private final TreeMap<String, Serving> serving = read();

    @NonNull
    public static ServingEnvironments get() {
        return ExtensionList.lookupSingleton(ServingEnvironments.class);
    }

    /** Returns the version that serves there, as far as the jobs of that job's folder tree have reported. */
    @NonNull
    synchronized Optional<Serving> find(@NonNull String environment, @NonNull Job<?, ?> job) {
        String tree = FolderTree.of(job);
        List<String> known = serving.keySet().stream()
                .filter(key -> FolderTree.tree(key).equals(tree))
                .map(FolderTree::environment)
                .toList();
        return EnvironmentNames.find(environment, known).map(key -> serving.get(FolderTree.key(tree, key)));
    }

    /** Returns the environments that serve a version of a job of that name, live before staging. */
    @NonNull
    synchronized List<String> by(@NonNull Job<?, ?> job) {
        String tree = FolderTree.of(job);
        return serving.entrySet().stream()
                .filter(e -> FolderTree.tree(e.getKey()).equals(tree)
                        && e.getValue().job().equals(job.getFullName()))
                .sorted(Comparator.comparing(e -> e.getValue().entry().slot()))
                .map(e -> FolderTree.environment(e.getKey()))
                .toList();
    }

    /** Returns whether live of that service did not accept a version, and no later one was accepted there. */
    synchronized boolean isRefused(@NonNull DeploymentEntry staged, @NonNull Job<?, ?> job) {
        String tree = FolderTree.of(job);
        return serving.entrySet().stream()
                .filter(e -> FolderTree.tree(e.getKey()).equals(tree))
                .map(Map.Entry::getValue)
                .filter(s -> s.entry().slot().equals("live")
                        && s.entry().service().equals(staged.service())
                        && s.entry().target().equals(staged.target()))
                .anyMatch(s -> s.refused().equals(staged.version()));
    }

    /**
     * Records the end of a stage of a build of that job.
     *
     * @param refused the version that it rolled back, if there is one
     */
    synchronized void ended(
            @NonNull Job<?, ?> job,
            @NonNull StageRecord stage,
            @NonNull List<DeploymentEntry> entries,
            @NonNull Optional<String> refused)
            throws IOException {
        TreeMap<String, Serving> before = new TreeMap<>(serving);
        String tree = FolderTree.of(job);
        for (DeploymentEntry entry : entries) {
            String key = FolderTree.key(tree, entry.identity());
            Serving known = serving.get(key);
            if (known == null || known.entry().at() <= entry.at()) {
                String bad = refused.orElseGet(
                        () -> known == null || known.refused().equals(entry.version()) ? "" : known.refused());
                serving.put(
                        key,
                        new Serving(
                                entry,
                                job.getFullName(),
                                known == null ? null : known.kept(),
                                entry.slot().equals("live") ? bad : ""));
            }
        }
        stage.getKept().forEach((environment, versions) -> {
            String key = FolderTree.key(tree, environment);
            serving.computeIfPresent(key, (k, known) -> known.keeping(versions));
        });
        if (!before.equals(serving)) {
            write();
        }
    }

    private synchronized void rename(String oldJob, String newJob) throws IOException {
        TreeMap<String, Serving> before = new TreeMap<>(serving);
        before.forEach((key, s) -> {
            if (s.job().equals(oldJob) || s.job().startsWith(oldJob + "/")) {
                serving.remove(key);
                String name = newJob + s.job().substring(oldJob.length());
                // A folder at the top may have another name now, or the job may be in another one.
                int slash = name.indexOf('/');
                String tree = slash < 0 ? "" : name.substring(0, slash);
                serving.put(FolderTree.key(tree, FolderTree.environment(key)), s.in(name));
            }
        });
        if (!before.equals(serving)) {
            write();
        }
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("pymacaron-serving.json");
    }

    /**
     * Reads the file. An unreadable file is made again from the histories of the jobs, and from their next deployments.
     */
    private static TreeMap<String, Serving> read() {
        TreeMap<String, Serving> read = new TreeMap<>();
        try {
            if (Files.exists(file())) {
                read.putAll(JSON.readValue(file().toFile(), new TypeReference<Map<String, Serving>>() {}));
                read.values().removeIf(s -> s == null || s.entry() == null);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read " + file());
        }
        return read;
    }

    private void write() throws IOException {
        try (AtomicFileWriter out = new AtomicFileWriter(file(), StandardCharsets.UTF_8)) {
            try {
                out.write(JSON.writeValueAsString(serving));
                out.commit();
            } finally {
                out.abort();
            }
        }
    }

    /** Follows the names of jobs, by which they are known. */
    @Extension
    public static final class Names extends ItemListener {
        /** Jenkins also calls this for every item in a folder. */
        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            try {
                get().rename(oldFullName, newFullName);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot write " + file());
            }
        }
    }
}
