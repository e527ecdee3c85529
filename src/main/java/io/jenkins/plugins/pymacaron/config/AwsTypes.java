package io.jenkins.plugins.pymacaron.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The types of keys that name resources of AWS. */
final class AwsTypes {
    private static final Pattern NAMESPACE = Pattern.compile("aws:[a-z0-9]+(?::[A-Za-z0-9_.-]+)+");
    private static final Pattern OPTION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _./-]{0,99}");
    private static final String PROPERTIES = "aws:elasticbeanstalk:application:environment";
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|token).*");

    private AwsTypes() {}

    /** Returns the type. @param prefix the beginning of each id, such as {@code subnet} */
    static Type<List<String>> ids(String prefix, String plural) {
        return Types.list(
                Types.text("an id such as " + prefix + "-0123abcd", Pattern.compile(prefix + "-[0-9a-f]{8,17}")),
                plural);
    }

    /** Returns the type: {@code {namespace: {name: value}}}, as {@code namespace|name} to value. */
    static Type<Map<String, String>> options() {
        return new Type<>("namespaces, each with names and values of options", (value, report) -> {
            if (!(value instanceof Value.Mapping namespaces)) {
                return report.unfit(value);
            }
            Map<String, String> options = new TreeMap<>();
            boolean good = true;
            for (Map.Entry<Object, Value.Mapping.Entry> entry :
                    namespaces.entries().entrySet()) {
                String namespace = String.valueOf(entry.getKey());
                Value inner = entry.getValue().value();
                if (!NAMESPACE.matcher(namespace).matches() || !(inner instanceof Value.Mapping names)) {
                    report.wrong(
                            inner,
                            "has " + QuotedText.of(namespace) + ", which is no namespace with options below it",
                            report.example());
                    good = false;
                    continue;
                }
                for (Map.Entry<Object, Value.Mapping.Entry> option :
                        names.entries().entrySet()) {
                    String name = String.valueOf(option.getKey());
                    Optional<String> text =
                            option(namespace, name, option.getValue().value(), report);
                    text.ifPresent(t -> options.put(namespace + "|" + name, t));
                    good &= text.isPresent();
                }
            }
            return good ? Optional.of(Map.copyOf(options)) : Optional.empty();
        });
    }

    private static Optional<String> option(String namespace, String name, Value value, Type.Report report) {
        if (!OPTION.matcher(name).matches()
                || !(value instanceof Value.Scalar scalar)
                || scalar.plain() == null
                || scalar.text().isBlank()
                || !scalar.text().codePoints().allMatch(QuotedText::harmless)) {
            return report.wrong(
                    value, "has " + QuotedText.of(name) + ", which is no option with a value", report.example());
        }
        if (namespace.startsWith(PROPERTIES) || SECRET.matcher(name).matches()) {
            return report.wrong(
                    value,
                    "has " + namespace + " " + QuotedText.of(name) + ", which is or may be a secret",
                    "Name the variable in env_secrets.");
        }
        Optional<String> better = AwsOptions.instead(namespace, name);
        if (better.isPresent()) {
            return report.wrong(value, "has " + namespace + " " + name, better.get());
        }
        return Optional.of(
                scalar.plain() instanceof Boolean yes ? yes.toString().toLowerCase(Locale.ROOT) : scalar.text());
    }
}
