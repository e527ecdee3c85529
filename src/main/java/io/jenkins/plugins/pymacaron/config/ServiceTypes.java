package io.jenkins.plugins.pymacaron.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The types of keys that hold addresses, paths, names of images and names of variables. */
final class ServiceTypes {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern HOST = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\\.?");
    private static final Pattern ENVIRONMENT = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    /** The variables that every container gets from the plugin. */
    private static final List<String> OURS = List.of("PORT", "PYM_ENV");
    /** A host name or an address, with a port where one is needed (RFC 9110, section 7.2). */
    private static final Pattern HOST_HEADER = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");
    /** Segments of unreserved characters (RFC 3986, section 3.3), none of which is a dot or two. */
    private static final Pattern BASE_PATH = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]{1,100}){0,10}/?");
    /**
     * The variables by which the pipeline itself logs in. The process layer has the same list, and withholds them
     * itself.
     */
    private static final Pattern CREDENTIALS = Pattern.compile(
            "PYM_(?:REGISTRY|DEPLOYMENT|AWS|GCP|GKE)_[A-Z0-9_]+|PYM_(?:KUBECONFIG|X_AUTH)(?:_[A-Z0-9_]*)?");

    /** Host names as java.net.URI reads them, by RFC 2396, section 3.2.2. */
    private static final String HOST_NAMES =
            "An address has four numbers, such as 127.0.0.1; a name has letters, digits"
                    + " and dashes, and its last part begins with a letter.";

    private ServiceTypes() {}

    static boolean isEnvironmentName(String name) {
        return ENVIRONMENT.matcher(name).matches();
    }

    /** Returns the type of a part of a file name: PYM_ENV selects a file. */
    static Type<String> environmentName() {
        return Types.text("a name of letters, digits, dots, dashes and underscores", ENVIRONMENT);
    }

    static Type<LiveUrl> url() {
        return new Type<>(
                "a URL that starts with http:// or https://",
                (value, report) -> Types.text().reader().read(value, report).flatMap(text -> url(text, value, report)));
    }

    private static Optional<LiveUrl> url(String text, Value value, Type.Report report) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return report.unfit(value);
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if ((!tls && !"http".equalsIgnoreCase(uri.getScheme())) || uri.getRawAuthority() == null) {
            return report.unfit(value);
        }
        if (uri.getRawAuthority().indexOf('@') >= 0) {
            return report.wrong(value, "must not hold a user or password", "Remove everything before the @.");
        }
        if (uri.getHost() == null) {
            return report.wrong(
                    value,
                    "has the host " + QuotedText.of(uri.getRawAuthority().replaceFirst(":\\d*$", ""))
                            + ", which is no host name and no address",
                    HOST_NAMES);
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            return report.wrong(value, "has a port that does not exist", "Ports go from 1 to 65535.");
        }
        if (uri.getRawPath().length() > 1 || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            report.warn(value, "has a path, which is not used", "Only its host and port count; remove the rest.");
        }
        LiveUrl url = LiveUrl.of(tls, uri.getHost(), uri.getPort());
        if (!url.testsSpeakTheSame()) {
            report.warn(
                    value,
                    "is " + (tls ? "https on a port other than 443" : "http on port 443"),
                    "PyMacaron's test classes speak https on port 443 and http on any other.");
        }
        return Optional.of(url);
    }

    static Type<String> host() {
        return new Type<>(
                "a host name, without scheme, port and path",
                (value, report) -> Types.text().reader().read(value, report).flatMap(text -> {
                    if (!HOST.matcher(text).matches()) {
                        return report.unfit(value, report.expected(), "Use live_url for a whole URL.");
                    }
                    return isHost(text)
                            ? Optional.of(text)
                            : report.wrong(value, "is no host name and no address", HOST_NAMES);
                }));
    }

    /** Returns whether it can be part of a URL, by the rules of live_url. */
    private static boolean isHost(String text) {
        try {
            return new URI("http://" + text).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    static Type<String> hostHeader() {
        return new Type<>("a host name, with :PORT where one is needed", (value, report) -> Types.text()
                .reader()
                .read(value, report)
                .flatMap(text -> HOST_HEADER.matcher(text).matches()
                        ? Optional.of(text)
                        : report.unfit(value, report.expected(), "Leave out the scheme; a path is for base_path.")));
    }

    /** Returns the type; the value is read without a slash at its end. */
    static Type<String> basePath() {
        return new Type<>("a path that begins with /, such as `/api`", (value, report) -> Types.text()
                .reader()
                .read(value, report)
                .flatMap(text -> BASE_PATH.matcher(text).matches() && text.startsWith("/")
                        ? Optional.of(text.replaceFirst("/$", ""))
                        : report.unfit(value, report.expected(), "Leave out scheme and host, query and blanks.")));
    }

    static Type<String> registry() {
        return new Type<>(
                "the host[:port] of an image registry",
                (value, report) -> Types.text().reader().read(value, report).flatMap(text -> {
                    if (!ImageName.REGISTRY_PATTERN.matcher(text).matches()) {
                        return report.unfit(
                                value,
                                report.expected(),
                                "Leave out the scheme; a path after the host belongs into docker_repo.");
                    }
                    return Optional.of(text.equals("index.docker.io") ? ImageName.DOCKER_HUB : text);
                }));
    }

    static Type<String> repository() {
        return new Type<>(
                "lower-case letters and digits, with single dots, underscores or dashes between, parts divided by /",
                (value, report) -> Types.text().reader().read(value, report).flatMap(text -> {
                    if (ImageName.PATH_PATTERN.matcher(text).matches()) {
                        return Optional.of(text);
                    }
                    return report.unfit(
                            value,
                            report.expected(),
                            ImageName.looksLikeHost(text)
                                    ? "Put the host of a registry of your own into the key registry."
                                    : report.example());
                }));
    }

    static Type<String> imageReference() {
        return Types.text("the name of an image", ImageName.REFERENCE_PATTERN);
    }

    /** Returns the type of names of environment variables, each once. */
    static Type<List<String>> variables() {
        Type<String> variable = new Type<>(
                "", (value, report) -> Types.text().reader().read(value, report).flatMap(name -> {
                    if (!VARIABLE.matcher(name).matches()) {
                        return report.wrong(
                                value,
                                "holds " + (name.contains("=") ? "an assignment" : QuotedText.of(name))
                                        + ", which is no name of an environment variable",
                                "Names are made of letters, digits and underscores; values do not belong here.");
                    }
                    if (OURS.contains(name)) {
                        return report.wrong(
                                value,
                                "holds " + name + ", which the pipeline itself sets",
                                "Remove it from the list.");
                    }
                    if (CREDENTIALS.matcher(name).matches()) {
                        return report.wrong(
                                value,
                                "holds " + name + ", by which the pipeline itself gets a credential",
                                "Remove it, and give the service a credential of its own under another name.");
                    }
                    return Optional.of(name);
                }));
        Type<List<String>> all = Types.list(variable, "names of environment variables");
        return new Type<>(
                all.expected(),
                (value, report) -> all.reader().read(value, report).map(names -> {
                    List<String> once = names.stream().distinct().toList();
                    if (once.size() < names.size()) {
                        report.warn(value, "names a variable twice", "Remove one of them.");
                    }
                    return once;
                }));
    }

    /** Returns the type of paths that stay inside the project. */
    static Type<List<String>> paths() {
        Type<String> path = new Type<>(
                "", (value, report) -> Types.text().reader().read(value, report).flatMap(text -> {
                    boolean outside = text.startsWith("/")
                            || text.contains("\\")
                            || List.of(text.split("/")).contains("..");
                    if (outside || text.startsWith("-")) {
                        return report.wrong(
                                value,
                                "holds " + QuotedText.of(text) + ", which is no path inside the project",
                                "Write it relative to the directory of this file, without '..'.");
                    }
                    return Optional.of(text);
                }));
        return Types.list(path, "paths inside the project");
    }

    /**
     * Returns the type of a program and its arguments. A shell line is refused, because it could be split into words
     * only by guessing.
     */
    static Type<List<String>> argv() {
        Type<List<String>> words = Types.list(
                new Type<>(
                        "",
                        (value, report) -> value.plain() instanceof String text && text.indexOf('\0') < 0
                                ? Optional.of(text)
                                : report.unfit(value, "a list of texts", "Put it in quotes.")),
                "texts: a program and its arguments");
        return new Type<>(words.expected(), (value, report) -> {
            if (value.plain() instanceof String) {
                return report.unfit(
                        value,
                        words.expected(),
                        "No shell reads it. Write one list element for each word, such as "
                                + "[python, manage.py, migrate], or [bash, -c, '…'] where you need a shell.");
            }
            return words.reader()
                    .read(value, report)
                    .flatMap(argv -> argv.isEmpty() || argv.get(0).isBlank()
                            ? report.wrong(
                                    value,
                                    "names no program",
                                    "Give a program and its arguments, such as [python, manage.py, migrate]; for nothing,"
                                            + " write ~ or leave the key out.")
                            : Optional.of(argv));
        });
    }

    /** Returns the type of {@code [5, 25, 50]}: percentages that grow. */
    static Type<List<Integer>> percentages() {
        Type<List<Integer>> list = Types.list(Types.integer(1, 99), "growing percentages from 1 to 99");
        return new Type<>(list.expected(), (value, report) -> list.reader()
                .read(value, report)
                .flatMap(steps -> steps.stream().sorted().distinct().toList().equals(steps)
                        ? Optional.of(steps)
                        : report.unfit(value, report.expected(), report.example())));
    }
}
