package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipSettingsTest {
    @TempDir
    Path home;

    private PipSettings settings(String... more) {
        Map<String, String> all = new TreeMap<>(Map.of("HOME", home.toString(), "XDG_CONFIG_DIRS", home + "/xdg"));
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return new PipSettings(all);
    }

    private Path file(String name, String content) throws Exception {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void onlyTheSourceOfPackagesAndTheWayToItCount() {
        assertThat(settings("PIP_INDEX_URL", "https://example.org", "PIP_TARGET", "/t", "PYTHONOPTIMIZE", "2")
                        .variables())
                .isEqualTo(Map.of("PIP_INDEX_URL", "https://example.org"));
    }

    @Test
    void anotherSourceOfPackagesHasAnotherFingerprint() throws Exception {
        String none = settings().fingerprint();
        String target = settings("PIP_TARGET", "/t").fingerprint();
        String index = settings("PIP_INDEX_URL", "https://example.org").fingerprint();
        Path user = file(".config/pip/pip.conf", "[global]\nindex-url = https://example.org\n");
        String configured = settings().fingerprint();
        Files.writeString(user, "[global]\nindex-url = https://example.com\n");

        assertThat(target).isEqualTo(none);
        assertThat(index).isNotEqualTo(none);
        assertThat(configured).isNotIn(none, index);
        assertThat(settings().fingerprint()).isNotIn(none, index, configured);
    }

    @Test
    void theFilesComeInPipsOrder() throws Exception {
        Path all = file("xdg/pip/pip.conf", "");
        Path legacy = file(".pip/pip.conf", "");
        Path user = file(".config/pip/pip.conf", "");
        Path site = file("venv/pip.conf", "");
        Path own = file("own.conf", "");
        Path venv = home.resolve("venv");

        assertThat(settings().files(venv)).containsSubsequence(all, legacy, user, site);
        assertThat(settings("PIP_CONFIG_FILE", own.toString()).files(venv))
                .containsSubsequence(all, site, own)
                .doesNotContain(legacy, user);
        assertThat(settings("PIP_CONFIG_FILE", "/dev/null").files(venv)).isEmpty();
    }
}
