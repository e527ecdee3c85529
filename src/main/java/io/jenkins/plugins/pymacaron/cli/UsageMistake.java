package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.config.SpellingSuggestion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Explains a mistake in the options on one line, with what to give instead. */
final class UsageMistake {
    private static final String HELP = " See pymdeploy --help.";
    /** The form of picocli's message from a converter: Invalid value for option '--target' (TARGET): ... */
    private static final Pattern INVALID = Pattern.compile(
            "Invalid value for option '([^']+)'(?: \\([^)]*\\))?(?: at index \\d+)?[^:]*: (.*)", Pattern.DOTALL);

    /** The form of picocli's message about a value that has to be a pair. */
    private static final Pattern NO_PAIR = Pattern.compile(
            "Value for option (?:option )?'([^']+)' \\(([^)]*)\\) should be in KEY=VALUE format but was (.*)",
            Pattern.DOTALL);

    private UsageMistake() {}

    static String words(ParameterException mistake) {
        if (mistake instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return name(missing.getMissing().get(0)) + " needs a value: "
                    + form(missing.getMissing().get(0)) + ".";
        }
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        if (mistake instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " is given more than once. Give it once.";
        }
        ArgSpec option = mistake.getArgSpec();
        if (mistake instanceof MaxValuesExceededException && option != null) {
            return name(option) + " is given too many values. Give it as " + form(option) + ".";
        }
        Matcher invalid = INVALID.matcher(String.valueOf(mistake.getMessage()));
        if (invalid.matches()) {
            return option instanceof OptionSpec flag && flag.arity().max() == 0
                    ? invalid.group(1) + " takes no value. Leave =" + mistake.getValue() + " away."
                    : sentence(invalid.group(1) + ": " + invalid.group(2));
        }
        Matcher pair = NO_PAIR.matcher(String.valueOf(mistake.getMessage()));
        return sentence(
                pair.matches()
                        ? pair.group(1) + ": '" + pair.group(3) + "' is not " + pair.group(2)
                        : String.valueOf(mistake.getMessage()));
    }

    private static String unmatched(UnmatchedArgumentException mistake) {
        String first =
                mistake.getUnmatched().isEmpty() ? "" : mistake.getUnmatched().get(0);
        if (!mistake.isUnknownOption()) {
            return "pymdeploy takes options only, and " + first + " is none." + HELP;
        }
        String written = first.replaceFirst("=.*", "");
        Optional<String> like = SpellingSuggestion.of(
                        written,
                        mistake.getCommandLine().getCommandSpec().optionsMap().keySet())
                .or(() -> mistake.getSuggestions().stream().findFirst());
        return "There is no option " + written + "."
                + like.map(option -> " Did you mean " + option + "?").orElse(HELP);
    }

    private static String name(ArgSpec option) {
        return option instanceof OptionSpec named ? named.longestName() : option.paramLabel();
    }

    private static String form(ArgSpec option) {
        return name(option) + " " + option.paramLabel();
    }

    private static String sentence(String text) {
        String line = text.lines().findFirst().orElse("").strip();
        return line + (line.endsWith(".") ? "" : ".") + HELP;
    }
}
