package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns composed nodes into values as PyYAML's SafeConstructor would: it merges {@code <<}, and takes the last of two
 * equal keys. Aliases are followed, so the number of values is limited, not the number of nodes.
 */
final class NodeReader {
    private static final int MOST_VALUES = 20_000;
    private static final Set<Tag> LISTS = Set.of(Tag.SEQ, Tag.OMAP, Tag.PAIRS);
    private static final Set<Tag> MAPPINGS = Set.of(Tag.MAP, Tag.SET);

    private final Problems problems;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    NodeReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads a node.
     *
     * @throws RefusedException for nodes that PyYAML refuses too, and for values that would grow without limit
     */
    Value read(Node node) {
        count(node);
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        enter(node);
        Value value = node instanceof SequenceNode sequence ? items(sequence) : mapping((MappingNode) node);
        open.remove(node);
        return value;
    }

    private void count(Node node) {
        if (++values > MOST_VALUES) {
            throw refused("aliases make more than " + MOST_VALUES + " values of this file", "Use fewer aliases.", node);
        }
    }

    private void enter(Node node) {
        if (!open.add(node)) {
            throw refused("this value contains itself", "Remove the alias inside of it.", node);
        }
        if (open.size() > StrictParser.DEEPEST) {
            throw RefusedException.tooDeep(node.getStartMark());
        }
    }

    private Value scalar(ScalarNode node) {
        FilePosition at = FilePosition.of(node.getStartMark());
        String text = node.getValue();
        Object value;
        try {
            value = Scalars.construct(node.getTag(), text);
        } catch (RuntimeException e) {
            throw refused(
                    QuotedText.of(text) + " cannot be read: " + e.getMessage(),
                    "Put it in quotes if it is text.",
                    node);
        }
        // A tag that repeats the type of the text cannot be told from no tag; that does no harm.
        boolean untagged = node.getTag().equals(PyYamlResolver.plain(text));
        if (node.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN && untagged) {
            Yaml12.difference(text, value)
                    .ifPresent(difference -> problems.warning(
                            at, difference, "Put it in quotes if it is text; otherwise write it in another way."));
        }
        return new Value.Scalar(value, text, at);
    }

    private Value items(SequenceNode node) {
        require(node, LISTS);
        List<Value> items = new ArrayList<>();
        node.getValue().forEach(item -> items.add(read(item)));
        return new Value.Items(items, FilePosition.of(node.getStartMark()));
    }

    private Value mapping(MappingNode node) {
        require(node, MAPPINGS);
        Map<Object, Value.Mapping.Entry> entries = new LinkedHashMap<>();
        for (Node merged : merged(node)) {
            count(merged);
            enter(merged);
            Value.Mapping below = (Value.Mapping) mapping((MappingNode) merged);
            open.remove(merged);
            entries.putAll(below.entries());
        }
        Map<Object, FilePosition> own = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (isMerge(tuple)) {
                continue;
            }
            Object key = key(tuple.getKeyNode());
            FilePosition at = FilePosition.of(tuple.getKeyNode().getStartMark());
            FilePosition before = own.put(key, at);
            if (before != null) {
                problems.warning(
                        at,
                        "the key " + QuotedText.of(String.valueOf(key)) + " is already in line " + before.line()
                                + "; the one in line " + at.line() + " counts",
                        "Remove one of them.");
            }
            entries.put(key, new Value.Mapping.Entry(at, read(tuple.getValueNode())));
        }
        return new Value.Mapping(entries, FilePosition.of(node.getStartMark()));
    }

    /** Returns the key; null for an empty key, as in Python. */
    private Object key(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw refused("a key must be a single value", "Write it as text.", node);
        }
        boolean equalsSign = scalar.getTag().equals(PyYamlResolver.plain("="));
        return equalsSign ? scalar.getValue() : read(scalar).plain();
    }

    private static boolean isMerge(NodeTuple tuple) {
        return tuple.getKeyNode().getTag().equals(Tag.MERGE);
    }

    /** Returns the mappings under {@code <<}, in the order in which later ones win: of a list, the first wins. */
    private static List<Node> merged(MappingNode node) {
        List<Node> merged = new ArrayList<>();
        for (NodeTuple tuple : node.getValue()) {
            if (!isMerge(tuple)) {
                continue;
            }
            List<Node> sources = new ArrayList<>(
                    tuple.getValueNode() instanceof SequenceNode list
                            ? list.getValue()
                            : List.of(tuple.getValueNode()));
            for (Node source : sources) {
                if (!(source instanceof MappingNode)) {
                    throw refused("<< can only merge mappings", "Give it an alias of one.", source);
                }
            }
            Collections.reverse(sources);
            merged.addAll(sources);
        }
        return merged;
    }

    private static void require(Node node, Set<Tag> known) {
        if (!known.contains(node.getTag())) {
            throw refused(
                    "cannot read a value tagged " + QuotedText.of(node.getTag().getValue()), "Remove the tag.", node);
        }
    }

    private static RefusedException refused(String message, String advice, Node node) {
        return new RefusedException(message, advice, node.getStartMark());
    }
}
