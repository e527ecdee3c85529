package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import java.util.Optional;

/**
 * Asks Cloud Run itself whether it would refuse the next revision, before anything is built: it sends the request with
 * {@code validateOnly}, as gcloud does before it builds ({@code serverless_operations},
 * {@code _ValidateServiceBeforeSourceDeploy}). The image does not exist yet; the service's current image stands for it,
 * or a public one of Google's.
 */
final class RemoteValidation {
    /** The image of Google's own quickstart. */
    static final String SAMPLE = "us-docker.pkg.dev/cloudrun/container/hello";

    private final Environment environment;
    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final Calls calls;

    RemoteValidation(Environment environment, CloudRunNames names, CloudRunClient connection, Calls calls) {
        this.environment = environment;
        this.names = names;
        this.connection = connection;
        this.calls = calls;
    }

    /** Returns the reason of a refusal, one line; empty if there is none, or where it is not known now. */
    Optional<String> refusal(Optional<Service> there) throws TargetException, InterruptedException {
        RevisionTemplate before = there.map(Service::getTemplate).orElse(RevisionTemplate.getDefaultInstance());
        String image = before.getContainersCount() == 0
                ? SAMPLE
                : before.getContainers(RevisionTemplateBuilder.main(before.getContainersList()))
                        .getImage();
        RevisionSpec spec = RevisionSpec.of(
                environment.config(), new Candidate("preflight", image, "preflight", "", ""), environment.label());
        RevisionTemplate template =
                RevisionTemplateBuilder.of(before, names.revision("preflight", 0), spec, environment.variables());
        Service.Builder next = there.map(Service::toBuilder).orElse(Service.newBuilder());
        spec.settings().apply(next);
        Service service = next.setTemplate(template).build();
        try {
            if (there.isPresent()) {
                connection.api().validateTemplate(service);
            } else {
                connection.api().validateCreation(names, service);
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            Failure failure = calls.failure(e);
            boolean ofTheSample = failure.message().contains(SAMPLE);
            return failure.kind() == Failure.Kind.REFUSED && !ofTheSample
                    ? Optional.of(String.join(" ", environment.shown(failure.message())))
                    : Optional.empty();
        }
    }
}
