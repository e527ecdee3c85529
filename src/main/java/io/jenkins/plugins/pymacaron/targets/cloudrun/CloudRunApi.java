package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.FixedExecutorProvider;
import com.google.api.gax.rpc.StubSettings;
import com.google.cloud.run.v2.CreateServiceRequest;
import com.google.cloud.run.v2.DeleteRevisionRequest;
import com.google.cloud.run.v2.DeleteServiceRequest;
import com.google.cloud.run.v2.ListRevisionsRequest;
import com.google.cloud.run.v2.ListServicesRequest;
import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.RevisionsClient;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServicesClient;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.cloud.run.v2.stub.HttpJsonRevisionsStub;
import com.google.cloud.run.v2.stub.HttpJsonServicesStub;
import com.google.cloud.run.v2.stub.RevisionsStubSettings;
import com.google.cloud.run.v2.stub.ServicesStubSettings;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.FieldMask;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the calls of the Cloud Run Admin API v2 that a deployment needs, over HTTP/JSON. Each call is one request: the
 * caller retries, and interprets errors. Changes return when they are accepted, with the long-running operation that
 * tells the reason if the change fails. The result of the others is read from the service, which also tells it after a
 * crash.
 */
final class CloudRunApi {
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    private static final int PAGE = 100;
    /** The service keeps at most 1000 revisions. */
    private static final int MOST_REVISIONS = 1000;

    /**
     * More than the regions of a service. A client of the library would keep as many threads for itself, and never end
     * them.
     */
    private static final int AT_ONCE = 16;

    private static final ScheduledExecutorService THREADS = threads();

    private final ServicesClient services;
    private final RevisionsClient revisions;

    /**
     * Makes the client. The stubs are made by hand, since {@code ServicesClient.create(settings)} would need the
     * classes of gRPC.
     *
     * @param endpoint for instance {@code https://run.googleapis.com}
     */
    CloudRunApi(URI endpoint, GoogleCredential credential) throws IOException {
        ServicesStubSettings.Builder s = ServicesStubSettings.newHttpJsonBuilder();
        prepare(s, endpoint, credential);
        s.applyToAllUnaryMethods(call -> {
            call.setSimpleTimeoutNoRetriesDuration(REQUEST_LIMIT);
            return null;
        });
        if (credential.recording().isOn()) {
            s.setTransportChannelProvider(ServicesStubSettings.defaultHttpJsonTransportProviderBuilder()
                    .setHttpTransport(credential.recorded("run", REQUEST_LIMIT))
                    .build());
        }
        services = ServicesClient.create(HttpJsonServicesStub.create(s.build()));
        RevisionsStubSettings.Builder r = RevisionsStubSettings.newHttpJsonBuilder();
        prepare(r, endpoint, credential);
        r.applyToAllUnaryMethods(call -> {
            call.setSimpleTimeoutNoRetriesDuration(REQUEST_LIMIT);
            return null;
        });
        if (credential.recording().isOn()) {
            r.setTransportChannelProvider(RevisionsStubSettings.defaultHttpJsonTransportProviderBuilder()
                    .setHttpTransport(credential.recorded("run", REQUEST_LIMIT))
                    .build());
        }
        revisions = RevisionsClient.create(HttpJsonRevisionsStub.create(r.build()));
    }

