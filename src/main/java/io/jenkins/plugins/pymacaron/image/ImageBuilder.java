package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.docker.BuildRequest;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.image.BuiltImage.Origin;
import io.jenkins.plugins.pymacaron.image.layers.AgentPython;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the image for a source tree, or builds it if there is none. */
public final class ImageBuilder {
    static final String EXTRA = "Dockerfile.extra";
    private static final String PYTHON_ADVICE =
            "Install such a Python, take another base image, or use builder: docker.";
    private static final String VERSION = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";

    private final Docker docker;
    private final Registry registry;
    private final Clock clock;
    private final Optional<String> key;
    private Optional<LayerTools> tools = Optional.empty();

    /**
     * Makes a builder.
     *
     * @param clock gives the build time of an image, in the zone of versions
     * @param key a secret of the builds whose images may be reused; empty for a build that no build with a key may rely
     *     on
     */
    public ImageBuilder(Docker docker, Clock clock, Optional<String> key) {
        this.docker = docker;
        this.registry = new Registry(docker);
        this.clock = clock;
        this.key = key;
    }

    /** Lets it build without an engine, where a specification asks for that. */
    public ImageBuilder with(LayerTools given) {
        tools = Optional.of(given);
        return this;
    }

    /** Returns whether the image of that content tag was built without a key. */
    public static boolean isOpen(String contentTag) {
        return ContentTag.isOpen(contentTag);
    }

    /**
     * Returns the obstacles to an image of this source, in addition to {@link IncludeLinks#problems}. Builds nothing.
     */
    public static List<Problem> problems(SourceTree source) throws IOException, InterruptedException {
        return source.problems(() -> look(source));
    }

    private static List<Problem> look(SourceTree source) throws IOException, InterruptedException {
        List<Problem> all = new ArrayList<>();
        needed("server.py", "Commit it: gunicorn runs the Flask object named app in it.", source, all);
        needed(Requirements.MAIN, "Commit one, empty if there is nothing to install.", source, all);
        GitConversions.missing(new Git(source.processes(), source.directory()))
                .map(why -> Problem.error("source", why.getMessage(), ""))
                .ifPresent(all::add);
        try {
            source.checkNames();
        } catch (SourceException e) {
            all.add(Problem.error("source", String.valueOf(e.getMessage()), ""));
        }
        return all;
    }

    /** Returns the obstacles to an image of this source and this specification. Builds nothing. */
    public List<Problem> problems(SourceTree source, ImageSpec spec) throws IOException, InterruptedException {
        List<Problem> all = new ArrayList<>(problems(source));
        if (spec.byLayers()) {
            all.addAll(LayerRules.problems(source, spec));
            if (all.stream().noneMatch(Problem::isError)) {
                try {
                    layers(spec).check(BaseImage.inRegistry(registry, spec.base()), spec);
                } catch (IOException e) {
                    all.add(Problem.error(
                            "builder",
                            String.valueOf(e.getMessage()).replaceFirst("\\.$", ""),
                            e instanceof AgentPython.MismatchException ? PYTHON_ADVICE : ""));
                }
            }
        }
        return all;
    }

    private LayeredBuild layers(ImageSpec spec) throws IOException {
        return new LayeredBuild(
                docker,
                registry,
                tools.orElseThrow(() -> new IllegalStateException("no tools to build layers with")),
                key,
                spec.timeout());
    }

    private static void needed(String name, String advice, SourceTree source, List<Problem> all) {
        if (!Files.isRegularFile(source.directory().resolve(name))) {
            all.add(Problem.error(name, "there is no such file in the commit " + source.sha6(), advice));
        }
    }

    /** An image that exists, or one that would have to be built. */
    private record Plan(
            SourceTree source, ImageSpec spec, BuildContext.Archives archives, Dockerfile dockerfile, String tag) {}

    /**
     * Finds the image.
     *
     * @param inRegistry whether to look in the registry as well, for an image that the engine does not have
     * @return the image if it exists; empty if it would have to be built, or a build is forced
     */
    public Optional<BuiltImage> find(SourceTree source, ImageSpec spec, boolean inRegistry)
            throws IOException, InterruptedException {
        return spec.force() ? Optional.empty() : find(plan(source, spec), inRegistry);
    }

    /**
     * Finds or builds the image.
     *
     * @param inRegistry whether to look in the registry as well, for an image that the engine does not have
     * @throws SourceException if no image can be made of the source
     * @throws IOException with one line, if docker fails
     */
    public BuiltImage build(SourceTree source, ImageSpec spec, boolean inRegistry)
            throws IOException, InterruptedException {
        List<Problem> problems = new ArrayList<>(problems(source));
        if (spec.byLayers()) {
            problems.addAll(LayerRules.problems(source, spec));
        }
        problems.addAll(new IncludeLinks(source, spec.includeLinks()).problems());
        if (problems.stream().anyMatch(Problem::isError)) {
            throw SourceException.of(problems);
        }
        Plan plan = plan(source, spec);
        if (!spec.force()) {
            Optional<BuiltImage> found = find(plan, inRegistry);
            if (found.isPresent()) {
                BuiltImage image = found.get();
                if (image.id().isPresent()) {
                    docker.images().tag(image.id().get(), image.versionTag());
                }
                return image;
            }
        }
        return build(plan);
    }

