package io.jenkins.plugins.pymacaron.jenkins.olddata;

import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The homes that earlier versions have left: files below a directory with the name of each. */
final class OldHome {
    private static final Path ALL = Path.of("src/test/resources/io/jenkins/plugins/pymacaron/jenkins/olddata");

    private OldHome() {}

    static List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(ALL)) {
            return all.filter(Files::isDirectory)
                    .map(home -> String.valueOf(home.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    static void copy(String name, Path into) throws IOException {
        Path from = ALL.resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = into.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.resolveSibling(""));
                Files.copy(file, copy);
            }
        }
    }

    /** Returns the step of the freestyle job, with all that its form of the first home has. */
    static PymacaronBuilder builder() {
        CredentialIds ids = new CredentialIds();
        ids.setDocker("registry");
        ids.setAws("account");
        ids.setGcp("robot");
        ids.setKubeconfig("cluster");
        PymacaronBuilder builder = new PymacaronBuilder();
        builder.setDir("services/hello");
        builder.setEnv("eu");
        builder.setTarget("docker");
        builder.setUntil("STAGING");
        builder.setSkipUnit(true);
        builder.setSkipLive(true);
        builder.setForceBuild(true);
        builder.setKeepFailed(true);
        builder.setAllowOlder(true);
        builder.setPython("/opt/python");
        builder.setCanary("5, 25, 50");
        builder.setTimeouts("build=20m\nstaging=10m");
        builder.setCredentials(ids);
        builder.setSecrets(List.of(new SecretBinding("API_KEY", "api-key")));
        return builder;
    }
}
