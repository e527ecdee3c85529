package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.targets.Lease;
import io.jenkins.plugins.pymacaron.targets.LeaseStore;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.CloudException;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the lease as an annotation of the service, compared by its etag. Before a first deployment there is no service
 * to write to: then the lease is kept here until the service is made, which only one of two runs can do.
 */
final class CloudRunLeaseStore implements LeaseStore {
    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final Calls calls;
    /** This lock does not guard it: a call runs in a thread of its own. */
    private volatile Optional<Lease> pending = Optional.empty();

    CloudRunLeaseStore(CloudRunNames names, CloudRunClient connection, Calls calls) {
        this.names = names;
        this.connection = connection;
        this.calls = calls;
    }

    /** Returns the lease that the service is created with. */
    Optional<Lease> pending() {
        return pending;
    }

    @Override
    public Optional<Lease> read() throws TargetException, InterruptedException {
        Optional<Service> service = service();
        return service.isPresent() ? lease(service.get()) : pending;
    }

    /**
     * Writes the lease. A write whose answer got lost is looked up and, where it was not made, made again, as each
     * other change is.
     */
    @Override
    public synchronized boolean write(Optional<Lease> before, Optional<Lease> lease)
            throws TargetException, InterruptedException {
        return calls.read("write the lease on " + names.service(), () -> attempt(before, lease));
    }

    private boolean attempt(Optional<Lease> before, Optional<Lease> lease)
            throws TargetException, InterruptedException {
        Optional<Service> service = service();
        if (service.isEmpty()) {
            pending = lease;
            return true;
        }
        pending = Optional.empty();
        Optional<Lease> there = lease(service.get());
        if (there.equals(lease)) {
            return true;
        }
        if (there.isPresent() && !there.equals(before)) {
            return false;
        }
        Service.Builder next = service.get().toBuilder();
        lease.ifPresentOrElse(
                l -> next.putAnnotations(CloudRunMetadata.LEASE, l.text()),
                () -> next.removeAnnotations(CloudRunMetadata.LEASE));
        ServiceUpdater.make(connection.api(), next.build(), List.of("annotations"));
        return true;
    }

    @Override
    public Duration settle() {
        return Duration.ZERO;
    }

    private static Optional<Lease> lease(Service service) {
        return CloudRunMetadata.find(service.getAnnotationsMap(), CloudRunMetadata.LEASE)
                .flatMap(Lease::parse);
    }

    private Optional<Service> service() throws TargetException, InterruptedException {
        try {
            return Optional.of(calls.read(
                            "read service " + names.service(),
                            () -> connection.api().service(names)))
                    .filter(CloudRunStateReader::isThere);
        } catch (CloudException e) {
            if (e.failure().kind() == Failure.Kind.MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
