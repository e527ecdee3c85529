package io.jenkins.plugins.pymacaron.config;

import org.yaml.snakeyaml.error.Mark;

/** A place in a file, from 1; 0 and 0 when there is none. */
record Position(int line, int column) {
    static final Position NONE = new Position(0, 0);

    static Position of(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
