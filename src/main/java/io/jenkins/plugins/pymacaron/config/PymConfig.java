package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configuration of one slot: the file, the slot's block over it, the parameters of the run over both. Every key has
 * its type and default here; a checked configuration has all keys that its target requires.
 *
 * <p>Keys that only one target uses are read by {@link #get} and {@link #find}.
 */
public final class PymConfig {
    /** The megabytes that PyMacaron allows for a gunicorn and a celery worker (pymacaron/resources.py). */
    private static final int GUNICORN_WORKER_MB = 250;

    private static final int CELERY_WORKER_MB = 150;

    private final String file;
    private final Settings settings;
    private final Settings block;
    private final Map<String, Object> extras;

    /**
     * Makes the configuration.
     *
     * @param block the settings of the slot's own block, which {@code settings} contains too
     */
    PymConfig(String file, Settings settings, Settings block, Map<String, Object> extras) {
        this.file = file;
        this.settings = settings;
        this.block = block;
        this.extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }

    /** Returns the name of the file it was read from. */
    public String file() {
        return file;
    }

    /** Returns the ENV of {@code pym-config.ENV.yaml}; empty for {@code pym-config.yaml}. */
    public Optional<String> environment() {
        return ConfigFile.environment(file);
    }

    /** Returns the value of the key, or its default. */
    public <T> Optional<T> find(Key<T> key) {
        return settings.value(key);
    }

    /**
     * Returns the value of a key that has a default or that the target requires.
     *
     * @throws IllegalStateException if it has neither, which is a mistake of the caller
     */
    public <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException(key + " is not set in " + file));
    }

    FilePosition at(Key<?> key) {
        return settings.at(key);
    }

    Settings settings() {
        return settings;
    }

    /** Returns the settings of the slot's own block. */
    Settings block() {
        return block;
    }

    public String name() {
        return get(ServiceKeys.NAME);
    }

    public DeployTarget target() {
        return get(ServiceKeys.DEPLOY_TARGET);
    }

    public String dockerRepo() {
        return get(ServiceKeys.DOCKER_REPO);
    }

    /** Returns {@code host[:port]}. */
    public String registry() {
        return find(ServiceKeys.REGISTRY)
                .orElse(
                        switch (target()) {
                            case BEANSTALK, DOCKER -> ImageName.DOCKER_HUB;
                            case CLOUD_RUN, GKE -> "gcr.io";
                        });
    }

    /** Returns whether the image goes to the registry, unless the run keeps it here. */
    public boolean push() {
        return get(ServiceKeys.PUSH);
    }

    /** Returns whether stages run side by side where one need not wait for the other. */
    public boolean overlap() {
        return get(PipelineKeys.OVERLAP);
    }

    /** Returns the image to build from; empty = PyMacaron's own. */
    public Optional<String> dockerBase() {
        return find(ServiceKeys.DOCKER_BASE);
    }

    /** Returns whether containers of the docker target use the network of the engine's machine. */
    public boolean onHostNetwork() {
        return find(PipelineKeys.DOCKER_NETWORK).filter("host"::equals).isPresent();
    }

    /** Returns {@code os/arch[/variant]}. */
    public String platform() {
        return get(ServiceKeys.PLATFORM);
    }

    /** Returns whether the image is made without an engine. */
    public boolean buildsLayers() {
        return get(ServiceKeys.BUILDER).equals("layers");
    }

    /** Returns the links, relative to the project. */
    public List<String> includeLinks() {
        return get(ServiceKeys.INCLUDE_LINKS);
    }

    /** Returns names of environment variables, each once. */
    public List<String> envSecrets() {
        return get(ServiceKeys.ENV_SECRETS);
    }

    public boolean withAsync() {
        return get(ServiceKeys.WITH_ASYNC);
    }

    /** Returns the name of the file of this ENV. */
    public String fileName() {
        return ConfigFile.name(environment());
    }

    /** Returns the value that overrides the PYM_ENV of {@link PymEnv}. */
    public Optional<String> pymEnv() {
        return find(ServiceKeys.PYM_ENV);
    }

    /**
     * Returns the URL of live, from the configuration of either slot.
     *
     * @throws IllegalStateException if no block and no file names it
     */
    public LiveUrl liveUrl() {
        return findLiveUrl().orElseThrow(() -> new IllegalStateException("no live_url in " + file));
    }

    /** Returns the same as {@link #liveUrl}; empty where it is not set. */
    public Optional<LiveUrl> findLiveUrl() {
        return urlIn(settings);
    }

    /** Returns the URL that the slot's own block sets; in a {@code staging} block that is the URL of staging. */
    public Optional<LiveUrl> ownUrl() {
        return urlIn(block);
    }

    /** Returns the address of the container of a slot behind a proxy that answers at its URL; empty without a proxy. */
    public Optional<LiveUrl> dockerAddress(Slot slot) {
        return (slot == Slot.LIVE ? settings : block).find(PipelineKeys.DOCKER_ADDRESS);
    }

    private Optional<LiveUrl> urlIn(Settings from) {
        boolean certificate = find(AwsKeys.AWS_CERT_ARN).isPresent();
        return from.find(ServiceKeys.LIVE_URL)
                .or(() -> from.find(ServiceKeys.LIVE_HOST).map(host -> LiveUrl.of(certificate, host, -1)));
    }

    public Optional<String> jwtIssuer() {
        return find(ServiceKeys.JWT_ISSUER);
    }

    public Optional<String> jwtAudience() {
        return find(ServiceKeys.JWT_AUDIENCE);
    }

    /** Returns the value, usually a name of {@link #envSecrets}, see {@link Secrets#meaning}. */
    public Optional<String> jwtSecret() {
        return find(ServiceKeys.JWT_SECRET);
    }

    public Duration jwtTokenTimeout() {
        return Duration.ofSeconds(get(ServiceKeys.JWT_TOKEN_TIMEOUT));
    }

    public Duration jwtTokenRenewAfter() {
        return Duration.ofSeconds(get(ServiceKeys.JWT_TOKEN_RENEW_AFTER));
    }

    public String defaultUserId() {
        return get(ServiceKeys.DEFAULT_USER_ID);
    }

    public int cpuCount() {
        return get(ServiceKeys.CPU_COUNT);
    }

    /** Returns the number of Celery workers. */
    public int workerCount() {
        return find(ServiceKeys.WORKER_COUNT).orElse(2 * cpuCount());
    }

    /**
     * Returns the memory limit that PyMacaron sets for a GKE container, in MiB; it includes celery even where that does
     * not run.
     */
    public int gkeMemoryMb() {
        return (2 * cpuCount() + 1) * GUNICORN_WORKER_MB + workerCount() * CELERY_WORKER_MB;
    }

    public Accept accept() {
        Settings accept = settings.find(PipelineKeys.ACCEPT).orElse(Settings.EMPTY);
        return new Accept(
                accept.value(PipelineKeys.READY_TIMEOUT).orElseThrow(),
                accept.value(PipelineKeys.REQUEST_TIMEOUT).orElseThrow(),
                accept.value(PipelineKeys.CONSECUTIVE).orElseThrow(),
                accept.value(PipelineKeys.TESTS).orElseThrow(),
                accept.value(PipelineKeys.RUNNER),
                accept.value(PipelineKeys.PARALLEL).orElseThrow(),
                accept.value(PipelineKeys.HOST),
                accept.value(PipelineKeys.BASE_PATH).orElse(""));
    }

    public Timeouts timeouts() {
        Settings timeouts = settings.find(PipelineKeys.TIMEOUTS).orElse(Settings.EMPTY);
        Map<String, Duration> byStage = new TreeMap<>();
        PipelineKeys.stages()
                .forEach((stage, key) -> byStage.put(stage, timeouts.value(key).orElseThrow()));
        return new Timeouts(byStage);
    }

    public Retention retention() {
        Settings retention = settings.find(PipelineKeys.RETENTION).orElse(Settings.EMPTY);
        return new Retention(
                retention.value(PipelineKeys.IMAGES).orElseThrow(),
                retention.value(PipelineKeys.DEPLOYMENTS).orElseThrow(),
                retention.value(PipelineKeys.KEEP_FAILED).orElseThrow(),
                retention.value(PipelineKeys.REMOVED).filter("end"::equals).isPresent(),
                retention.value(PipelineKeys.KEEP));
    }

    /** Returns a program and its arguments; empty = none. */
    public List<String> prePromote() {
        return get(PipelineKeys.PRE_PROMOTE);
    }

    /**
     * Returns the application's own keys, as PyYAML reads them: null, Boolean, BigInteger, Double, String, byte[],
     * LocalDate, LocalDateTime, OffsetDateTime, List and Map. They may contain secrets.
     */
    public Map<String, Object> extras() {
        return extras;
    }

    /**
     * Returns all settings that identify a deployment, defaults included, one key a line: equal texts are equal
     * deployments of the same image and secrets. It leaves out keys that control the pipeline, and keys of the
     * application, which reach the service in the image. It also leaves out secrets that were written into the file.
     */
    public String canonical() {
        Map<String, String> lines = new TreeMap<>();
        for (Key<?> key : Keys.ALL) {
            if (!key.steering()) {
                find(key).ifPresent(value -> lines.put(key.name(), canonical(key, value)));
            }
        }
        lines.put(ServiceKeys.REGISTRY.name(), canonical(ServiceKeys.REGISTRY, registry()));
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /**
     * Returns the settings by key, as strings and lists of strings, for a user's own script. Leaves out values that may
     * be secret.
     */
    public Map<String, Object> plain() {
        Map<String, Object> plain = new TreeMap<>();
        for (Key<?> key : Keys.ALL) {
            boolean block = key == PipelineKeys.ACCEPT || key == PipelineKeys.TIMEOUTS || key == PipelineKeys.RETENTION;
            if (!block && key != PipelineKeys.STAGING && key != PipelineKeys.LIVE) {
                find(key).ifPresent(value -> plain.put(key.name(), plain(key, value)));
            }
        }
        plain.put(ServiceKeys.REGISTRY.name(), registry());
        urlIn(settings).ifPresent(url -> plain.put("live_url", url.uri().toString()));
        return plain;
    }

    private Object plain(Key<?> key, Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(element -> plain(key, element)).toList();
        }
        if (value instanceof DeployTarget target) {
            return target.id();
        }
        return key.secret() && !envSecrets().contains(value) ? "***" : value.toString();
    }

    private String canonical(Key<?> key, Object value) {
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(element -> canonical(key, element))
                    .toList()
                    .toString();
        }
        boolean written = key.secret() && !envSecrets().contains(value);
        String text = written ? "***" : value.toString();
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public String toString() {
        return "PymConfig[" + file + "]\n" + canonical();
    }
}
