package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of keys is whole, and docs/configuration.md says what it says. */
class KeysTest {
    private static final Path DOCUMENT = Path.of("docs", "configuration.md");
    private static final Path SCHEMA = Path.of("docs", "pym-config.schema.json");
    private static final String BEGIN = "<!-- The tables below are made from the table of keys by KeysTest. -->\n";

    /** Section 1.2 of what PyMacaron's own tools read, at the commits this plugin started from. */
    private static final Set<String> ORIGINAL = Set.of(
            "name",
            "live_url",
            "live_host",
            "docker_repo",
            "deploy_target",
            "env_secrets",
            "include_links",
            "docker_base",
            "with_async",
            "worker_count",
            "cpu_count",
            "docker_bucket",
            "aws_user",
            "aws_keypair",
            "aws_instance_type",
            "aws_cert_arn",
            "aws_hosts_min",
            "aws_hosts_max",
            "aws_region",
            "aws_zone_id",
            "aws_access_key_id",
            "aws_secret_access_key",
            "aws_default_region",
            "gcp_region",
            "gcp_memory",
            "gcp_request_concurrency",
            "jwt_issuer",
            "jwt_audience",
            "jwt_secret",
            "jwt_token_timeout",
            "jwt_token_renew_after",
            "default_user_id",
            "report_call_exceeding_ms",
            "scout_key",
            "scout_app_name",
            "app_name_live",
            "app_name_dev",
            "env_jwt_secret",
            "env_jwt_audience",
            "staging_host",
            "staging_url");

    @Test
    void everyKeyOfTheOriginalIsKnown() {
        assertThat(Keys.ALL).extracting(Key::name).containsAll(ORIGINAL).doesNotHaveDuplicates();
    }

    @Test
    void everyKeyHasAMeaningAndAnExampleThatItTakes() throws ConfigException {
        for (Section section : sections()) {
            for (Key<?> key : section.keys()) {
                assertThat(key.help()).as(key.name()).endsWith(".");
                if (!key.example().isEmpty()) {
                    Problems problems = new Problems("f");
                    Value.Mapping file = YamlReader.read("f", (key + ": " + key.example()).getBytes(), problems);
                    Settings settings =
                            SettingsReader.read(file, List.of(key), problems).settings();
                    assertThat(problems.all()).isEmpty();
                    assertThat(settings.find(key)).isPresent();
                }
            }
        }
    }

    @Test
    void theDocumentationIsUpToDate() throws IOException {
        String written = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : BEGIN;
        String expected = written.substring(0, written.indexOf(BEGIN)) + BEGIN + tables();
        if (Boolean.getBoolean("pym.docs.write")) {
            Files.writeString(DOCUMENT, expected);
            return;
        }
        assertThat(written)
                .as("run KeysTest with JAVA_TOOL_OPTIONS=-Dpym.docs.write=true to bring %s up to date", DOCUMENT)
                .isEqualTo(expected);
    }

    @Test
    void theSchemaForEditorsIsUpToDate() throws IOException, ConfigException {
        String expected = ConfigSchema.write();
        if (Boolean.getBoolean("pym.docs.write")) {
            Files.writeString(SCHEMA, expected);
            return;
        }
        assertThat(SCHEMA)
                .as("run KeysTest with JAVA_TOOL_OPTIONS=-Dpym.docs.write=true to bring %s up to date", SCHEMA)
                .hasContent(expected);
    }

    private static List<Section> sections() {
        return Stream.concat(Keys.SECTIONS.stream(), Keys.BLOCKS.stream()).toList();
    }

    private static String tables() {
        StringBuilder text = new StringBuilder();
        List<Section> order = new ArrayList<>(Keys.SECTIONS);
        order.addAll(order.indexOf(PipelineKeys.SECTION) + 1, Keys.BLOCKS);
        for (Section section : order) {
            text.append("\n## ").append(section.title()).append("\n\n");
            text.append(
                    section == PipelineKeys.OLD
                            ? "| Key | Instead |\n|---|---|\n"
                            : "| Key | Value | Default | Required for | Only for | Meaning |\n|---|---|---|---|---|---|\n");
            section.keys().forEach(key -> text.append(row(section, key)));
        }
        return text.toString();
    }

    private static String row(Section section, Key<?> key) {
        if (section == PipelineKeys.OLD) {
            return "| `" + key + "` | " + key.help() + " |\n";
        }
        String expected = key.type().expected();
        boolean complete = key.example().isEmpty() || expected.contains("such as") || expected.startsWith("one of ");
        return "| `" + key + "` | " + expected + (complete ? "" : ", such as `" + key.example() + "`") + " | "
                + key.defaultText() + " | " + required(key) + " | " + only(key) + " | " + key.help() + " |\n";
    }

    private static String only(Key<?> key) {
        return key.onlyFor().stream().map(DeployTarget::id).collect(Collectors.joining(", "));
    }

    private static String required(Key<?> key) {
        if (key.requiredFor().size() == DeployTarget.values().length) {
            return "every service";
        }
        String targets = key.requiredFor().stream().map(DeployTarget::id).collect(Collectors.joining(", "));
        return targets + key.requiredWhen();
    }
}
