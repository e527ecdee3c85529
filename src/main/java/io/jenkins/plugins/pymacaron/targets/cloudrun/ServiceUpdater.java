package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Service;
import com.google.longrunning.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes a service without a new revision of its own. The service may refuse them (409, "Revision named X with
 * different configuration already exists") where its template names a revision, even if the mask does not speak of the
 * template: googleapis/google-cloud-python#14259 with the mask {@code scaling}, firebase/firebase-tools#10148 with
 * nothing but a tag. A template that names none is not refused: gcloud clears the name for that reason
 * ({@code serverless_operations}, {@code _ValidateServiceBeforeSourceDeploy}), and firebase-tools sends
 * {@code template.revision} in each mask ({@code src/gcp/runv2.ts}, {@code updateService}). That makes a copy of the
 * latest revision, which must get no traffic: so the share of the traffic that follows the latest revision is first
 * given to the one that serves.
 */
final class ServiceUpdater {
    private static final String NAME = "template.revision";
    private static final String TRAFFIC = "traffic";

    private ServiceUpdater() {}

    /**
     * Makes the change.
     *
     * @param next the service as it was read, changed, with its etag
     * @param fields the changed fields; none of the template
     */
    static Operation make(CloudRunApi api, Service next, List<String> fields) {
        try {
            return api.update(next, fields);
        } catch (RuntimeException e) {
            if (!CloudRunFailureMapper.isTaken(e)) {
                throw e;
            }
        }
        List<String> all = new ArrayList<>(fields);
        all.add(NAME);
        if (!all.contains(TRAFFIC)) {
            all.add(TRAFFIC);
        }
        return api.update(unnamed(next), all);
    }

    private static Service unnamed(Service service) {
        return service.toBuilder()
                .setTemplate(service.getTemplate().toBuilder().clearRevision())
                .clearTraffic()
                .addAllTraffic(TrafficSplit.frozen(service))
                .build();
    }
}
