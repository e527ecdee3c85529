package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a value in {@code .env} as Docker Compose does, where Beanstalk writes the environment properties one a line,
 * by compose-spec/compose-go, {@code dotenv/parser.go} (extractVarValue, hasQuotePrefix) and {@code dotenv/godotenv.go}
 * (expandVariables). No variable of the file stands in another one here.
 */
final class DotEnv {
    private static final Pattern VARIABLE = Pattern.compile("(\\\\)?\\$(\\()?\\{?([A-Za-z0-9_]+)?\\}?");

    private DotEnv() {}

    /** Returns the value; empty where it cannot be read, and no container starts. */
    static Optional<String> read(String value) {
        String line = value.stripLeading();
        int end = line.indexOf('\n');
        if (!line.isEmpty() && (line.charAt(0) == '"' || line.charAt(0) == '\'')) {
            int close = line.indexOf(line.charAt(0), 1);
            if (close < 0) {
                return Optional.empty();
            }
            String inner = line.substring(1, close);
            return Optional.of(line.charAt(0) == '"' ? expand(inner) : inner);
        }
        String first = end < 0 ? line : line.substring(0, end);
        return Optional.of(expand(first.split("#", -1)[0].stripTrailing()));
    }

    private static String expand(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null ? found.group().substring(1) : ""));
    }
}