    /** Pulls an image that only the registry has. @return the same image with its id */
    public BuiltImage fetch(BuiltImage image, ImageSpec spec) throws IOException, InterruptedException {
        if (image.id().isPresent()) {
            return image;
        }
        docker.images().pull(image.reference(), Optional.of(spec.platform()), spec.timeout());
        ImageFacts facts = docker.images()
                .inspect(image.reference())
                .orElseThrow(() -> new IOException("the engine lost " + image.reference()));
        docker.images().tag(facts.id(), image.versionTag());
        docker.images().tag(facts.id(), image.contentReference());
        return of(spec, image.contentTag(), facts, image.origin());
    }

    /** Gives an image that was built without an engine its tags in the registry. */
    public BuiltImage publish(BuiltImage image, ImageSpec spec) throws IOException, InterruptedException {
        layers(spec).publish(image);
        return image;
    }

    private Plan plan(SourceTree source, ImageSpec spec) throws IOException, InterruptedException {
        BuildContext context = new BuildContext(source, new IncludeLinks(source, spec.includeLinks()));
        BuildContext.Archives archives = context.archive();
        Path extra = source.directory().resolve(EXTRA);
        Dockerfile dockerfile = new Dockerfile(
                spec,
                spec.byLayers()
                        ? BaseImage.inRegistry(registry, spec.base())
                        : BaseImage.resolve(docker, registry, spec.base(), spec.force()),
                Requirements.of(source.directory()),
                Files.isDirectory(source.directory().resolve(Dockerfile.APIS)),
                Files.isRegularFile(extra) ? Optional.of(Files.readString(extra)) : Optional.empty(),
                source.url());
        return new Plan(source, spec, archives, dockerfile, ContentTag.of(source, context, archives, dockerfile, key));
    }

    private Optional<BuiltImage> find(Plan plan, boolean inRegistry) throws IOException, InterruptedException {
        ImageSpec spec = plan.spec();
        String reference = spec.repository() + ":" + plan.tag();
        Optional<ImageFacts> local = spec.byLayers()
                ? Optional.empty()
                : docker.images().inspect(reference).filter(facts -> ours(facts.labels(), spec, plan.tag()));
        if (local.isPresent()) {
            return Optional.of(of(spec, plan.tag(), local.get(), Origin.LOCAL));
        }
        if (!inRegistry) {
            return Optional.empty();
        }
        Registry.Lookup lookup = registry.look(spec.repository(), plan.tag());
        Processes processes = docker.processes();
        lookup.trouble().ifPresent(why -> processes.say(why + "; whether it has the image is not known"));
        if (lookup.digest().isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> labels =
                registry.labels(spec.repository(), lookup.digest().get(), spec.platform());
        if (!ours(labels, spec, plan.tag())) {
            processes.say(reference + " in the registry was not made by this pipeline and is not used");
            return Optional.empty();
        }
        return Optional.of(new BuiltImage(
                spec.repository(),
                labels.get(ImageLabels.VERSION),
                plan.tag(),
                labels.getOrDefault(ImageLabels.COMMIT, ""),
                Optional.empty(),
                lookup.digest(),
                Origin.REGISTRY,
                labels.getOrDefault("org.opencontainers.image.base.name", ""),
                labels.getOrDefault("org.opencontainers.image.base.digest", "")));
    }

    private BuiltImage build(Plan plan) throws IOException, InterruptedException {
        ImageSpec spec = plan.spec();
        String version = plan.source().version(clock);
        Dockerfile.Stamp stamp = new Dockerfile.Stamp(
                version,
                plan.source().commit(),
                Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString(),
                plan.tag());
        if (spec.byLayers()) {
            return layers(spec)
                    .build(new LayeredBuild.Order(plan.source(), spec, plan.archives(), plan.dockerfile(), stamp));
        }
        String reference = spec.repository() + ":" + plan.tag();
        docker.images()
                .build(new BuildRequest(
                        List.of(spec.repository() + ":" + version, reference),
                        spec.platform(),
                        Dockerfile.FILE,
                        out -> plan.archives().write(out, plan.dockerfile(), stamp),
                        spec.force(),
                        spec.timeout()));
        ImageFacts facts = docker.images()
                .inspect(reference)
                .orElseThrow(() -> new IOException("docker built no image " + reference));
        return of(spec, plan.tag(), facts, Origin.BUILT);
    }

    private static boolean ours(Map<String, String> labels, ImageSpec spec, String tag) {
        return spec.name().equals(labels.get(ImageLabels.NAME))
                && tag.equals(labels.get(ImageLabels.CONTENT))
                && labels.getOrDefault(ImageLabels.VERSION, "").matches(VERSION);
    }

    private static BuiltImage of(ImageSpec spec, String tag, ImageFacts facts, Origin origin) {
        String prefix = spec.repository() + "@";
        return new BuiltImage(
                spec.repository(),
                facts.label(ImageLabels.VERSION),
                tag,
                facts.label(ImageLabels.COMMIT),
                Optional.of(facts.id()),
                facts.digests().stream()
                        .filter(known -> known.startsWith(prefix))
                        .map(known -> known.substring(prefix.length()))
                        .findFirst(),
                origin,
                facts.label("org.opencontainers.image.base.name"),
                facts.label("org.opencontainers.image.base.digest"));
    }
}
