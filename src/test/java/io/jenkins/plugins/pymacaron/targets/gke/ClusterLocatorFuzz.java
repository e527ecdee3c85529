package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.fuzz.Answers;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.util.Map;

/** Any bytes as the answers of the GKE API: where the cluster is, or why that is not known. */
public final class ClusterLocatorFuzz {
    private static final Answers ANSWERS = new Answers();
    private static final ClusterLocator CLUSTERS = clusters();

    private ClusterLocatorFuzz() {}

    private static ClusterLocator clusters() {
        try {
            return new ClusterLocator(
                    ANSWERS.url().toString(),
                    GoogleCredential.open(new TargetContext(Map.of(GoogleCredential.TOKEN, "token"), line -> {})));
        } catch (TargetException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws InterruptedException {
        if (input.length > 0 && (input[0] & 7) == 6) {
            return; // 429 is tried again after a pause
        }
        ANSWERS.saying(input);
        try {
            CLUSTERS.find("demo", "europe-west1", "hello");
        } catch (TargetException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new IllegalStateException("refused without a reason", e);
            }
        }
    }
}
