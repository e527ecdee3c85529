package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Python version that a project asks for: {@code .python-version} (pyenv: the first version in it),
 * {@code requires-python} of {@code pyproject.toml} (PyPA specification "pyproject.toml", with version specifiers as in
 * PEP 440), and {@code python} among Poetry's dependencies.
 *
 * @param file that asks
 * @param wanted as it is written there
 * @param satisfied whether the interpreter matches
 */
public record RequestedPython(String file, String wanted, boolean satisfied) {
    private static final int MOST_BYTES = 1 << 20;
    private static final String PYENV = ".python-version";
    private static final String PROJECT = "pyproject.toml";
    private static final Pattern PLAIN = Pattern.compile("(?:python-)?(\\d+(?:\\.\\d+){0,2})");
    private static final Pattern TABLE = Pattern.compile("^\\s*\\[\\s*([\\w.\\-]+)\\s*]\\s*(?:#.*)?$");
    private static final Pattern VALUE =
            Pattern.compile("^\\s*(requires-python|python)\\s*=\\s*[\"']([^\"']{1,200})[\"']");
    private static final Pattern CLAUSE =
            Pattern.compile("(===|==|!=|<=|>=|~=|<|>|\\^|~|)\\s*v?(\\d+(?:\\.\\d+)*)(\\.\\*)?");

    /** Returns the requests of the project's files, none if there is nothing that can be compared. */
    public static List<RequestedPython> of(Path project, String version) throws IOException {
        List<RequestedPython> found = new ArrayList<>();
        for (String line : read(project.resolve(PYENV)).lines().toList()) {
            Matcher plain = PLAIN.matcher(line.strip());
            if (plain.matches()) {
                found.add(new RequestedPython(PYENV, plain.group(1), begins(version, plain.group(1))));
                break;
            }
        }
        String table = "";
        for (String line : read(project.resolve(PROJECT)).lines().toList()) {
            Matcher head = TABLE.matcher(line);
            Matcher value = VALUE.matcher(line);
            if (head.matches()) {
                table = head.group(1);
            } else if (value.find() && asks(table, value.group(1))) {
                String wanted = value.group(2);
                satisfies(version, wanted).ifPresent(yes -> found.add(new RequestedPython(PROJECT, wanted, yes)));
            }
        }
        return found;
    }

    private static boolean asks(String table, String key) {
        return table.equals("project") && key.equals("requires-python")
                || table.equals("tool.poetry.dependencies") && key.equals("python");
    }

    private static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static boolean begins(String version, String prefix) {
        return (version + ".").startsWith(prefix + ".");
    }

    /** Returns whether it matches; empty for a text that is no list of clauses that this reads. */
    private static Optional<Boolean> satisfies(String version, String wanted) {
        boolean all = true;
        for (String one : wanted.split(",")) {
            Matcher clause = CLAUSE.matcher(one.strip());
            if (!clause.matches()) {
                return Optional.empty();
            }
            all &= satisfies(version, clause.group(1), clause.group(2), clause.group(3) != null);
        }
        return Optional.of(all);
    }

    private static boolean satisfies(String version, String operator, String number, boolean any) {
        int compared = compare(version, number);
        return switch (operator) {
            case ">=" -> compared >= 0;
            case "<=" -> compared <= 0;
            case ">" -> compared > 0;
            case "<" -> compared < 0;
            case "!=" -> any ? !begins(version, number) : compared != 0;
            case "==", "===", "" -> any ? begins(version, number) : compared == 0;
            // PEP 440: ~= 3.8 is >= 3.8, == 3.*
            case "~=" -> compared >= 0 && begins(version, number.replaceFirst("\\.\\d+$", ""));
            // Poetry: ^3.8 is >= 3.8, < 4; ~3.8 is == 3.8.*, from there on
            case "^" -> compared >= 0 && begins(version, number.replaceFirst("\\..*", ""));
            default -> compared >= 0 && begins(version, twoOf(number));
        };
    }

    private static String twoOf(String number) {
        return String.join(".", Arrays.asList(number.split("\\.")).subList(0, Math.min(2, number.split("\\.").length)));
    }

    private static int compare(String version, String number) {
        String[] left = version.split("\\.");
        String[] right = number.split("\\.");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int difference = part(left, i) - part(right, i);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int part(String[] parts, int i) {
        return i < parts.length && parts[i].length() < 6 ? Integer.parseInt(parts[i]) : 0;
    }
}
