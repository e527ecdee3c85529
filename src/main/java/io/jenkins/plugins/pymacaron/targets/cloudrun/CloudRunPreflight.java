package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Severity;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.FileMark;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.CloudException;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells early that a deployment cannot succeed: from the configuration, and by calls that only read. */
final class CloudRunPreflight {
    private static final List<String> NEEDED = List.of(
            "run.services.get",
            "run.services.update",
            "run.services.delete",
            "run.revisions.get",
            "run.revisions.list",
            "run.revisions.delete");

    private static final String POLICY = "run.services.setIamPolicy";

    private final Environment environment;
    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final Calls calls;
    private final CloudRunStateReader reader;
    private final TargetContext surroundings;
    private final List<Problem> problems = new ArrayList<>();

    CloudRunPreflight(
            Environment environment,
            CloudRunNames names,
            CloudRunClient connection,
            Calls calls,
            CloudRunStateReader reader,
            TargetContext surroundings) {
        this.environment = environment;
        this.names = names;
        this.connection = connection;
        this.calls = calls;
        this.reader = reader;
        this.surroundings = surroundings;
    }

    List<Problem> problems() throws InterruptedException {
        problems.clear();
        problems.addAll(ConfigurationChecks.problems(environment, connection.isOnThisMachine()));
        try {
            GoogleCredential credential = connection.credential();
            boolean open = environment.config().get(GoogleKeys.ALLOW_UNAUTHENTICATED);
            surroundings
                    .log()
                    .accept(environment.name() + ": service " + names.service() + " of project " + names.project()
                            + " in " + names.region() + ", as " + credential.identity()
                            + (open ? "; everybody may call it" : "; only who has roles/run.invoker may call it"));
            if (!open && !credential.makesIdTokens()) {
                add(
                        "allow_unauthenticated is false, and " + credential.identity()
                                + " cannot make the ID token that the service then wants",
                        "Give the JSON key of a service account in " + GoogleCredential.KEY
                                + ", or be one that may call the service: gcloud auth application-default login"
                                + " --impersonate-service-account=ACCOUNT.");
            }
            Optional<Service> service = reader.service();
            if (service.isEmpty()) {
                mayRead();
            } else {
                permissions(open, service.get());
                split(service.get());
                file(service.get());
                address(service.get());
            }
            IngressCheck.problem(environment, names, service, reader::ask).ifPresent(problems::add);
            if (problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR)) {
                new RemoteValidation(environment, names, connection, calls)
                        .refusal(service)
                        .ifPresent(why -> add(
                                "Cloud Run would refuse " + names.service() + ": " + why,
                                "Correct what it names; nothing was changed."));
            }
        } catch (TargetException e) {
            add(e.getMessage(), "Look at the credential, the project and its Cloud Run API.");
        }
        return List.copyOf(problems);
    }

    /**
     * Checks the right to read. Rights on a missing service cannot be asked for; but a caller that may not read gets a
     * message about the right, and not that the service is missing.
     */
    private void mayRead() throws TargetException, InterruptedException {
        calls.read("list the services of " + names.location(), () -> {
            connection.api().list(names);
            return true;
        });
        reader.find(names.revision("preflight", 0));
        try {
            reader.revisions();
        } catch (CloudException e) {
            if (e.failure().kind() != Failure.Kind.MISSING) {
                throw e;
            }
        }
    }

    /** Checks the address: the proof asks the service at its own URL. */
    private void address(Service service) {
        if (service.getDefaultUriDisabled()) {
            add(
                    "the default URL of " + names.service() + " is disabled, at which a deployment is proven",
                    "Enable it: gcloud run services update " + names.service() + " --region " + names.region()
                            + " --default-url.");
        }
        if (service.getIapEnabled()) {
            add(
                    "Identity-Aware Proxy stands in front of " + names.service()
                            + " and lets in only who has signed in, so that a deployment cannot be proven",
                    "Put it in front of a load balancer instead, and take it away here: gcloud beta run services update "
                            + names.service() + " --region " + names.region() + " --no-iap.");
        }
    }

    private void permissions(boolean open, Service service) throws TargetException, InterruptedException {
        if (service.getInvokerIamDisabled() && !open) {
            add(
                    "allow_unauthenticated is false, but the check of who calls " + names.service()
                            + " is switched off, so that everybody may",
                    "Switch it on: gcloud run services update " + names.service() + " --region " + names.region()
                            + " --invoker-iam-check.");
        }
        boolean isOpen = service.getInvokerIamDisabled()
                || InvokerPolicies.isOpen(calls.read(
                        "read who may call " + names.service(),
                        () -> connection.api().policy(names)));
        List<String> needed = new ArrayList<>(NEEDED);
        if (isOpen != open) {
            needed.add(POLICY);
        }
        List<String> allowed = allowed(needed);
        needed.removeAll(allowed);
        if (!needed.isEmpty()) {
            add(
                    connection.credential().identity() + " has not the right to " + String.join(", ", needed) + " on "
                            + names.service(),
                    needed.contains(POLICY)
                            ? "Grant it roles/run.admin on the service."
                            : "Grant it roles/run.developer on the service.");
        }
    }

    /**
     * Returns the permissions that the caller has. A service that does not know one of the permissions for its type
     * refuses the whole question (400); then nothing is said about rights, and a refused call shows a missing one
     * later.
     */
    private List<String> allowed(List<String> needed) throws TargetException, InterruptedException {
        try {
            return calls.read(
                    "ask for permissions on " + names.service(),
                    () -> connection.api().allowed(names, needed));
        } catch (CloudException e) {
            if (e.getCause() instanceof InvalidArgumentException) {
                return List.copyOf(needed);
            }
            throw e;
        }
    }

    private void file(Service service) {
        Map<String, String> notes = service.getAnnotationsMap();
        FileMark.problem(
                        environment,
                        "service " + names.service() + " of project " + names.project() + " in " + names.region(),
                        notes.getOrDefault(CloudRunMetadata.FILE, ""),
                        environment.label().equals(notes.get(CloudRunMetadata.ENVIRONMENT)),
                        "name, gcp_project or gcp_region")
                .ifPresent(problems::add);
    }

    /**
     * Reports a foreign traffic split. Only its owner knows its meaning, and sending all of it elsewhere would end the
     * owner's rollout.
     */
    private void split(Service service) {
        TrafficSplit.foreignSplit(service)
                .ifPresent(split -> add(
                        "the traffic of " + names.service() + " is split: " + split
                                + ", and not by a deployment of ours",
                        "End it first: gcloud run services update-traffic " + names.service() + " --region "
                                + names.region() + " --to-revisions REVISION=100."));
    }

    private void add(String message, String advice) {
        problems.add(Problem.error(environment.name(), message, advice));
    }
}
