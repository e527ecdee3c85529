package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Checks the configuration files of a service, {@code .ebextensions/*.config}: "Poorly formatted configuration files
 * will cause a new environment launch to fail unrecoverably" (developer guide, "Advanced environment customization").
 * Nodes are composed and never constructed, so no tag can run code.
 */
final class ConfigurationFiles {
    /** The service reads no other files, and none in deeper folders. */
    private static final Pattern NAME = Pattern.compile("\\.ebextensions/[^/]+\\.config");

    private static final int DEEPEST = 50;
    private static final int LARGEST = 1 << 20;

    /** The options of a load balancer that environments share, which only the creation can set. */
    private static final Set<String> SHARED = Set.of("LoadBalancerIsShared", "SharedLoadBalancer");

    private ConfigurationFiles() {}

    /** Returns a sentence for each file that cannot be used. */
    static List<String> problems(ServiceFiles files) {
        List<String> problems = new ArrayList<>();
        files.byPath().forEach((name, file) -> {
            if (name.equals(Bundle.REDIRECT_FILE)) {
                problems.add(name + " has the name of the file that aws_https_redirect makes");
            } else if (NAME.matcher(name).matches()) {
                problem(file.text()).ifPresent(why -> problems.add(name + " " + why));
            }
        });
        return problems;
    }

    private static Optional<String> problem(String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setNestingDepthLimit(DEEPEST);
        limits.setCodePointLimit(LARGEST);
        try {
            Node root = new Yaml(new SafeConstructor(limits)).compose(new java.io.StringReader(text));
            if (root != null && !(root instanceof MappingNode)) {
                return Optional.of("holds no mapping of keys such as option_settings");
            }
            return root == null ? Optional.empty() : shared((MappingNode) root);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            return Optional.of("is neither YAML nor JSON: line " + line + ", " + tame(e.getProblem()));
        } catch (YAMLException e) {
            return Optional.of("is neither YAML nor JSON: " + tame(e.getMessage()));
        }
    }

    private static String tame(String words) {
        String line = String.valueOf(words).replaceAll("[^ -~]+", " ");
        return line.substring(0, Math.min(200, line.length()));
    }

    private static Optional<String> shared(MappingNode root) {
        for (NodeTuple section : root.getValue()) {
            if (text(section.getKeyNode()).equals("option_settings")) {
                return names(section.getValueNode()).stream()
                        .filter(SHARED::contains)
                        .findFirst()
                        .map(name -> "sets " + name
                                + ", and a load balancer that environments share cannot be used: docs/beanstalk.md,"
                                + " Limits");
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the names of options in both possible forms: namespaces with names, with or without a namespace in the
     * name, and a list of namespace, option_name and value ("Option settings", developer guide).
     */
    private static List<String> names(Node settings) {
        List<String> names = new ArrayList<>();
        if (settings instanceof SequenceNode list) {
            for (Node one : list.getValue()) {
                if (one instanceof MappingNode setting) {
                    for (NodeTuple field : setting.getValue()) {
                        if (text(field.getKeyNode()).equals("option_name")) {
                            names.add(text(field.getValueNode()));
                        }
                    }
                }
            }
        } else if (settings instanceof MappingNode namespaces) {
            for (NodeTuple namespace : namespaces.getValue()) {
                names.add(text(namespace.getKeyNode()));
                if (namespace.getValueNode() instanceof MappingNode options) {
                    options.getValue().forEach(option -> names.add(text(option.getKeyNode())));
                }
            }
        }
        return names.stream()
                .map(name -> name.substring(name.lastIndexOf(':') + 1))
                .toList();
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
