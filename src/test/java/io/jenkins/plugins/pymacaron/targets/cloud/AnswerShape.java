package io.jenkins.plugins.pymacaron.targets.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The fields of an answer, each by its path such as {@code Environments.Status}, and of what kind their values are. Lists and
 * the wrappers of AWS's protocols are left out, so that JSON and XML of one answer have one shape.
 */
public record AnswerShape(Map<String, Kind> fields) {
    /** The meaning of a value to its reader. */
    public enum Kind {
        TIME,
        FLAG,
        NUMBER,
        TEXT,
        /** A list or a structure, with or without something in it. */
        GROUP
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param body as JSON or XML; one that is neither has no fields */
    public static AnswerShape of(String body) throws IOException {
        Map<String, Kind> fields = new TreeMap<>();
        String text = body.strip();
        if (text.startsWith("{")) {
            json("", JSON.readTree(text), fields);
        } else if (text.startsWith("<")) {
            Element root = root(text);
            Node result = firstElement(root);
            boolean query = result != null && result.getNodeName().endsWith("Result");
            xml("", query ? (Element) result : root, fields);
        }
        fields.remove("");
        return new AnswerShape(fields);
    }

    private static Element root(String text) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    private static Node firstElement(Element element) {
        Node child = element.getFirstChild();
        while (child != null && !(child instanceof Element)) {
            child = child.getNextSibling();
        }
        return child;
    }

    private static void json(String path, JsonNode node, Map<String, Kind> fields) {
        if (node.isArray()) {
            fields.put(path, Kind.GROUP);
            node.forEach(item -> {
                if (item.isContainerNode()) {
                    json(path, item, fields);
                }
            });
        } else if (node.isObject()) {
            fields.put(path, Kind.GROUP);
            node.properties().forEach(field -> json(below(path, field.getKey()), field.getValue(), fields));
        } else {
            fields.merge(path, kind(node.asText()), AnswerShape::wider);
        }
    }

    private static void xml(String path, Element element, Map<String, Kind> fields) {
        if (firstElement(element) == null) {
            boolean leaf = !element.getTextContent().isEmpty();
            fields.merge(path, leaf ? kind(element.getTextContent()) : Kind.GROUP, AnswerShape::wider);
            return;
        }
        fields.put(path, Kind.GROUP);
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner && !inner.getNodeName().matches("ResponseMetadata|requestId")) {
                boolean item = inner.getNodeName().matches("member|item");
                if (!item || firstElement(inner) != null) {
                    xml(item ? path : below(path, inner.getNodeName()), inner, fields);
                }
            }
        }
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static Kind kind(String text) {
        if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.+Z")) {
            return Kind.TIME;
        }
        if (text.matches("true|false")) {
            return Kind.FLAG;
        }
        return text.matches("-?[0-9]+([.][0-9]+)?(E-?[0-9]+)?") ? Kind.NUMBER : Kind.TEXT;
    }

    private static Kind wider(Kind one, Kind other) {
        return one == other ? one : one == Kind.GROUP || other == Kind.GROUP ? Kind.GROUP : Kind.TEXT;
    }

    /** Both in one. */
    public AnswerShape with(AnswerShape other) {
        Map<String, Kind> all = new TreeMap<>(fields);
        other.fields.forEach((path, kind) -> all.merge(path, kind, AnswerShape::wider));
        return new AnswerShape(all);
    }

    /**
     * Returns the differences of a real answer: fields that this one lacks, and values of another kind. Texts can be of
     * any kind.
     */
    public TreeSet<String> lacking(AnswerShape real) {
        return real.fields.entrySet().stream()
                .filter(field -> {
                    Kind mine = fields.get(field.getKey());
                    boolean strict = field.getValue() == Kind.TIME || field.getValue() == Kind.FLAG;
                    return mine == null || strict && mine != field.getValue();
                })
                .map(field -> field.getKey() + " " + field.getValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
