package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.docker.Credentials;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.InstallErrors;
import io.jenkins.plugins.pymacaron.image.layers.AgentPython;
import io.jenkins.plugins.pymacaron.image.layers.BaseContent;
import io.jenkins.plugins.pymacaron.image.layers.BaseFacts;
import io.jenkins.plugins.pymacaron.image.layers.BaseManifest;
import io.jenkins.plugins.pymacaron.image.layers.DependencyLayers;
import io.jenkins.plugins.pymacaron.image.layers.FileTree;
import io.jenkins.plugins.pymacaron.image.layers.ImageSettings;
import io.jenkins.plugins.pymacaron.image.layers.LayerBlob;
import io.jenkins.plugins.pymacaron.image.layers.LayerCache;
import io.jenkins.plugins.pymacaron.image.layers.LayerFiles;
import io.jenkins.plugins.pymacaron.image.layers.LayerFiles.Directory;
import io.jenkins.plugins.pymacaron.image.layers.LayeredImage;
import io.jenkins.plugins.pymacaron.image.layers.Owner;
import io.jenkins.plugins.pymacaron.image.layers.RegistrySession;
import io.jenkins.plugins.pymacaron.image.layers.VirtualEnvironment;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Builds an image without an engine: the base image, the programs of the plugin, the dependencies, and the source as the
 * last layer. The image is in the registry then, without a tag until {@link #publish}.
 */
final class LayeredBuild {
    private static final String HOME = "pym";
    private static final String LOGS = "var/log";
    private static final String WORK = "pymacaron-layers";

    private final Docker docker;
    private final Registry registry;
    private final LayerTools tools;
    private final LayerCache cache;
    private final Duration limit;
    private final long begun = System.nanoTime();

    LayeredBuild(Docker docker, Registry registry, LayerTools tools, Optional<String> key, Duration limit)
            throws IOException {
        this.docker = docker;
        this.registry = registry;
        this.tools = tools;
        this.cache = new LayerCache(tools.cache(), key);
        this.limit = limit;
    }

    /** An image to build. */
    record Order(
            SourceTree source,
            ImageSpec spec,
            BuildContext.Archives archives,
            Dockerfile dockerfile,
            Dockerfile.Stamp stamp) {}

    /**
     * Returns the base image's content.
     *
     * @param work a directory that only this user can enter
     * @throws IOException with one line, if no image can be made of it here
     */
    BaseContent base(BaseImage base, ImageSpec spec, Path work) throws IOException, InterruptedException {
        String repository = BaseImage.repository(base.name());
        BaseContent content;
        try {
            BaseManifest manifest = registry.read(repository, base.digest(), spec.platform());
            content = BaseContent.of(manifest, cache, work, layer -> blob(repository, layer));
        } catch (IOException e) {
            throw new IOException("the base image " + base.name() + " cannot be used: " + e.getMessage(), e);
        }
        BaseFacts facts = content.facts();
        if (facts.python().isEmpty() || !facts.gunicorn()) {
            throw new IOException("the base image " + base.name() + " has no gunicorn in /pym/virtenv");
        }
        return content;
    }

    /** Refuses a base image of which no image can be made here. @throws IOException with one line */
    void check(BaseImage base, ImageSpec spec) throws IOException, InterruptedException {
        try (PrivateDirectory work = PrivateDirectory.create(WORK)) {
            python(base, base(base, spec, work.path()), spec);
        }
    }

    /** Returns the Python that installs the dependencies. @throws IOException with one line, if there is none */
    private AgentPython python(BaseImage base, BaseContent content, ImageSpec spec)
            throws IOException, InterruptedException {
        return AgentPython.matching(tools.processes(), tools.python(), content.facts(), base.name(), spec.platform());
    }

    private Path blob(String repository, BaseManifest.Layer layer) throws IOException, InterruptedException {
        Optional<Path> known = cache.blob(layer.digest());
        if (known.isPresent()) {
            return known.get();
        }
        try (RegistrySession session = session(repository, false)) {
            return session.pull(layer, cache);
        }
    }

    /** Returns the rest of the time for all that this object does. */
    private Duration left() {
        Duration left = limit.minusNanos(System.nanoTime() - begun);
        return left.isNegative() ? Duration.ofMillis(1) : left;
    }

    private RegistrySession session(String repository, boolean push) throws IOException, InterruptedException {
        // The library tries for a minute to reach a registry that is down.
        Optional<String> trouble = push ? registry.look(repository, "latest").trouble() : Optional.empty();
        if (trouble.isPresent()) {
            throw new IOException(trouble.get());
        }
        RegistryName name = RegistryName.of(repository);
        return RegistrySession.open(name.place(), Credentials.find(docker, name.registry()), push, left());
    }

    BuiltImage build(Order order) throws IOException, InterruptedException {
        ImageSpec spec = order.spec();
        BaseImage baseImage = order.dockerfile().base();
        try (PrivateDirectory work = PrivateDirectory.create(WORK)) {
            BaseContent base = base(baseImage, spec, work.path());
            Function<String, Directory> directories = directories(base.facts(), spec);
            DependencyLayers dependencies = new DependencyLayers(
                    base, python(baseImage, base, spec), tools.processes(), tools.pip(), cache, work.path());
            LayerBlob packages = dependencies.layer(
                    order.source().directory(),
                    order.dockerfile().requirements().files(),
                    spec.force(),
                    left(),
                    directories);
            LayerBlob programs = programs(base.facts(), spec).write(work.path().resolve("programs"), directories);
            LayerBlob source =
                    source(order, dependencies, work.path()).write(work.path().resolve("source"), directories);
            LayeredImage image = LayeredImage.of(
                    base.manifest(),
                    List.of(programs, packages, source),
                    List.of("programs of the plugin", "dependencies", "source"),
                    settings(order));
            String repository = BaseImage.repository(baseImage.name());
            boolean same = RegistryName.of(repository)
                    .registry()
                    .equals(RegistryName.of(spec.repository()).registry());
            try (RegistrySession session = session(spec.repository(), true)) {
                long sent = image.push(
                        session,
                        same ? Optional.of(RegistryName.of(repository).place().path()) : Optional.empty(),
                        layer -> blob(repository, layer));
                try {
                    registry.read(spec.repository(), image.digest(), spec.platform());
                } catch (IOException e) {
                    throw new IOException("the pushed image is not in " + spec.repository() + ": " + e.getMessage(), e);
                }
                docker.processes().say("pushed " + sent + " bytes to " + spec.repository() + "@" + image.digest());
            }
            cache.prune();
            return new BuiltImage(
                    spec.repository(),
                    order.stamp().version(),
                    order.stamp().content(),
                    order.stamp().commit(),
                    Optional.empty(),
                    Optional.of(image.digest()),
                    BuiltImage.Origin.BUILT,
                    baseImage.name(),
                    baseImage.digest());
        }
    }

    /** Gives the image its tags. @throws IOException with one line, if the registry has another image in the end */
    void publish(BuiltImage image) throws IOException, InterruptedException {
        String digest = image.digest().orElseThrow();
        try (RegistrySession session = session(image.repository(), true)) {
            for (String tag : List.of(image.contentTag(), image.version())) {
                session.tag(digest, tag);
                Registry.Lookup there = registry.look(image.repository(), tag);
                if (!there.digest().equals(image.digest()) && there.trouble().isEmpty()) {
                    throw new IOException("tagging " + image.repository() + ":" + tag + " failed: the registry holds"
                            + " another image under this tag. Is another run pushing it now?");
                }
            }
        }
    }

    /** Returns the attributes of directories: as in the base, except those that the service writes to. */
    private static Function<String, Directory> directories(BaseFacts facts, ImageSpec spec) {
        Owner user = Owner.of(spec.user());
        return path -> {
            Directory known = facts.directory(path);
            return path.equals(HOME) || path.equals(LOGS)
                    ? new Directory(known.mode(), user.user(), user.group())
                    : known;
        };
    }

    /** Returns the files of what {@link Dockerfile} calls prepared: the programs, and the service's user. */
    private static LayerFiles programs(BaseFacts facts, ImageSpec spec) throws IOException {
        LayerFiles files = new LayerFiles();
        for (String program : Dockerfile.PROGRAMS) {
            files.file("usr/local/bin/" + program, true, Owner.ROOT, BuildContext.program(program));
        }
        Owner user = Owner.of(spec.user());
        if (user.user() != 0) {
            for (String path : List.of(HOME, LOGS)) {
                files.directory(path, facts.directory(path).mode(), user);
            }
            if (facts.passwd().lines().noneMatch(line -> line.matches("[^:]*:[^:]*:" + user.user() + ":.*"))) {
                String known = facts.passwd().isEmpty() || facts.passwd().endsWith("\n")
                        ? facts.passwd()
                        : facts.passwd() + "\n";
                String line = "pym:x:" + spec.user() + ":pymacaron:/pym:/bin/sh\n";
                files.file("etc/passwd", false, Owner.ROOT, (known + line).getBytes(StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private LayerFiles source(Order order, DependencyLayers dependencies, Path work)
            throws IOException, InterruptedException {
        FileTree tree = new FileTree(Files.createDirectory(work.resolve(HOME)));
        order.archives().unpack(tree, order.dockerfile());
        if (order.dockerfile().apis()) {
            LayerRules.checkLinks(tree.root());
            generate(tree.root(), dependencies.environment(), work);
        }
        return new LayerFiles()
                .takeAll(HOME, tree.root(), Owner.of(order.spec().user()))
                .file(
                        HOME + "/" + Dockerfile.VERSION,
                        false,
                        Owner.ROOT,
                        order.stamp().version().getBytes(StandardCharsets.UTF_8));
    }

    private void generate(Path tree, VirtualEnvironment environment, Path work)
            throws IOException, InterruptedException {
        Path program = Files.write(work.resolve(Dockerfile.GENERATE), BuildContext.program(Dockerfile.GENERATE));
        ProcessResult done = environment.run(tree, left(), program.toString());
        if (!done.ok()) {
            throw InstallErrors.of("generating the code of apis/", done);
        }
    }

    private static ImageSettings settings(Order order) {
        return new ImageSettings(
                Instant.parse(order.stamp().created()),
                Map.of("LC_ALL", "C.UTF-8", "LANG", "C.UTF-8", "PYTHONUNBUFFERED", "1"),
                order.dockerfile().labels(order.stamp()),
                order.spec().user(),
                "/" + HOME,
                List.of("/usr/local/bin/" + Dockerfile.START),
                80,
                "/" + LOGS,
                List.of("CMD", "/pym/virtenv/bin/python", "-c", Dockerfile.PING),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
    }
}