    private static ScheduledExecutorService threads() {
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(AT_ONCE, task -> {
            Thread thread = new Thread(task, "pymacaron cloud run");
            thread.setDaemon(true);
            return thread;
        });
        threads.setKeepAliveTime(1, TimeUnit.MINUTES);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static void prepare(StubSettings.Builder<?, ?> settings, URI endpoint, GoogleCredential credential) {
        int standard = endpoint.getScheme().equals("https") ? 443 : 80;
        int port = endpoint.getPort() < 0 ? standard : endpoint.getPort();
        settings.setEndpoint(endpoint.getScheme() + "://" + endpoint.getHost() + ":" + port)
                .setBackgroundExecutorProvider(FixedExecutorProvider.create(THREADS))
                .setCredentialsProvider(FixedCredentialsProvider.create(credential.credentials()));
    }

    Service service(CloudRunNames names) {
        return services.getService(names.path());
    }

    /** Lists services; this tests the one right that can be tested before there is a service. */
    void list(CloudRunNames names) {
        services.listServicesCallable()
                .call(ListServicesRequest.newBuilder()
                        .setParent(names.location())
                        .setPageSize(1)
                        .build());
    }

    Operation create(CloudRunNames names, Service service) {
        return services.createServiceCallable()
                .call(CreateServiceRequest.newBuilder()
                        .setParent(names.location())
                        .setServiceId(names.service())
                        .setService(service)
                        .build());
    }

    /**
     * Updates the service.
     *
     * @param service with the etag of the version that was read, so that no other change is overwritten
     */
    Operation update(Service service, List<String> fields) {
        return services.updateServiceCallable()
                .call(UpdateServiceRequest.newBuilder()
                        .setService(service)
                        .setUpdateMask(FieldMask.newBuilder().addAllPaths(fields))
                        .build());
    }

    /** Checks whether {@link #create} would be refused; makes nothing. */
    void validateCreation(CloudRunNames names, Service service) {
        services.createServiceCallable()
                .call(CreateServiceRequest.newBuilder()
                        .setParent(names.location())
                        .setServiceId(names.service())
                        .setService(service)
                        .setValidateOnly(true)
                        .build());
    }

    /** Checks whether {@link #update} would refuse a template; changes nothing. */
    void validateTemplate(Service service) {
        services.updateServiceCallable()
                .call(UpdateServiceRequest.newBuilder()
                        .setService(service)
                        .setUpdateMask(FieldMask.newBuilder().addPaths("template"))
                        .setValidateOnly(true)
                        .build());
    }

    /**
     * Deletes the service.
     *
     * @param service as it was read: a service that has changed since is left alone, by its etag
     */
    void delete(CloudRunNames names, Service service) {
        services.deleteServiceCallable()
                .call(DeleteServiceRequest.newBuilder()
                        .setName(names.path())
                        .setEtag(service.getEtag())
                        .build());
    }

    /** Reads an operation. @param name as one of the changes has returned it */
    Operation operation(String name) {
        return services.getHttpJsonOperationsClient().getOperation(name);
    }

    Revision revision(CloudRunNames names, String revision) {
        return revisions.getRevision(names.path(revision));
    }

    List<Revision> revisions(CloudRunNames names) {
        List<Revision> found = new ArrayList<>();
        for (Revision revision : revisions
                .listRevisions(ListRevisionsRequest.newBuilder()
                        .setParent(names.path())
                        .setPageSize(PAGE)
                        .build())
                .iterateAll()) {
            found.add(revision);
            if (found.size() >= MOST_REVISIONS) {
                break;
            }
        }
        return found;
    }

    void delete(CloudRunNames names, String revision) {
        revisions
                .deleteRevisionCallable()
                .call(DeleteRevisionRequest.newBuilder()
                        .setName(names.path(revision))
                        .build());
    }

    Policy policy(CloudRunNames names) {
        return services.getIamPolicy(
                GetIamPolicyRequest.newBuilder().setResource(names.path()).build());
    }

    void setPolicy(CloudRunNames names, Policy policy) {
        services.setIamPolicy(SetIamPolicyRequest.newBuilder()
                .setResource(names.path())
                .setPolicy(policy)
                .build());
    }

    /** Returns those of {@code permissions} that the caller has on the service. */
    List<String> allowed(CloudRunNames names, List<String> permissions) {
        return services.testIamPermissions(TestIamPermissionsRequest.newBuilder()
                        .setResource(names.path())
                        .addAllPermissions(permissions)
                        .build())
                .getPermissionsList();
    }
}
