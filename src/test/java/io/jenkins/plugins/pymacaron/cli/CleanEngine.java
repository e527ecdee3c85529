package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Removes the containers of {@link Service} after each test, and its images after all of them. */
public final class CleanEngine implements BeforeAllCallback, AfterEachCallback {
    private static final String MARK_OF = "io.jenkins.plugins.pymacaron.live-mark-of";

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(CleanEngine.class))
                .computeIfAbsent("images", key -> (AutoCloseable) CleanEngine::removeImages, AutoCloseable.class);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        removeContainers();
    }

    static void removeContainers() throws Exception {
        if (System.getenv("PYM_TEST_BASE") == null) {
            return;
        }
        // This includes other services beside it whose names begin with its name.
        for (ContainerFacts container : Service.containersOf("docker/" + Service.NAME)) {
            Service.docker().containers().remove(container.id());
        }
        // Notes of which run changed an environment last.
        for (Map.Entry<String, String> mark :
                Service.docker().volumes().listed(Map.of(MARK_OF, ""), MARK_OF).entrySet()) {
            if (mark.getValue().startsWith("docker/" + Service.NAME)) {
                Service.docker().volumes().remove(mark.getKey());
            }
        }
        for (ContainerFacts container : Service.underTest()) {
            Service.docker().containers().remove(container.id());
        }
    }

    private static void removeImages() throws Exception {
        if (System.getenv("PYM_TEST_BASE") == null) {
            return;
        }
        removeContainers();
        Docker docker = Service.docker();
        for (String name : List.of(Service.NAME, Service.NAME + "-b")) {
            for (ImageFacts image : docker.images().labelled(Map.of("io.jenkins.plugins.pymacaron.name", name))) {
                for (String tag : image.tags()) {
                    docker.images().remove(tag);
                }
                docker.images().remove(image.id());
            }
        }
    }
}
