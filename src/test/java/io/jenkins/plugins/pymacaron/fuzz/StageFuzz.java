package io.jenkins.plugins.pymacaron.fuzz;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Any bytes as what an agent returns, or as what it is told: read and written again they are the same, or one line. */
public final class StageFuzz {
    private StageFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String json = new String(input, StandardCharsets.UTF_8);
        try {
            StageResult result = StageResult.fromJson(json);
            if (!StageResult.fromJson(result.toJson()).toJson().equals(result.toJson())) {
                throw new IllegalStateException("another result when it is read again");
            }
        } catch (IOException e) {
            Lines.one(e.getMessage());
        }
        try {
            StageSpec.fromJson(json);
        } catch (IOException e) {
            Lines.one(e.getMessage());
        }
    }
}
