package io.jenkins.plugins.pymacaron.jenkins.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.config.Durations;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the process on the agent is told, as JSON. Secrets are named in it, and not told. */
final class SpecificationText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SpecificationText() {}

    static String of(
            StageOrder order, Run<?, ?> run, String id, String directory, String home, Collection<String> secretNames)
            throws IOException {
        ObjectNode spec = JSON.createObjectNode();
        spec.put("schema", 1);
        spec.put("stage", order.getStage());
        spec.put("run", id);
        spec.put("directory", directory);
        spec.put("home", home);
        ObjectNode request = spec.putObject("request");
        order.getRequest().forEach(request::put);
        spec.put("last", order.isLast());
        ObjectNode timeouts = spec.putObject("timeouts");
        Map<String, String> all =
                new LinkedHashMap<>(Defaults.of(run.getParent()).getTimeoutsByStage());
        all.putAll(order.getTimeouts());
        for (Map.Entry<String, String> timeout : all.entrySet()) {
            timeouts.put(timeout.getKey(), duration(timeout).toString());
        }
        secretNames.forEach(spec.putArray("secrets")::add);
        spec.set(
                "state",
                JSON.readTree(PymacaronRun.find(run)
                        .flatMap(r -> r.find(order.getDirectory()))
                        .map(ServiceRun::getStateJson)
                        .orElse("{}")));
        return JSON.writeValueAsString(spec);
    }

    private static Duration duration(Map.Entry<String, String> timeout) throws AbortException {
        return Durations.parse(timeout.getValue())
                .orElseThrow(() ->
                        new AbortException(Messages.SpecificationText_timeout(timeout.getKey(), timeout.getValue())));
    }
}
