package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.config.Durations;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.lock.FolderTree;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes the specification for the process on the agent. It contains the names of secrets, and not their values. */
final class SpecificationText {
    /** The stages that change live, and the rehearsal before them. */
    private static final Set<String> PROMOTING = Set.of("staging", "pre-promote", "promote");
    /** Each build may have to be read from the disk. */
    private static final int MOST_BUILDS = 100;

    private SpecificationText() {}

    /** Returns the build's knowledge about the service. */
    static String state(Run<?, ?> run, StageOrder order) {
        return service(run, order.getDirectory()).map(ServiceRun::getStateJson).orElse("{}");
    }

    /**
     * Returns the specification.
     *
     * @param id that the stages of the deployment share
     * @param state that they have handed on so far
     * @param directory of the service
     * @param home for states and journals
     * @param wanted the file by which the stage sees whether its build still wants it; all three on the agent
     * @param unaccepted as {@link StageSpec#unaccepted}
     */
    static String of(
            StageOrder order,
            Run<?, ?> run,
            String id,
            String state,
            String directory,
            String home,
            String wanted,
            Collection<String> unaccepted,
            Collection<String> secretNames)
            throws IOException {
        Defaults defaults = Defaults.of(run.getParent());
        Map<String, String> asked = new LinkedHashMap<>(defaults.getTimeoutsByStage());
        asked.putAll(order.getTimeouts());
        Map<String, Duration> timeouts = new TreeMap<>();
        for (Map.Entry<String, String> timeout : asked.entrySet()) {
            timeouts.put(timeout.getKey(), duration(timeout));
        }
        Map<String, String> request = new LinkedHashMap<>(order.getRequest());
        Integer images = defaults.getKeepImages();
        if (images != null) {
            request.put("images", images.toString());
        }
        if (order.isMutating()) {
            request.put("wanted", wanted);
        }
        if (!unaccepted.isEmpty()) {
            request.put(StageSpec.UNACCEPTED, String.join(" ", unaccepted));
        }
        request.put(StageSpec.QUEUE, FolderTree.of(run.getParent()));
        if (PROMOTING.contains(order.getStage())) {
            String later = laterVersions(run, order.getDirectory());
            if (!later.isEmpty()) {
                request.put(Parameter.LATER_VERSIONS.key(), later);
            }
        }
        if (order.isWithoutSecrets()) {
            request.put("withoutSecrets", "true");
        }
        return new StageSpec(
                        StageSpec.SCHEMA,
                        order.getStage(),
                        id,
                        directory,
                        home,
                        request,
                        timeouts,
                        List.copyOf(secretNames),
                        order.isLast(),
                        StageResultParser.state(state))
                .toJson();
    }

    /** Returns the versions of the same branch that later builds of the job have promoted, separated by commas. */
    private static String laterVersions(Run<?, ?> run, String directory) {
        String branch = service(run, directory).map(ServiceRun::getBranch).orElse("");
        Set<String> versions = new TreeSet<>();
        Run<?, ?> later = run.getNextBuild();
        for (int looked = 0; later != null && looked < MOST_BUILDS; looked++) {
            service(later, directory)
                    .filter(s ->
                            s.getBranch().equals(branch) && s.last("promote").isPresent())
                    .map(ServiceRun::getImage)
                    .ifPresent(image -> versions.add(image.getVersion()));
            later = later.getNextBuild();
        }
        return String.join(",", versions);
    }

    private static Optional<ServiceRun> service(Run<?, ?> run, String directory) {
        return PymacaronRun.find(run).flatMap(r -> r.find(directory));
    }

    private static Duration duration(Map.Entry<String, String> timeout) throws AbortException {
        return Durations.parse(timeout.getValue())
                .orElseThrow(() ->
                        new AbortException(Messages.ParameterChecks_timeout(timeout.getKey(), timeout.getValue())));
    }
}
