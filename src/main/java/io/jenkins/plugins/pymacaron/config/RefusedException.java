package io.jenkins.plugins.pymacaron.config;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Thrown for text that is YAML by its grammar, but that PyYAML refuses or that is not accepted here. */
final class RefusedException extends MarkedYAMLException {
    private static final long serialVersionUID = 1L;

    private final String advice;

    RefusedException(String message, String advice, Mark mark) {
        super(null, null, message, mark);
        this.advice = advice;
    }

    static RefusedException tooDeep(Mark mark) {
        return new RefusedException(
                "values are nested more than " + StrictParser.DEEPEST + " levels deep", "Make the file flatter.", mark);
    }

    String advice() {
        return advice;
    }
}
