package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.PeriodicWork;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;
import jenkins.model.Jenkins;

/**
 * Tells running stages that change something that their builds want them, and tells those whose builds have given them
 * up while their agent was away that they are not wanted any more. A stage that gets no message waits before its next
 * change.
 */
@Extension
public final class Heartbeat extends PeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(Heartbeat.class.getName());

    /** Short enough that a stage misses several messages before it waits. */
    private static final long SECONDS = 10;

    /** A hanging connection must not keep others from being told. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(SECONDS);
    }

    @Override
    public long getInitialDelay() {
        return TimeUnit.SECONDS.toMillis(1);
    }

    @Override
    protected void doRun() {
        for (UnfinishedStage stage : UnfinishedStages.get().all()) {
            String directory = stage.getDirectory();
            if (stage.isCutOff() && !directory.isEmpty() && underWay.add(directory)) {
                Computer.threadPoolForRemoting.execute(() -> {
                    try {
                        tell(stage);
                    } catch (IOException | InterruptedException e) {
                        LOGGER.log(Level.FINE, e, () -> "Cannot be told now: " + stage);
                    } finally {
                        underWay.remove(directory);
                    }
                });
            }
        }
    }

    /** Tells one stage, if its agent is connected. @throws IOException if the agent went away meanwhile */
    public static void tell(@NonNull UnfinishedStage stage) throws IOException, InterruptedException {
        Node node = stage.getNode().isEmpty() ? Jenkins.get() : Jenkins.get().getNode(stage.getNode());
        FilePath directory =
                node == null || stage.getDirectory().isEmpty() ? null : node.createPath(stage.getDirectory());
        if (directory != null) {
            directory.act(new Tell(stage.isWanted()));
        }
    }

    private static final class Tell extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1L;

        private final boolean wanted;

        Tell(boolean wanted) {
            this.wanted = wanted;
        }

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            Path directory = file.toPath();
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            try {
                if (wanted) {
                    Files.setLastModifiedTime(directory.resolve(StageFiles.WANTED), FileTime.from(Instant.now()));
                } else {
                    Files.deleteIfExists(directory.resolve(StageFiles.WANTED));
                    Files.writeString(directory.resolve(StageFiles.UNWANTED), "");
                    stop(directory);
                }
            } catch (NoSuchFileException e) {
                // It has ended just now.
            }
            return null;
        }

        /** Stops a process. The number may belong to another process by now, or be of a container of its own. */
        private static void stop(Path directory) throws IOException {
            String number = Files.readString(directory.resolve(StageFiles.PID)).strip();
            if (!number.matches("[0-9]{1,9}")) {
                return;
            }
            String argv =
                    new String(Files.readAllBytes(Path.of("/proc", number, "cmdline")), StandardCharsets.ISO_8859_1);
            if (argv.contains(directory.resolve(StageFiles.SPECIFICATION).toString())) {
                ProcessHandle.of(Long.parseLong(number)).ifPresent(ProcessHandle::destroy);
            }
        }
    }
}
