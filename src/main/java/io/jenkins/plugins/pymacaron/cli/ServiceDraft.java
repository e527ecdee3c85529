package io.jenkins.plugins.pymacaron.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that a service needs to be deployed to containers on one machine, made from the content of its directory.
 */
final class ServiceDraft {
    private static final Pattern FLASK = Pattern.compile("^(\\w+)\\s*=\\s*(?:flask\\.)?Flask\\(", Pattern.MULTILINE);
    /** A function that can be called without an argument. */
    private static final Pattern FACTORY =
            Pattern.compile("^def ((?:create|make|build)_app)\\((?:\\s*\\w+\\s*=[^,()]*,?)*\\s*\\)", Pattern.MULTILINE);

    private static final Pattern GUNICORN = Pattern.compile("^\\s*gunicorn\\b", Pattern.MULTILINE);
    private static final Pattern PING = Pattern.compile("[\"']/ping[\"']");
    private static final Pattern PYMACARON = Pattern.compile("^(?:from|import) pymacaron\\b", Pattern.MULTILINE);
    private static final Pattern ADDED = Pattern.compile("\\bpym_endpoints\\b");
    private static final String SERVER = "server.py";
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_FILES = 200;

    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<String> advice = new ArrayList<>();
    private String options = "";

    private ServiceDraft() {}

    static ServiceDraft of(Path directory) throws IOException {
        ServiceDraft draft = new ServiceDraft();
        String name = name(directory);
        FreePorts ports = FreePorts.beside(directory);
        ServiceTraits traits = ServiceTraits.of(directory);
        draft.files.put(
                "pym-config.yaml",
                ServiceTexts.config(name, ports.next(), ports.next()) + ServiceTexts.traits(name, traits));
        if (traits.tokens()) {
            draft.advice.add(
                    "The service signs tokens: set PYM_JWT_SECRET in the environment of pymdeploy, or keep it in"
                            + " Jenkins' credentials.");
        }
        draft.options = Files.exists(directory.resolve("pym-config.yaml")) ? " --target docker --no-push" : "";
        draft.files.put("Jenkinsfile", ServiceTexts.JENKINSFILE);
        Map<String, String> sources = sources(directory);
        draft.service(sources);
        draft.files.put("requirements.txt", ServiceTexts.REQUIREMENTS);
        draft.requirements(directory.resolve("requirements.txt"), isPymacaron(sources));
        draft.files.put("test/test_service.py", ServiceTexts.UNIT_TEST);
        draft.files.put("testaccept/test_service.py", ServiceTexts.ACCEPTANCE_TEST);
        return draft;
    }

    /** Returns the files by name, in the order in which they are reported. */
    Map<String, String> files() {
        return files;
    }

    /**
     * Returns the options with which {@code pymdeploy} tries the service on this machine; none where the configuration
     * is ours.
     */
    String options() {
        return options;
    }

    /** Returns the remaining steps of the user, a line each. */
    List<String> advice() {
        return advice;
    }

    private void service(Map<String, String> sources) {
        boolean pymacaron = isPymacaron(sources);
        boolean ping =
                sources.values().stream().anyMatch(text -> PING.matcher(text).find());
        boolean endpoints = !pymacaron && !ping;
        Optional<String> server = Optional.ofNullable(sources.get(SERVER));
        if (sources.isEmpty()) {
            files.put(SERVER, ServiceTexts.SMALL_SERVICE);
        } else if (server.isEmpty()) {
            Optional<String[]> app = find(sources, FLASK);
            Optional<String[]> factory = app.isPresent() ? Optional.empty() : find(sources, FACTORY);
            app.ifPresent(found -> files.put(SERVER, ServiceTexts.server(found[0], found[1], endpoints)));
            factory.ifPresent(found -> files.put(SERVER, ServiceTexts.factory(found[0], found[1], endpoints)));
            if (app.isEmpty() && factory.isEmpty()) {
                advice.add("No Flask app was found in *.py. Write a server.py that has one, by the name app: gunicorn"
                        + " runs server:app.");
            }
        }
        if (endpoints) {
            files.put("pym_endpoints.py", ServiceTexts.ENDPOINTS);
            if (server.filter(text -> !ADDED.matcher(text).find()).isPresent()) {
                advice.add("server.py has no /ping and no /version, which every stage asks for. Add to its end:");
                advice.add("    import pym_endpoints");
                advice.add("    pym_endpoints.add_to(app)");
            }
        }
    }

    private static boolean isPymacaron(Map<String, String> sources) {
        return sources.values().stream()
                .anyMatch(text -> PYMACARON.matcher(text).find());
    }

    /**
     * Adds gunicorn, which runs the service, and is installed as the service's other requirements are. PyMacaron
     * already requires it.
     */
    private void requirements(Path file, boolean pymacaron) throws IOException {
        if (!pymacaron
                && Files.isRegularFile(file)
                && Files.size(file) <= MOST_BYTES
                && !GUNICORN.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .find()) {
            advice.add("requirements.txt has no gunicorn, which runs the service. Add a line: gunicorn");
        }
    }

    /** Returns the module that has a Flask app or makes one, and its name in it; app.py comes before others. */
    private static Optional<String[]> find(Map<String, String> sources, Pattern pattern) {
        return Stream.concat(
                        Stream.of("app.py", "main.py", "wsgi.py").filter(sources::containsKey),
                        sources.keySet().stream())
                .flatMap(file -> {
                    Matcher app = pattern.matcher(sources.get(file));
                    return app.find()
                            ? Stream.<String[]>of(new String[] {file.replaceFirst("\\.py$", ""), app.group(1)})
                            : Stream.empty();
                })
                .findFirst();
    }

    private static Map<String, String> sources(Path directory) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.filter(p -> p.toString().endsWith(".py") && Files.isRegularFile(p))
                    .sorted()
                    .limit(MOST_FILES)
                    .toList()) {
                if (Files.size(file) <= MOST_BYTES) {
                    sources.put(
                            String.valueOf(file.getFileName()), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return sources;
    }

    /** Returns the name in the form of the key name. */
    private static String name(Path directory) {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        String name = Normalizer.normalize(last == null ? "" : last.toString(), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+|-+$", "");
        return name.isEmpty() ? "service" : name;
    }
}
