package io.jenkins.plugins.pymacaron.image.layers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.docker.InstallErrors;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.ProcessTimeoutException;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A copy of the base image's virtual environment that runs with the Python of this machine. So pip finds the packages
 * that the image has already, and installs what it would install in a container.
 */
public final class VirtualEnvironment {
    private static final String PATH = "pym/virtenv";
    private static final String PROGRAM = "pym-dependencies.py";
    /**
     * Variables that would lead Python or pip to packages that are not in the image, to another place for new ones, or
     * to other compiled files. {@link PipSettings} gives back those that are for an installation.
     */
    private static final Pattern MISLEADING = Pattern.compile("(?i)PYTHON.*|PIP_.*|VIRTUAL_ENV");

    private final FileTree tree;
    private final Processes processes;
    private final AgentPython python;

    private VirtualEnvironment(FileTree tree, Processes processes, AgentPython python) {
        this.tree = tree;
        this.processes = processes;
        this.python = python;
    }

    /**
     * Unpacks the environment.
     *
     * @param processes starts pip and the code of packages, and gives them no secret
     * @param directory an empty one that only this user can enter
     */
    public static VirtualEnvironment open(BaseContent base, AgentPython python, Processes processes, Path directory)
            throws IOException {
        FileTree tree = new FileTree(directory.toRealPath());
        try (TarArchiveInputStream tar = tar(Files.newInputStream(base.packages()))) {
            tree.unpack(tar);
        }
        VirtualEnvironment environment = new VirtualEnvironment(tree, processes, python);
        environment.useAgentsPython(base.facts());
        return environment;
    }

    private static TarArchiveInputStream tar(InputStream in) throws IOException {
        return new TarArchiveInputStream(new BufferedInputStream(in, 1 << 16), StandardCharsets.UTF_8.name());
    }

    private void useAgentsPython(BaseFacts facts) throws IOException {
        for (String name : List.of("python", "python3", "python" + python.version(), "python3-config")) {
            tree.delete(PATH + "/bin/" + name);
        }
        Path home = tree.root().resolve(PATH);
        if (!LayerFiles.isDirectory(home.resolve("bin")) || !LayerFiles.isDirectory(packages())) {
            throw new IOException("its /" + PATH + " has no packages of Python " + python.version());
        }
        Files.createSymbolicLink(home.resolve("bin/python"), python.program());
        tree.delete(PATH + "/pyvenv.cfg");
        Files.writeString(
                home.resolve("pyvenv.cfg"),
                "home = " + python.program().getParent() + "\ninclude-system-site-packages = false\n");
        if (facts.systemPackages()) {
            // In the image they are those of its system; here they must not be those of this machine.
            Files.writeString(packages().resolve("pym-system-packages.pth"), systemPackages());
        }
    }

    private Path packages() {
        return tree.root().resolve(PATH + "/lib/python" + python.version() + "/site-packages");
    }

    private String systemPackages() throws IOException {
        StringBuilder paths = new StringBuilder();
        // The order of Python's own site.py, with Debian's directories.
        for (String prefix : List.of("usr/local/lib", "usr/lib")) {
            for (String name : List.of("python" + python.version(), "python3")) {
                for (String kind : List.of("dist-packages", "site-packages")) {
                    Path path = tree.root().resolve(prefix).resolve(name).resolve(kind);
                    if (LayerFiles.isDirectory(path)) {
                        paths.append(path).append('\n');
                    }
                }
            }
        }
        return paths.toString();
    }

    /** Adds the packages of a layer that {@link #install} made before. */
    public void add(LayerBlob layer) throws IOException {
        try (TarArchiveInputStream tar = tar(new GZIPInputStream(Files.newInputStream(layer.file())))) {
            tree.unpack(tar);
        }
    }

    /**
     * Installs the requirements.
     *
     * @param requirements a directory with requirements.txt
     * @param pip the settings of pip on this machine
     * @return the changed files of the environment
     * @throws IOException with one line: the reason of pip
     */
    public LayerFiles install(Path requirements, PipSettings pip, Duration timeout)
            throws IOException, InterruptedException {
        Path changes = Files.createTempFile(requirements, "changes", ".json");
        ProcessResult done;
        try {
            List<String> arguments = new ArrayList<>(List.of(
                    program(requirements),
                    tree.root().toString(),
                    changes.toString(),
                    String.join(",", PipSettings.NAMES)));
            pip.files(tree.root().resolve(PATH)).forEach(file -> arguments.add(file.toString()));
            done = run(requirements, timeout, pip.variables(), arguments);
        } catch (ProcessTimeoutException e) {
            throw new IOException(
                    "installing the requirements failed: pip ran until the time limit of the stage. Does the package index"
                            + " answer?",
                    e);
        }
        if (!done.ok()) {
            throw InstallErrors.of("installing the requirements", done);
        }
        JsonNode told = new ObjectMapper().readTree(changes.toFile());
        LayerFiles files = new LayerFiles();
        Set<String> gone = new TreeSet<>();
        told.path("gone").forEach(path -> gone.add(path.asText()));
        gone.forEach(files::gone);
        for (JsonNode path : told.path("present")) {
            files.take(path.asText(), tree.root().resolve(path.asText()), Owner.ROOT);
        }
        return files;
    }

    private static String program(Path directory) throws IOException {
        // A file of the requirements may have any name.
        Path file = Files.createTempDirectory(directory.resolveSibling(""), "program")
                .resolve(PROGRAM);
        try (InputStream in = VirtualEnvironment.class.getResourceAsStream(PROGRAM)) {
            Files.write(file, in.readAllBytes());
        }
        return file.toString();
    }

    /** Runs a program of Python with the installed packages. */
    public ProcessResult run(Path directory, Duration timeout, String... arguments)
            throws IOException, InterruptedException {
        return run(directory, timeout, Map.of(), List.of(arguments));
    }

    private ProcessResult run(Path directory, Duration timeout, Map<String, String> more, List<String> arguments)
            throws IOException, InterruptedException {
        String own = tree.root().resolve(PATH + "/bin/python").toString();
        Map<String, String> variables = new HashMap<>(more);
        variables.put("PYTHONDONTWRITEBYTECODE", "1");
        variables.put("PYTHONNOUSERSITE", "1");
        // Python orders sets by it, also in compiled files.
        variables.put("PYTHONHASHSEED", "0");
        return processes.run(
                Command.of(Stream.concat(Stream.of(own), arguments.stream()).toList())
                        .in(directory)
                        .within(timeout)
                        .without(System.getenv().keySet().stream()
                                .filter(name -> MISLEADING.matcher(name).matches())
                                .collect(Collectors.toSet()))
                        .with(variables));
    }
}
