package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The checkout and the login of a run, outside its own directory: the next run removes what SIGKILL leaves of them. */
public final class TemporaryResources {
    private static final String KEY = "temporary";
    private static final Path ROOT =
            Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();

    private TemporaryResources() {}

    public static void remember(PreparedRun prepared, RunState state) throws IOException {
        Map<String, String> paths = new TreeMap<>();
        paths.put("source", prepared.source().directory().toString());
        prepared.login().ifPresent(login -> paths.put("login", login.config().toString()));
        state.put(KEY, paths);
    }

    /**
     * Removes the resources; called when the process that remembered them is dead. A resource that cannot be removed
     * hinders nothing.
     */
    public static void remove(RunState state, RunProgress progress) {
        for (String path : state.get(KEY).values()) {
            Path inside = Path.of(path).toAbsolutePath();
            if (!inside.startsWith(ROOT) || inside.equals(ROOT)) {
                continue;
            }
            Path top = ROOT.resolve(inside.subpath(ROOT.getNameCount(), ROOT.getNameCount() + 1));
            if (top.getFileName().toString().startsWith("pymacaron-") && Files.isDirectory(top)) {
                remove(top, progress);
            }
        }
    }

    private static void remove(Path directory, RunProgress progress) {
        try {
            PrivateDirectory.delete(directory);
        } catch (IOException e) {
            progress.warning("what a run that was cut off had checked out is still there: " + IoMessages.of(e));
        }
    }
}
