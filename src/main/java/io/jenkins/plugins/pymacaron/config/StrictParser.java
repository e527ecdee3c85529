package io.jenkins.plugins.pymacaron.config;

import java.util.HashSet;
import java.util.Set;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;

/**
 * Refuses text that SnakeYAML accepts: tabs and equal anchors, which PyYAML refuses, and deep nesting, before any code
 * recurses into it. SnakeYAML has a limit of nesting too, but does not report the place.
 */
final class StrictParser implements Parser {
    static final int DEEPEST = 30;

    private final Parser parser;
    private final int[] text;
    private final Set<String> anchors = new HashSet<>();
    private int depth;

    /** Makes the parser. @param text the text to parse */
    StrictParser(Parser parser, String text) {
        this.parser = parser;
        this.text = text.codePoints().toArray();
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public Event getEvent() {
        Event event = parser.getEvent();
        if (event.is(Event.ID.MappingStart) || event.is(Event.ID.SequenceStart)) {
            depth++;
        } else if (event.is(Event.ID.MappingEnd) || event.is(Event.ID.SequenceEnd)) {
            depth--;
        } else if (event instanceof ScalarEvent scalar && scalar.isPlain()) {
            refuseTabs(scalar);
        }
        if (depth > DEEPEST) {
            throw RefusedException.tooDeep(event.getStartMark());
        }
        if (event instanceof NodeEvent node && node.getAnchor() != null && !node.is(Event.ID.Alias)) {
            refuseSecond(node);
        }
        return event;
    }

    private void refuseSecond(NodeEvent node) {
        if (!anchors.add(node.getAnchor())) {
            throw new RefusedException(
                    "the anchor &" + QuotedText.of(node.getAnchor()) + " is there twice, which PyYAML refuses",
                    "Give one of them another name.",
                    node.getStartMark());
        }
    }

    /** Refuses tabs: PyYAML allows no tab in an unquoted scalar nor after it, not even at the end of the line. */
    private void refuseTabs(ScalarEvent scalar) {
        int begin = scalar.getStartMark().getIndex();
        int end = scalar.getEndMark().getIndex();
        for (int i = begin; begin < end && i < text.length && (i < end || text[i] == ' ' || text[i] == '\t'); i++) {
            if (text[i] == '\t') {
                throw new RefusedException(
                        "there is a tab in this value or behind it, which PyYAML refuses",
                        "Write blanks instead.",
                        scalar.getStartMark());
            }
        }
    }
}
