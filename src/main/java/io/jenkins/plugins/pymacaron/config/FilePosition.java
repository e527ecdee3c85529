package io.jenkins.plugins.pymacaron.config;

import org.yaml.snakeyaml.error.Mark;

/** A place in a file, from 1; 0 and 0 when there is none. */
record FilePosition(int line, int column) {
    static final FilePosition NONE = new FilePosition(0, 0);

    static FilePosition of(Mark mark) {
        return new FilePosition(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
