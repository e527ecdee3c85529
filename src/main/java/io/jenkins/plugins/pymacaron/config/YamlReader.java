package io.jenkins.plugins.pymacaron.config;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.composer.ComposerException;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML as PyYAML's loaders do, since the service reads the same file with them. Nodes are composed, objects are
 * never constructed, so no tag can run code.
 */
final class YamlReader {
    private YamlReader() {}

    /**
     * Reads a file that has to contain one mapping.
     *
     * @param problems receives warnings
     * @throws ConfigException if there is none, with everything found so far
     */
    static Value.Mapping read(String file, byte[] content, Problems problems) throws ConfigException {
        String text = YamlSource.read(file, content);
        Value value = null;
        try {
            Node root = compose(text);
            value = root == null ? null : new NodeReader(problems).read(root);
        } catch (MarkedYAMLException e) {
            FilePosition at = e.getProblemMark() == null ? FilePosition.NONE : FilePosition.of(e.getProblemMark());
            problems.error(at, message(e), advice(e));
        } catch (YAMLException | IllegalArgumentException e) {
            problems.error(
                    FilePosition.NONE,
                    "this is not YAML: " + QuotedText.of(String.valueOf(e.getMessage())),
                    "Correct it.");
        }
        problems.throwIfErrors();
        if (value == null || value.plain() == null) {
            problems.error(
                    new FilePosition(1, 1), "the file is empty", "It needs at least name, docker_repo and live_url.");
        } else if (!(value instanceof Value.Mapping)) {
            problems.error(
                    value.at(),
                    "the file must hold keys with values, but holds " + kind(value),
                    "Write lines such as: name: hello");
        }
        problems.throwIfErrors();
        return (Value.Mapping) value;
    }

    private static Node compose(String text) {
        LoaderOptions options = new LoaderOptions();
        // StrictParser and NodeReader have limits and a list of tags that report the place and the next step.
        options.setNestingDepthLimit(StrictParser.DEEPEST + 1);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        options.setTagInspector(tag -> true);
        StrictParser parser = new StrictParser(new ParserImpl(new StreamReader(text), options), text);
        return new Composer(parser, new PyYamlResolver(), options).getSingleNode();
    }

    private static String kind(Value value) {
        return value instanceof Value.Items ? "a list" : "one single value";
    }

    private static String message(MarkedYAMLException e) {
        if (e instanceof RefusedException) {
            return e.getProblem();
        }
        if (severalDocuments(e)) {
            return "a second YAML document begins here";
        }
        return "this is not YAML: " + QuotedText.of(String.valueOf(e.getProblem()), 200);
    }

    private static String advice(MarkedYAMLException e) {
        if (e instanceof RefusedException refused) {
            return refused.advice();
        }
        if (severalDocuments(e)) {
            return "Keep one document: remove the line '---', or what follows it.";
        }
        if (String.valueOf(e.getProblem()).contains("TAB")) {
            return "Indent with blanks, not with tabs.";
        }
        return "Correct it there, or in the line before.";
    }

    private static boolean severalDocuments(MarkedYAMLException e) {
        return e instanceof ComposerException && String.valueOf(e.getContext()).contains("single document");
    }
}
