package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The two builds compile one source tree, so they have to compile it against the same libraries. */
class PomVersionsTest {
    @Test
    void bothBuildsNameTheSameVersions() throws Exception {
        Map<String, String> central = versions("central.pom.xml");
        Map<String, String> standard = versions("pom.xml");
        standard.keySet().retainAll(central.keySet());

        assertThat(standard).hasSizeGreaterThan(4);
        assertThat(central).containsAllEntriesOf(standard);
    }

    /** In the standard build these come from API plugins, by the BOM. */
    @Test
    void theLibrariesOfApiPluginsAreThoseOfTheOtherBuild() throws Exception {
        Map<String, String> central = versions("central.pom.xml");

        assertThat(com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION)
                .hasToString(central.get("jackson.version"));
        assertThat(jar(org.yaml.snakeyaml.Yaml.class)).contains("snakeyaml-" + central.get("snakeyaml.version"));
    }

    private static String jar(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().toString();
    }

    private static Map<String, String> versions(String pom) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        NodeList properties = factory.newDocumentBuilder()
                .parse(Path.of(pom).toFile())
                .getElementsByTagName("properties")
                .item(0)
                .getChildNodes();
        Map<String, String> versions = new TreeMap<>();
        for (int i = 0; i < properties.getLength(); i++) {
            Node property = properties.item(i);
            if (property.getNodeName().endsWith(".version")
                    && !property.getNodeName().equals("jenkins.version")) {
                versions.put(property.getNodeName(), property.getTextContent());
            }
        }
        return versions;
    }
}
