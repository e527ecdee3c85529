package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The part of the preflight that is about the Ingress or Gateway: kinds, rights, names, its address. */
final class LoadBalancerPreflight {
    private final Environment environment;
    private final GkeNames names;
    private final GkePreflight preflight;
    private final Consumer<Problem> warning;
    private final Calls calls = new Calls(GkeFailureMapper::of);

    LoadBalancerPreflight(Environment environment, GkePreflight preflight, Consumer<Problem> warning) {
        this.environment = environment;
        this.names = GkeNames.of(environment);
        this.preflight = preflight;
        this.warning = warning;
    }

    private List<FrontManifests.Part> parts() {
        return new FrontManifests(environment, names).all(Map.of("app", names.deployment()));
    }

    void look(GkeClient connection, KubernetesApi api) throws TargetException, InterruptedException {
        boolean gateway = environment.config().find(GkeKeys.GKE_GATEWAY).isPresent();
        if (gateway && !knows(api, Kind.GATEWAY)) {
            preflight.problem(
                    "the cluster does not know the Gateway API (" + Kind.GATEWAY.apiVersion() + ")",
                    "Switch it on: gcloud container clusters update " + GkeNames.cluster(environment)
                            + " --gateway-api=standard, or take gke_gateway out");
            return;
        }
        for (FrontManifests.Part part : parts()) {
            if (part.name().length() > 63) {
                preflight.problem(
                        part.kind().title() + " " + part.name() + " would have a name of "
                                + part.name().length() + " characters, and 63 are the most",
                        "Shorten name or the host of live_url");
            }
        }
        List<Kind> kinds = parts().stream()
                .map(FrontManifests.Part::kind)
                .filter(kind -> kind != Kind.SERVICE)
                .distinct()
                .toList();
        for (Kind kind : kinds) {
            preflight.allowed(api, kind.group(), kind.plural(), GkePreflight.MADE);
            if (!knows(api, kind)) {
                preflight.problem(
                        "the cluster does not know " + kind.title() + " (" + kind.apiVersion() + ")",
                        "Deploy to a GKE cluster with HTTP load balancing, or set gke_ingress: false");
            }
        }
        if (gateway) {
            replaced(api);
        }
        address(connection);
    }

    private boolean knows(KubernetesApi api, Kind kind) throws TargetException, InterruptedException {
        return calls.read("list the kinds of the cluster", () -> api.knows(kind));
    }

    /** Warns of an Ingress that goes on serving beside the Gateway: only the user knows when DNS no longer leads to it. */
    private void replaced(KubernetesApi api) throws InterruptedException {
        try {
            boolean there = calls.read("read Ingress " + names.ingress(), () -> api.find(Kind.INGRESS, names.ingress()))
                    .filter(ingress -> ingress.path("metadata").path("labels").has(GkeMetadata.ENVIRONMENT))
                    .isPresent();
            if (there) {
                warning.accept(Problem.warning(
                        environment.label(),
                        "Ingress " + names.ingress() + " goes on beside the Gateway, which needs an address of its own",
                        "Once DNS leads to the Gateway: kubectl --namespace " + names.namespace() + " delete ingress "
                                + names.ingress() + "."));
            }
        } catch (TargetException e) {
            // An account that may not read an Ingress has made none.
        }
    }

    private void address(GkeClient connection) throws TargetException, InterruptedException {
        Optional<String> name = new FrontManifests(environment, names).staticIp();
        if (name.isPresent()
                && connection.reserved(name.get()).filter(there -> !there).isPresent()) {
            boolean regional = FrontManifests.isRegional(environment.config());
            String title = LoadBalancer.of(environment, names)
                    .map(balancer -> balancer.kind().title())
                    .orElseThrow();
            preflight.problem(
                    "there is no reserved address " + name.get() + ", so that the " + title + " would get none",
                    "Create it: gcloud compute addresses create " + name.get()
                            + (regional ? " --region REGION --subnet SUBNET" : " --global")
                            + ", or name another one by gke_static_ip");
        }
    }
}
