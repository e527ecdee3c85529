package io.jenkins.plugins.pymacaron.image.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The settings of pip that come from this machine: those that choose the source of packages, or the way to it. All others
 * could lead pip to another place for the packages, and count neither as variables nor in a file.
 */
public final class PipSettings {
    /** The variables that pip gets. A key of pip's files has the same name without the prefix, in lower case. */
    static final SortedSet<String> NAMES = new TreeSet<>(List.of(
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "PIP_NO_INDEX",
            "PIP_FIND_LINKS",
            "PIP_NO_BINARY",
            "PIP_ONLY_BINARY",
            "PIP_TRUSTED_HOST",
            "PIP_CERT",
            "PIP_CLIENT_CERT",
            "PIP_PROXY",
            "PIP_TIMEOUT",
            "PIP_DEFAULT_TIMEOUT",
            "PIP_RETRIES",
            "PIP_KEYRING_PROVIDER"));

    private final Map<String, String> environment;

    /** Makes the settings. @param environment variables of this process, without those that pip may not see */
    public PipSettings(Map<String, String> environment) {
        this.environment = new TreeMap<>(environment);
    }

    /** Returns the value of a variable that requirements may name. */
    Optional<String> value(String variable) {
        return Optional.ofNullable(environment.get(variable));
    }

    Map<String, String> variables() {
        Map<String, String> passed = new TreeMap<>(environment);
        passed.keySet().retainAll(NAMES);
        return passed;
    }

    /**
     * Returns the files that pip reads, from the weakest (pip's documentation, "Configuration Files").
     *
     * @param environments the virtual environment, which may have one too, or none
     */
    List<Path> files(Path... environments) {
        List<Path> files = new ArrayList<>();
        Optional<String> own = value("PIP_CONFIG_FILE");
        if (own.equals(Optional.of("/dev/null"))) {
            return files;
        }
        for (String directory : value("XDG_CONFIG_DIRS").orElse("/etc/xdg").split(":")) {
            files.add(Path.of(directory, "pip", "pip.conf"));
        }
        files.add(Path.of("/etc/pip.conf"));
        if (own.map(Path::of).filter(Files::exists).isEmpty()) {
            Path home = Path.of(value("HOME").orElse(System.getProperty("user.home")));
            files.add(home.resolve(".pip").resolve("pip.conf"));
            files.add(value("XDG_CONFIG_HOME")
                    .map(Path::of)
                    .orElse(home.resolve(".config"))
                    .resolve("pip")
                    .resolve("pip.conf"));
        }
        for (Path one : environments) {
            files.add(one.resolve("pip.conf"));
        }
        own.map(Path::of).ifPresent(files::add);
        files.removeIf(file -> !Files.isRegularFile(file));
        return files;
    }

    /** Returns a hash of all settings, except those of the virtual environment, which the base image has. */
    String fingerprint() throws IOException {
        MessageDigest digest = Sha256.begin();
        for (Map.Entry<String, String> one : variables().entrySet()) {
            Sha256.add(digest, one.getKey().getBytes(StandardCharsets.UTF_8));
            Sha256.add(digest, one.getValue().getBytes(StandardCharsets.UTF_8));
        }
        for (Path file : files()) {
            Sha256.add(digest, Files.readAllBytes(file));
        }
        return Sha256.end(digest);
    }
}
