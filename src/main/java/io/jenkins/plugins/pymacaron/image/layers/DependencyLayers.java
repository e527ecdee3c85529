package io.jenkins.plugins.pymacaron.image.layers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.image.layers.LayerFiles.Directory;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The layer of dependencies: from the cache where the requirements, the base image and the version of Python are the
 * same, otherwise installed now.
 */
public final class DependencyLayers {
    /** Raise this number when the same input begins to give another layer. */
    private static final String SCHEMA = "2";

    /** pip replaces it by the value of the variable (pip's documentation, "Using environment variables"). */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)}");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final BaseContent base;
    private final AgentPython python;
    private final Processes processes;
    private final PipSettings pip;
    private final LayerCache cache;
    private final Path work;
    private VirtualEnvironment environment;
    private LayerBlob layer;

    /** Makes it. @param work an empty directory that only this user can enter */
    public DependencyLayers(
            BaseContent base, AgentPython python, Processes processes, PipSettings pip, LayerCache cache, Path work) {
        this.base = base;
        this.python = python;
        this.processes = processes;
        this.pip = pip;
        this.cache = cache;
        this.work = work;
    }

    /**
     * Returns the layer.
     *
     * @param source the directory with the files of requirements
     * @param files the names of these files
     * @param fresh whether to install now in any case
     * @param timeout for pip
     */
    public LayerBlob layer(
            Path source, Set<String> files, boolean fresh, Duration timeout, Function<String, Directory> directories)
            throws IOException, InterruptedException {
        String name = "dependencies-" + key(source, files);
        Optional<LayerBlob> known = fresh ? Optional.empty() : cached(name);
        if (known.isPresent()) {
            processes.say("The requirements have not changed: their layer is used again");
            layer = known.get();
            return layer;
        }
        Path requirements = Files.createDirectory(work.resolve("requirements"));
        for (String file : files) {
            Path copy = requirements.resolve(file);
            Files.createDirectories(copy.resolveSibling(""));
            Files.copy(source.resolve(file), copy);
        }
        environment = open();
        LayerBlob made =
                environment.install(requirements, pip, timeout).write(work.resolve("dependencies"), directories);
        layer = keep(name, made);
        return layer;
    }

    /** Returns the environment with the dependencies in it. */
    public VirtualEnvironment environment() throws IOException {
        if (environment == null) {
            VirtualEnvironment opened = open();
            opened.add(layer);
            environment = opened;
        }
        return environment;
    }

    private VirtualEnvironment open() throws IOException {
        return VirtualEnvironment.open(base, python, processes, Files.createDirectory(work.resolve("root")));
    }

    private String key(Path source, Set<String> files) throws IOException {
        MessageDigest digest = Sha256.begin();
        Sha256.add(digest, SCHEMA.getBytes(StandardCharsets.UTF_8));
        Sha256.add(digest, base.manifest().digest().getBytes(StandardCharsets.UTF_8));
        Sha256.add(digest, python.version().getBytes(StandardCharsets.UTF_8));
        Sha256.add(digest, pip.fingerprint().getBytes(StandardCharsets.UTF_8));
        for (String file : new TreeSet<>(files)) {
            byte[] content = Files.readAllBytes(source.resolve(file));
            Sha256.add(digest, file.getBytes(StandardCharsets.UTF_8));
            Sha256.add(digest, content);
            Set<String> variables = new TreeSet<>();
            for (MatchResult found : VARIABLE.matcher(new String(content, StandardCharsets.ISO_8859_1))
                    .results()
                    .toList()) {
                variables.add(found.group(1));
            }
            for (String variable : variables) {
                Sha256.add(digest, pip.value(variable).orElse("").getBytes(StandardCharsets.UTF_8));
            }
        }
        return Sha256.hex(Sha256.end(digest));
    }

    private Optional<LayerBlob> cached(String name) throws IOException {
        Optional<Path> facts = cache.get(name + ".json", work);
        Optional<Path> file = cache.get(name + ".tar.gz", work);
        if (facts.isEmpty() || file.isEmpty()) {
            return Optional.empty();
        }
        JsonNode known = MAPPER.readTree(facts.get().toFile());
        LayerBlob blob = new LayerBlob(
                file.get(),
                known.path("digest").asText(),
                known.path("diffId").asText(),
                known.path("size").asLong());
        // Two builds may write the two files at once.
        return Sha256.of(blob.file()).equals(blob.digest()) ? Optional.of(blob) : Optional.empty();
    }

    private LayerBlob keep(String name, LayerBlob made) throws IOException {
        ObjectNode facts = MAPPER.createObjectNode()
                .put("digest", made.digest())
                .put("diffId", made.diffId())
                .put("size", made.size());
        cache.put(name + ".json", Files.write(work.resolve(name + ".json"), MAPPER.writeValueAsBytes(facts)));
        cache.put(name + ".tar.gz", made.file());
        return made;
    }
}
