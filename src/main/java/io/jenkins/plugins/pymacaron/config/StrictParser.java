package io.jenkins.plugins.pymacaron.config;

import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;

/**
 * Refuses what SnakeYAML lets pass: tabs that PyYAML refuses, and, before anything recurses into it, what is nested too
 * deeply. SnakeYAML has a limit too, but cannot say where.
 */
final class StrictParser implements Parser {
    static final int DEEPEST = 30;

    private final Parser parser;
    private final int[] text;
    private int depth;

    /** @param text what is parsed */
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
        return event;
    }

    /** PyYAML takes no tab in an unquoted scalar nor behind it, not even at the end of the line. */
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
