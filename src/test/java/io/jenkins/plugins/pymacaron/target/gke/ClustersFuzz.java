package io.jenkins.plugins.pymacaron.target.gke;

import io.jenkins.plugins.pymacaron.fuzz.Answers;
import io.jenkins.plugins.pymacaron.target.Surroundings;
import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.cloud.GoogleCredential;
import java.util.Map;

/** Any bytes as the answers of the GKE API: where the cluster is, or why that is not known. */
public final class ClustersFuzz {
    private static final Answers ANSWERS = new Answers();
    private static final Clusters CLUSTERS = clusters();

    private ClustersFuzz() {}

    private static Clusters clusters() {
        try {
            return new Clusters(
                    ANSWERS.url().toString(),
                    GoogleCredential.open(new Surroundings(Map.of(GoogleCredential.TOKEN, "token"), line -> {})));
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
