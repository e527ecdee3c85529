package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.accept.NotServingException;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.util.Optional;

/**
 * Checks whether this machine may call a service that does not accept requests from everywhere. "Requests from other
 * sources, including the internet, cannot reach your service at the run.app URL" (Cloud Run documentation, "Restrict
 * network ingress"); such a request is answered with 404 (richardhe-fundamenta/practical-gcp-examples#11).
 */
final class IngressCheck {
    private static final int NOT_FOUND = 404;
    private static final String ALL = "all";

    private IngressCheck() {}

    /** Returns the configuration's word for a restricted ingress; empty if the ingress is not restricted. */
    private static Optional<String> restricted(Service service) {
        return Optional.of(RevisionTemplateBuilder.ingress(service.getIngress()))
                .filter(word -> !word.isEmpty() && !word.equals(ALL));
    }

    /** Returns the reason why a request to a URL of the service failed, where that is its ingress. */
    static Optional<String> refusal(Service service, IOException failure) {
        return failure instanceof NotServingException answer && answer.status() == NOT_FOUND
                ? restricted(service)
                        .map(word -> "answers 404, as Cloud Run does to requests from outside of the networks of the"
                                + " project where the ingress is " + word)
                : Optional.empty();
    }

    /** Asks the service once; every answer but a refusal is good. */
    @FunctionalInterface
    interface Question {
        void ask(Service service) throws TargetException, IOException, InterruptedException;
    }

    /**
     * Returns the problem, if there is one. An existing service is asked. For a service that is to be restricted the
     * result is not known yet, so there is a warning.
     *
     * @param service empty where there is none yet
     */
    static Optional<Problem> problem(
            Environment environment, CloudRunNames names, Optional<Service> service, Question question)
            throws TargetException, InterruptedException {
        if (service.flatMap(IngressCheck::restricted).isPresent()) {
            return service.get().getUri().isEmpty()
                    ? Optional.empty()
                    : refused(names, service.get(), question)
                            .map(why -> Problem.error(
                                    environment.name(),
                                    why + ", so that no deployment can be proven from here",
                                    "Deploy from a machine in one of them, or open it: gcloud run services update "
                                            + names.service() + " --region " + names.region() + " --ingress all."));
        }
        return environment
                .config()
                .find(GoogleKeys.GCP_INGRESS)
                .filter(word -> !word.equals(ALL))
                .map(word -> Problem.warning(
                        environment.name(),
                        "gcp_ingress is " + word + ": from the first deployment with it on, " + names.service()
                                + " answers 404 to this machine unless that is in a network of the project, and then that deployment fails its proof and is undone",
                        "Deploy from a machine there."));
    }

    private static Optional<String> refused(CloudRunNames names, Service service, Question question)
            throws TargetException, InterruptedException {
        try {
            question.ask(service);
            return Optional.empty();
        } catch (IOException e) {
            return refusal(service, e).map(why -> "service " + names.service() + " " + why);
        }
    }
}
