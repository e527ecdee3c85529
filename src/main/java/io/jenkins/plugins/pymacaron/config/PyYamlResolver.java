package io.jenkins.plugins.pymacaron.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Resolves an untagged scalar by the patterns of PyYAML 6 (yaml/resolver.py). SnakeYAML's own patterns differ for
 * numbers: {@code 1e3} is text in Python.
 */
final class PyYamlResolver extends Resolver {
    /**
     * Longer numbers are text here, whereas PyYAML would go on counting digits. Java's regular expressions recurse, and
     * only a hostile configuration contains such numbers.
     */
    static final int LONGEST_NUMBER = 200;

    private static final Map<Tag, Pattern> PATTERNS = new LinkedHashMap<>();

    static {
        add(Tag.BOOL, "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF");
        add(
                Tag.FLOAT,
                "[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                        + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
                        + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
                        + "|[-+]?\\.(?:inf|Inf|INF)"
                        + "|\\.(?:nan|NaN|NAN)");
        add(
                Tag.INT,
                "[-+]?0b[01_]+"
                        + "|[-+]?0[0-7_]+"
                        + "|[-+]?(?:0|[1-9][0-9_]*)"
                        + "|[-+]?0x[0-9a-fA-F_]+"
                        + "|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");
        add(Tag.MERGE, "<<");
        add(Tag.NULL, "~|null|Null|NULL|");
        add(
                Tag.TIMESTAMP,
                "[0-9]{4}-[0-9]{2}-[0-9]{2}"
                        + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]*)?"
                        + "(?:[ \\t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?");
        add(new Tag(Tag.PREFIX + "value"), "=");
    }

    private static void add(Tag tag, String pattern) {
        PATTERNS.put(tag, Pattern.compile(pattern));
    }

    @Override
    protected void addImplicitResolvers() {
        // None of SnakeYAML's resolvers is added.
    }

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
        return switch (kind) {
            case sequence -> Tag.SEQ;
            case mapping -> Tag.MAP;
            default -> implicit ? plain(value) : Tag.STR;
        };
    }

    /** Returns the tag of an unquoted scalar. */
    static Tag plain(String value) {
        if (value.length() > LONGEST_NUMBER) {
            return Tag.STR;
        }
        return PATTERNS.entrySet().stream()
                .filter(entry -> entry.getValue().matcher(value).matches())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Tag.STR);
    }
}
