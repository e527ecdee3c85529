package io.jenkins.plugins.pymacaron.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The checkout and the login of a run, outside its own directory: what SIGKILL leaves of them, the next run removes. */
final class Temporary {
    private static final String KEY = "temporary";
    private static final Path ROOT =
            Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();

    private Temporary() {}

    static void remember(Prepared prepared, RunState state) throws IOException {
        Map<String, String> paths = new TreeMap<>();
        paths.put("source", prepared.source().directory().toString());
        prepared.login().ifPresent(login -> paths.put("login", login.config().toString()));
        state.put(KEY, paths);
    }

    /** Called when the process that remembered them is dead. */
    static void remove(RunState state) throws IOException {
        for (String path : state.get(KEY).values()) {
            Path inside = Path.of(path).toAbsolutePath();
            if (!inside.startsWith(ROOT) || inside.equals(ROOT)) {
                continue;
            }
            Path top = ROOT.resolve(inside.subpath(ROOT.getNameCount(), ROOT.getNameCount() + 1));
            if (top.getFileName().toString().startsWith("pymacaron-") && Files.isDirectory(top)) {
                PymDirectory.delete(top);
            }
        }
    }
}
