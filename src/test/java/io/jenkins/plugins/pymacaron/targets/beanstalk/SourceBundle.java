package io.jenkins.plugins.pymacaron.targets.beanstalk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkService.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The parts of a source bundle that Elastic Beanstalk reads. @param files by name */
record SourceBundle(Map<String, String> files) {
    static SourceBundle of(byte[] zipped) {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(zipped))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                files.put(e.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SourceBundle(files);
    }

    boolean isCompose() {
        return files.containsKey("docker-compose.yml");
    }

    String image() throws Refusal, IOException {
        if (isCompose()) {
            return files.get("docker-compose.yml").replaceAll("(?s).*image: \"([^\"]+)\".*", "$1");
        }
        JsonNode dockerrun = new ObjectMapper().readTree(files.get("Dockerrun.aws.json"));
        if (!dockerrun.path("AWSEBDockerrunVersion").asText().equals("1")
                || dockerrun.at("/Ports/0/ContainerPort").asInt() == 0) {
            throw BeanstalkService.invalid("Dockerrun.aws.json is not of version 1");
        }
        return dockerrun.at("/Image/Name").asText();
    }

    /**
     * Returns why processing fails: "Pre-processes and validates the environment manifest and configuration files
     * (*.config files in the .ebextensions folder)" (botocore, CreateApplicationVersion, Process). The words of the
     * event have no witness.
     */
    Optional<String> illConfiguration(String label) {
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (file.getKey().matches("\\.ebextensions/[^/]+\\.config")) {
                try {
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(file.getValue());
                } catch (YAMLException e) {
                    return Optional.of("The configuration file " + file.getKey() + " in application version " + label
                            + " contains invalid YAML or JSON. YAML exception: Invalid Yaml: " + e.getMessage());
                }
            }
        }
        return Optional.empty();
    }
}
