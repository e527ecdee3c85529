package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.VendorCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server, judged by Google's own clients. {@code gcloud run services} speaks the API v1, which is not the one that is
 * deployed with; so the client for v2 that the Google Cloud SDK has is asked by itself.
 */
@Timeout(20 * 60)
class GcloudTest {
    /** Prints what it read, and which of it Google's client does not know. */
    private static final String CLIENT = """
            import json, sys
            import httplib2
            from apitools.base.py import encoding
            from googlecloudsdk.generated_clients.apis.run.v2 import run_v2_client
            from googlecloudsdk.generated_clients.apis.run.v2 import run_v2_messages as m

            url, token, name, revision = sys.argv[1:]
            client = run_v2_client.RunV2(
                url=url + '/', get_credentials=False, http=httplib2.Http(),
                additional_http_headers={'Authorization': 'Bearer ' + token})
            services = client.projects_locations_services
            unknown = []

            def look(message, at):
                unknown.extend(at + '.' + field for field in message.all_unrecognized_fields())
                for field in message.all_fields():
                    value = message.get_assigned_value(field.name)
                    for one in value if isinstance(value, list) else [value]:
                        if hasattr(one, 'all_unrecognized_fields') and 'AdditionalProperty' not in str(type(one)):
                            look(one, at + '.' + field.name)

            service = services.Get(m.RunProjectsLocationsServicesGetRequest(name=name))
            revisions = client.projects_locations_services_revisions.List(
                m.RunProjectsLocationsServicesRevisionsListRequest(parent=name))
            policy = services.GetIamPolicy(m.RunProjectsLocationsServicesGetIamPolicyRequest(resource=name))
            for message, at in ((service, 'service'), (revisions, 'revisions'), (policy, 'policy')):
                look(message, at)
            service.traffic = [m.GoogleCloudRunV2TrafficTarget(
                type=m.GoogleCloudRunV2TrafficTarget.TypeValueValuesEnum.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION,
                revision=revision, percent=100)]
            operation = services.Patch(m.RunProjectsLocationsServicesPatchRequest(
                name=name, googleCloudRunV2Service=service, updateMask='traffic'))
            look(operation, 'operation')
            print(json.dumps({
                'unknown': unknown, 'uri': service.uri, 'operation': operation.name,
                'image': service.template.containers[0].image,
                'ready': str(service.terminalCondition.state),
                'revisions': [r.name.split('/')[-1] for r in revisions.revisions],
                'member': policy.bindings[0].members[0]}))
            """;

    @TempDir
    private Path directory;

    private RunRig rig;
    private VendorCommand gcloud;

    @BeforeEach
    void begin() throws Exception {
        rig = new RunRig(Files.createDirectory(directory.resolve("journals")));
        gcloud = VendorCommand.of(
                "gcloud",
                directory,
                Map.of(
                        "CLOUDSDK_CONFIG",
                        directory.toString(),
                        "CLOUDSDK_CORE_PROJECT",
                        "my-project",
                        "CLOUDSDK_CORE_DISABLE_PROMPTS",
                        "1",
                        "CLOUDSDK_CORE_CHECK_GCE_METADATA",
                        "false",
                        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING",
                        "true",
                        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK",
                        "true",
                        CloudRunClient.LOGGING_ENDPOINT,
                        rig.server.wire.url() + "/",
                        "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
                        Files.writeString(directory.resolve("token"), token()).toString()));
    }

    @AfterEach
    void end() {
        assertThat(rig.server.wire.troubles).isEmpty();
        rig.close();
    }

    private String token() throws Exception {
        return GoogleCredential.open(new TargetContext(rig.inherited(), line -> {}))
                .accessToken();
    }

    @Test
    void googlesClientForTheApiReadsTheServerAndMovesTheTraffic() throws Exception {
        Deployed first = rig.live("1");
        rig.live("2");
        Path library = gcloud.program().getParent().resolveSibling("lib");
        VendorCommand python = VendorCommand.of(
                "python3",
                directory,
                Map.of("PYTHONPATH", library + ":" + library.resolve("third_party"), "PYTHONDONTWRITEBYTECODE", "1"));

        VendorCommand.Ran ran = python.run(
                "-c",
                CLIENT,
                rig.server.wire.url().toString(),
                token(),
                rig.service("hello-live").path,
                first.revision());

        assertThat(ran.code()).as(ran.all()).isZero();
        JsonNode read = new ObjectMapper().readTree(ran.output());
        assertThat(read.path("unknown")).isEmpty();
        assertThat(read.path("uri").asText()).isEqualTo(first.url());
        assertThat(read.path("image").asText()).endsWith("@sha256:2");
        assertThat(read.path("ready").asText()).isEqualTo("CONDITION_SUCCEEDED");
        assertThat(read.path("revisions").toString()).contains(first.revision());
        assertThat(read.path("member").asText()).isEqualTo("allUsers");
        assertThat(read.path("operation").asText()).contains("/operations/");
        // The traffic moves when the operation has ended; the next deployment begins from there.
        assertThat(rig.live("3").version()).isEqualTo("v3");
        assertThat(rig.target(Slot.LIVE).earlier())
                .extracting(Deployed::version)
                .startsWith("v1");
    }

    @Test
    void gcloudReadsTheLog() throws Exception {
        Deployed first = rig.live("1");
        rig.hosts.words = "\nhello";

        VendorCommand.Ran ran = gcloud.run(
                "logging",
                "read",
                "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"hello-live\" AND"
                        + " resource.labels.revision_name=\"" + first.revision() + "\"",
                "--limit=10",
                "--format=value(textPayload, resource.labels.revision_name)");

        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.output().lines())
                .containsExactly("hello\t" + first.revision(), "log of " + first.revision() + "\t" + first.revision());
    }
}
