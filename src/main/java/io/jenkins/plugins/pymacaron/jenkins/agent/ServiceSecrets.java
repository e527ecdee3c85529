package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.FilePath;
import hudson.model.Run;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.pymacaron.config.SecretRules;
import io.jenkins.plugins.pymacaron.jenkins.config.Defaults;
import io.jenkins.plugins.pymacaron.jenkins.run.Checkouts;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jenkins.MasterToSlaveFileCallable;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * The secrets that a service gets by their names alone: those of env_secrets, as the controller has read them itself
 * before any code of the service ran in the build. Later reports of an agent cannot add to them.
 */
final class ServiceSecrets {
    /** In bytes; more than the core reads. */
    private static final int LARGEST = 1 << 20;

    private ServiceSecrets() {}

    /**
     * Returns the names, but only where the authors of env_secrets may ask for credentials anyway, since the
     * Jenkinsfile is in the same repository; or where a folder or Jenkins allows it.
     */
    static Collection<String> names(StageOrder order, Run<?, ?> run, FilePath workspace)
            throws IOException, InterruptedException {
        if (!(run instanceof FlowExecutionOwner.Executable)) {
            return List.of();
        }
        FilePath directory = workspace.child(order.getDirectory());
        if (order.getDirectory().equals(".")) {
            directory = workspace;
        }
        String environment = order.getRequest().getOrDefault("environment", "");
        String file = environment.isEmpty() ? "pym-config.yaml" : "pym-config." + environment + ".yaml";
        boolean allowed = Defaults.of(run.getParent()).isSecretsByName();
        Optional<String> checkout = Checkouts.withJenkinsfile(run, directory);
        if (!allowed && checkout.isEmpty()) {
            return List.of();
        }
        PymacaronRun all = PymacaronRun.of(run);
        Optional<Collection<String>> known = all.secretNames(order.getDirectory(), file);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] content = directory.act(new Read(file, allowed ? "" : checkout.orElseThrow()));
        return all.secretNames(
                order.getDirectory(), file, content == null ? List.of() : SecretRules.namesIn(file, content));
    }

    private static final class Read extends MasterToSlaveFileCallable<byte[]> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final String checkout;

        /**
         * Makes the read.
         *
         * @param checkout that the directory has to belong to directly, without another repository in between; or empty
         */
        Read(String name, String checkout) {
            this.name = name;
            this.checkout = checkout;
        }

        /** Reads the file. @return null if there is no such file, or it is of another repository */
        @Override
        public byte[] invoke(File directory, VirtualChannel channel) throws IOException {
            Path file = directory.toPath().resolve(name);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || !checkout.isEmpty()
                            && !isOf(
                                    directory.toPath().toRealPath(),
                                    Path.of(checkout).toRealPath())) {
                return null;
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return in.readNBytes(LARGEST);
            }
        }

        /**
         * Returns whether the directory is of the checkout. A submodule, or a clone that no checkout has made, has a
         * .git of its own.
         */
        private static boolean isOf(Path directory, Path checkout) {
            for (Path at = directory; at != null && !at.equals(checkout); at = at.getParent()) {
                if (Files.exists(at.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
                    return false;
                }
            }
            return directory.startsWith(checkout);
        }
    }
}
