package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseManifestTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    private static BaseManifest read(int layers, long size, String config) throws IOException {
        String layer = "{'mediaType': 'application/vnd.oci.image.layer.v1.tar+gzip', 'digest': '" + DIGEST
                + "', 'size': " + size + "}";
        String manifest = "{'layers': [" + String.join(",", Collections.nCopies(layers, layer)) + "]}";
        String all = "{'rootfs': {'diff_ids': [" + String.join(",", Collections.nCopies(layers, "'" + DIGEST + "'"))
                + "]}, " + config + "}";
        return BaseManifest.of(
                DIGEST, MAPPER.readTree(manifest.replace('\'', '"')), MAPPER.readTree(all.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'architecture': 'arm', 'variant': 'v7', 'config': {'OnBuild': null}",
                "'architecture': 'arm64', 'variant': 'v8', 'config': {'OnBuild': []}",
                "'architecture': 'amd64'"
            })
    void anOrdinaryBaseIsRead(String config) throws Exception {
        assertThat(read(2, 7, config).layers()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'config': {'StopSignal': 'SIGQUIT'} | it has a STOPSIGNAL, which builder: layers cannot keep",
                "'config': {'OnBuild': ['RUN true']} | it has an ONBUILD, which builder: layers does not run",
                "'architecture': 'arm', 'variant': 'v6' | it is for the variant v6, which builder: layers cannot keep"
            })
    void aBaseThatWouldChangeItsMeaningIsRefused(String config, String reason) {
        assertThatThrownBy(() -> read(1, 7, config)).hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "arm, v7, linux/arm/v7, true",
        "arm, '', linux/arm/v7, true",
        "arm, v7, linux/arm, true",
        "arm, v5, linux/arm, false",
        "arm, v6, linux/arm/v7, false",
        "arm, '', linux/arm/v6, false",
        "arm64, '', linux/arm64/v8, true",
        "amd64, '', linux/amd64, true",
        "amd64, '', linux/arm64, false"
    })
    void aVariantBelongsToThePlatform(String architecture, String variant, String platform, boolean fits) {
        assertThat(BaseManifest.isFor(
                        MAPPER.createObjectNode()
                                .put("os", "linux")
                                .put("architecture", architecture)
                                .put("variant", variant),
                        platform))
                .isEqualTo(fits);
    }

    @Test
    void allLayersTogetherHaveALimit() throws Exception {
        assertThat(read(2, 32L << 30, "'os': 'linux'").layers()).hasSize(2);
        assertThatThrownBy(() -> read(3, 32L << 30, "'os': 'linux'")).hasMessage("its layers have more than 64 GB");
        assertThatThrownBy(() -> read(3, Long.MAX_VALUE, "'os': 'linux'"))
                .hasMessage("its layers have more than 64 GB");
    }
}
