package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens the connection to a cluster: by a kubeconfig where one is given, otherwise through the GKE API. It reads no
 * file but the named kubeconfig, starts no program and leaves nothing behind, so that builds do not change each other's
 * cluster.
 */
final class ClusterAccess {
    /** The content of a kubeconfig, as a Jenkins credential binds it. */
    static final String KUBECONFIG_TEXT = "PYM_KUBECONFIG";

    /** The kubeconfig's file, used where gke_context names one of its contexts. */
    static final String KUBECONFIG_FILE = "KUBECONFIG";

    private static final int CONNECT_MS = 10_000;
    private static final int REQUEST_MS = 20_000;

    private final Environment environment;
    private final TargetContext surroundings;

    ClusterAccess(Environment environment, TargetContext surroundings) {
        this.environment = environment;
        this.surroundings = surroundings;
    }

    KubernetesClient open() throws TargetException, InterruptedException {
        PymConfig config = environment.config();
        Optional<String> context = config.find(GoogleKeys.GKE_CONTEXT);
        Config way = new ConfigBuilder(isGiven(config) ? ofKubeconfig(context) : ofGke(config))
                .withNamespace(GkeNames.of(environment).namespace())
                .withConnectionTimeout(CONNECT_MS)
                .withRequestTimeout(REQUEST_MS)
                // Calls has its own retries.
                .withRequestRetryBackoffLimit(0)
                .withOnlyHttpWatches(true)
                // An API server answers a refused token over HTTP/2 with 401 and GOAWAY (feature
                // UnauthenticatedHTTP2DOSMitigation); the JDK's client reports the GOAWAY alone.
                .withHttp2Disable(true)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(way)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withHttpClientBuilderConsumer(client -> {
                    client.addOrReplaceInterceptor("limit", new BoundedAnswers());
                    client.addOrReplaceInterceptor("mask", new SentTokenMask(surroundings::hide));
                    if (surroundings.recording().isOn()) {
                        client.addOrReplaceInterceptor("recording", new KubeRecorder(surroundings.recording()));
                    }
                })
                .build();
    }

    /** Returns the project of the clusters. */
    static String project(PymConfig config) {
        String repository = config.dockerRepo();
        return config.find(GoogleKeys.GCP_PROJECT)
                .orElse(repository.contains("/") ? repository.substring(0, repository.indexOf('/')) : repository);
    }

    /**
     * Returns whether the reserved address of the load balancer exists.
     *
     * @return empty where Google is not asked, or gives no answer
     */
    Optional<Boolean> reserved(String name) throws TargetException, InterruptedException {
        PymConfig config = environment.config();
        if (isGiven(config)) {
            return Optional.empty();
        }
        String place = FrontManifests.isRegional(config) ? "regions/" + config.get(GoogleKeys.GCP_REGION) : "global";
        return new ReservedAddresses(surroundings.get(ClusterLocator.ENDPOINT), GoogleCredential.open(surroundings))
                .has(project(config), place, name);
    }

    private boolean isGiven(PymConfig config) {
        return config.find(GoogleKeys.GKE_CONTEXT).isPresent()
                || !surroundings.get(KUBECONFIG_TEXT).isEmpty();
    }

    private Config ofGke(PymConfig config) throws TargetException, InterruptedException {
        GoogleCredential credential = GoogleCredential.open(surroundings);
        ClusterLocator.Place place = new ClusterLocator(surroundings.get(ClusterLocator.ENDPOINT), credential)
                .find(project(config), config.get(GoogleKeys.GCP_REGION), GkeNames.cluster(environment));
        ConfigBuilder builder = new ConfigBuilder(Config.empty())
                .withMasterUrl(place.url())
                .withOauthTokenProvider(() -> {
                    try {
                        return credential.accessToken();
                    } catch (TargetException e) {
                        throw new UncheckedIOException(new IOException(e.getMessage(), e));
                    }
                });
        return place.certificate().isEmpty()
                ? builder.build()
                : builder.withCaCertData(place.certificate()).build();
    }

    /**
     * Refuses a kubeconfig that starts a program: the library would run it, with arguments of the kubeconfig, in the
     * middle of a build.
     */
    private static void startsNoProgram(io.fabric8.kubernetes.api.model.Config all, String from)
            throws TargetException {
        String user = all.getContexts().stream()
                .filter(named -> named.getName().equals(all.getCurrentContext()))
                .map(named -> named.getContext().getUser())
                .findFirst()
                .orElse("");
        boolean starts = all.getUsers().stream()
                .filter(named -> named.getName().equals(user))
                .anyMatch(named ->
                        named.getUser().getExec() != null || named.getUser().getAuthProvider() != null);
        if (starts) {
            throw new TargetException("the user " + user + " of the kubeconfig of " + from
                    + " logs in by starting a program, which is not done here: use a kubeconfig with a token or a"
                    + " certificate, or " + GoogleCredential.KEY + " without a kubeconfig");
        }
    }

    private Config ofKubeconfig(Optional<String> context) throws TargetException {
        String text = surroundings.get(KUBECONFIG_TEXT);
        String file = surroundings.get(KUBECONFIG_FILE);
        String from = text.isEmpty() ? file : KUBECONFIG_TEXT;
        if (text.isEmpty() && file.isEmpty()) {
            throw new TargetException("gke_context is " + context.orElse("") + ", but there is no kubeconfig: set "
                    + KUBECONFIG_TEXT + " to the content of one, or " + KUBECONFIG_FILE + " to its file");
        }
        if (text.isEmpty() && file.contains(File.pathSeparator)) {
            throw new TargetException(KUBECONFIG_FILE + " names several files, " + file + "; name the one that has the"
                    + " context " + context.orElse(""));
        }
        try {
            String given = text.isEmpty() ? Files.readString(Path.of(file)) : text;
            PipelineCredentials.secretsWithin(given).forEach(surroundings::hide);
            io.fabric8.kubernetes.api.model.Config all = KubeConfigUtils.parseConfigFromString(given);
            context.ifPresent(all::setCurrentContext);
            boolean known =
                    all.getContexts().stream().anyMatch(named -> named.getName().equals(all.getCurrentContext()));
            if (!known) {
                throw new TargetException("there is no context "
                        + context.map(name -> name + " ").orElse("") + "in the kubeconfig of " + from);
            }
            startsNoProgram(all, from);
            // The other files that it names are beside it.
            return text.isEmpty()
                    ? Config.fromKubeconfig(all.getCurrentContext(), new File(file))
                    : Config.fromKubeconfig(Serialization.asYaml(all));
        } catch (IOException | RuntimeException e) {
            // The parser's message may quote the file, which contains tokens.
            throw new TargetException("the kubeconfig of " + from + " cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }
}
