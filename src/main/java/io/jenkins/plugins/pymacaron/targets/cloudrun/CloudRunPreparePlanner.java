package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Settles, before anything happens, which revision is to be made, and how the traffic moves. */
final class CloudRunPreparePlanner {
    /** The number of attempts at one deployment, each with a revision of its own. */
    static final int ATTEMPTS = 50;
    /** "Traffic changes are not instantaneous": Cloud Run documentation, "Rollbacks, gradual rollouts". */
    private static final Duration TRAFFIC_LIMIT = Duration.ofMinutes(3);

    /** Access to a service takes "typically 2 minutes, potentially 7 minutes or longer": IAM, "Access change propagation". */
    private static final Duration GRANTED = Duration.ofMinutes(10);

    private record Choice(String revision, CloudRunPrepareParameters.There there) {}

    private final Environment environment;
    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final Calls calls;
    private final CloudRunStateReader reader;

    CloudRunPreparePlanner(
            Environment environment,
            CloudRunNames names,
            CloudRunClient connection,
            Calls calls,
            CloudRunStateReader reader) {
        this.environment = environment;
        this.names = names;
        this.connection = connection;
        this.calls = calls;
        this.reader = reader;
    }

    CloudRunPrepareParameters of(Candidate candidate) throws TargetException, InterruptedException {
        Optional<Service> service = unsplit();
        TrafficSplit before = service.map(TrafficSplit::wanted).orElse(TrafficSplit.parse(""));
        boolean nothingServes = service.map(TrafficSplit::served)
                .filter(t -> !t.shares().isEmpty())
                .isEmpty();
        boolean atOnce = environment.slot() == Slot.STAGING || nothingServes;
        Choice choice = choose(candidate, service, atOnce);
        RevisionSpec spec = RevisionSpec.of(environment.config(), candidate, environment.label());
        CloudRunPrepareParameters.Access access = access(service);
        return new CloudRunPrepareParameters(
                names,
                new Deployed(
                        environment.label(),
                        candidate.deploymentId(),
                        candidate.version(),
                        candidate.digest(),
                        candidate.commit(),
                        service.map(Service::getUri).orElse(""),
                        choice.revision(),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS)),
                CloudRunNames.tag(candidate.deploymentId()),
                spec,
                choice.there(),
                atOnce,
                nothingServes ? TrafficSplit.parse("") : before,
                spec.settings().in(service.orElse(Service.getDefaultInstance())),
                // Access is opened before the proof, which asks without a login; it is closed when live changes, and in
                // staging at once.
                access == CloudRunPrepareParameters.Access.CLOSE && !atOnce
                        ? CloudRunPrepareParameters.Access.AS_IT_IS
                        : access,
                service.map(s -> RevisionDifferences.of(s, spec, environment.variables()))
                        .orElse(""),
                access == CloudRunPrepareParameters.Access.OPEN ? within().plus(GRANTED) : within());
    }

    /** Returns the service, unless another tool is moving its traffic: the preflight may have been long ago. */
    private Optional<Service> unsplit() throws TargetException, InterruptedException {
        Optional<Service> service = reader.service();
        Optional<String> split = service.flatMap(TrafficSplit::foreignSplit);
        if (split.isPresent()) {
            throw new TargetException(Expectation.superseded("the traffic of " + names.service() + " is split by now: "
                    + split.get() + ", and not by a deployment of ours"));
        }
        return service;
    }

    /**
     * Chooses the revision. A ready revision of this deployment is used as it is; the name of a failed revision cannot
     * be used again.
     */
    private Choice choose(Candidate candidate, Optional<Service> service, boolean atOnce)
            throws TargetException, InterruptedException {
        if (service.isEmpty()) {
            return new Choice(names.revision(candidate.deploymentId(), 0), CloudRunPrepareParameters.There.NOTHING);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String name = names.revision(candidate.deploymentId(), attempt);
            Optional<Revision> revision = reader.find(name);
            if (revision.isEmpty() && !service.get().getTemplate().getRevision().equals(name)) {
                return new Choice(name, CloudRunPrepareParameters.There.SERVICE);
            }
            if (revision.filter(CloudRunStateReader::isReady)
                    .filter(r -> CloudRunMetadata.isOurs(r.getAnnotationsMap(), environment.label()))
                    .isPresent()) {
                boolean serves = atOnce && TrafficSplit.wanted(service.get()).equals(TrafficSplit.all(name));
                return new Choice(
                        name,
                        serves ? CloudRunPrepareParameters.There.SERVES : CloudRunPrepareParameters.There.REVISION);
            }
        }
        throw new TargetException("deployment " + candidate.deploymentId() + " has failed " + ATTEMPTS
                + " times; delete its revisions of " + names.service());
    }

    CloudRunActivateParameters forth(Deployed prepared, Optional<Deployed> previous)
            throws TargetException, InterruptedException {
        Optional<Service> service = unsplit();
        TrafficSplit from = service.map(TrafficSplit::wanted).orElse(TrafficSplit.all(prepared.revision()));
        boolean canary = previous.isPresent() && !from.equals(TrafficSplit.all(prepared.revision()));
        CloudRunPrepareParameters.Access access = access(service);
        ServiceSettings settings = ServiceSettings.of(environment.config());
        return new CloudRunActivateParameters(
                names.service(),
                at(prepared, service.map(Service::getUri).orElse(prepared.url())),
                from,
                service.map(TrafficSplit::settled).orElse(from),
                previous.map(Deployed::version).orElse(""),
                CloudRunNames.tag(prepared.deploymentId()),
                canary ? environment.config().get(GoogleKeys.CANARY) : List.of(),
                Optional.of(previous.map(Deployed::deploymentId).orElse("")),
                access == CloudRunPrepareParameters.Access.CLOSE ? access : CloudRunPrepareParameters.Access.AS_IT_IS,
                settings,
                settings.in(service.orElse(Service.getDefaultInstance())),
                "",
                traffic(),
                environment.config().timeouts().of("promote"));
    }

    CloudRunActivateParameters back(Deployed bad, Deployed good) throws TargetException, InterruptedException {
        Optional<Service> service = reader.service();
        if (service.isEmpty() || reader.find(good.revision()).isEmpty()) {
            throw new TargetException("revision " + good.revision() + " of " + good.version()
                    + " is gone; deploy version " + good.version() + " again");
        }
        return new CloudRunActivateParameters(
                names.service(),
                at(good, service.get().getUri()),
                TrafficSplit.wanted(service.get()),
                TrafficSplit.settled(service.get()),
                bad.version(),
                "",
                List.of(),
                Optional.empty(),
                CloudRunPrepareParameters.Access.AS_IT_IS,
                ServiceSettings.NONE,
                ServiceSettings.NONE,
                bad.revision(),
                traffic(),
                Duration.ZERO);
    }

    private static Deployed at(Deployed d, String url) {
        return new Deployed(
                d.environment(), d.deploymentId(), d.version(), d.digest(), d.commit(), url, d.revision(), d.since());
    }

    private CloudRunPrepareParameters.Access access(Optional<Service> service)
            throws TargetException, InterruptedException {
        boolean open = service.isPresent()
                && (service.get().getInvokerIamDisabled()
                        || InvokerPolicies.isOpen(calls.read(
                                "read who may call " + names.service(),
                                () -> connection.api().policy(names))));
        return InvokerPolicies.needed(open, environment.config().get(GoogleKeys.ALLOW_UNAUTHENTICATED));
    }

    private Duration within() {
        return environment.config().accept().readyTimeout();
    }

    private Duration traffic() {
        Duration ready = within();
        return ready.compareTo(TRAFFIC_LIMIT) > 0 ? ready : TRAFFIC_LIMIT;
    }
}
