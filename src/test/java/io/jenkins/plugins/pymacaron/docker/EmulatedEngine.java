package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An engine in memory behind a docker client that is a program of its own, for the containers and volumes of the docker
 * target. Its containers answer GET /version at real ports. {@code EngineContractTest} compares its answers with those of a
 * real client and engine.
 */
public final class EmulatedEngine implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FIELD = Pattern.compile("\\{\\{json (?:\\(\\.Label \"([^\"]+)\"\\)|\\.(\\w+))}}");

    /** Sends its arguments and the variables that a container is to get, then ends as it is told. */
    private static final String CLIENT = """
            #!/bin/bash
            exec 3<>/dev/tcp/127.0.0.1/%d
            all=()
            while [ $# -gt 0 ]; do
              all+=("$1")
              if [ "$1" = --env ]; then all+=("$2=${!2}"); shift; fi
              shift
            done
            printf '%%s\\0' '%s' "${#all[@]}" "${all[@]}" >&3
            IFS= read -r -d '' code <&3
            IFS= read -r -d '' error <&3
            cat <&3
            printf '%%s' "$error" >&2
            exit "$code"
            """;

    /** The end of a call of docker. */
    public record Ended(int code, String output, String error) {
        public static Ended well(String output) {
            return new Ended(0, output, "");
        }

        /** Returns the end with the words of the engine, as the client writes them. */
        public static Ended refused(String words) {
            return new Ended(1, "", "Error response from daemon: " + words + "\n");
        }
    }

    /** Stands between a client and the engine. */
    @FunctionalInterface
    public interface Between {
        Ended call(List<String> argv, Callable<Ended> engine) throws Exception;
    }

    /** A container; {@code version} is what it answers, empty for one that ends at once. */
    static final class Box {
        final String id = "%064x".formatted(System.nanoTime());
        final Instant created = Instant.now();
        final Map<String, String> labels = new TreeMap<>();
        final Map<String, String> variables = new TreeMap<>();
        String name = "";
        String image = "";
        String network = "bridge";
        String restart = "no";
        String status = "created";
        int exitCode;
        Optional<Integer> published = Optional.empty();
        Optional<Instant> startedAt = Optional.empty();

        boolean runs() {
            return status.equals("running");
        }

        List<Integer> ports() {
            if (!network.equals("host")) {
                return published.stream().toList();
            }
            List<Integer> ports = new ArrayList<>();
            for (String name : List.of("PORT", "PYM_PROBE_PORT")) {
                Optional.ofNullable(variables.get(name)).map(Integer::valueOf).ifPresent(ports::add);
            }
            return ports;
        }

        boolean shares() {
            return variables.containsKey("PYM_REUSE_PORT");
        }
    }

    private final Path directory;
    private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Between> clients = new LinkedHashMap<>();
    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> volumes = new TreeMap<>();
    private final PortServers ports = new PortServers();

    /** @param directory of the clients */
    public EmulatedEngine(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        threads.execute(this::serve);
    }

    /** Returns a new client of it. @param between sees each of its calls */
    public synchronized Docker client(Between between) throws IOException {
        String id = "client" + clients.size();
        clients.put(id, between);
        Path program = directory.resolve(id);
        write(program, CLIENT.formatted(server.getLocalPort(), id));
        return new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.empty(), program.toString());
    }

    /** Writes by a process of its own: a child of this one may hold a file open for writing, which cannot be run then. */
    private static void write(Path program, String text) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "cat > \"$0\" && chmod 700 \"$0\"", program.toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        if (shell.onExit().join().exitValue() != 0) {
            throw new IOException(program + " cannot be written");
        }
    }

    /** Returns the names of the containers, running or not. */
    public synchronized List<String> names() {
        return List.copyOf(boxes.keySet());
    }

    /** Returns the names of the running ones. */
    public synchronized List<String> running() {
        return boxes.values().stream().filter(Box::runs).map(box -> box.name).toList();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> answer(socket));
            } catch (IOException e) {
                // It is closed.
                return;
            }
        }
    }

    private void answer(Socket open) {
        try (Socket socket = open;
                DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
                OutputStream out = socket.getOutputStream()) {
            String client = word(in);
            int count = Integer.parseInt(word(in));
            List<String> argv = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                argv.add(word(in));
            }
            Ended ended = between(client).call(argv, () -> call(argv));
            out.write((ended.code() + "\0" + ended.error() + "\0" + ended.output()).getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            // The client fails then: its answer ends before its exit code.
            e.printStackTrace();
        }
    }

    private synchronized Between between(String client) {
        return clients.get(client);
    }

    private static String word(DataInputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.readByte(); b != 0; b = in.readByte()) {
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Carries out a call; each is atomic. */
    synchronized Ended call(List<String> argv) throws IOException {
        int dashes = argv.indexOf("--");
        List<String> options = dashes < 0 ? argv : argv.subList(0, dashes);
        List<String> names = dashes < 0 ? List.of() : argv.subList(dashes + 1, argv.size());
        String verb = argv.get(0);
        String what = verb.equals("container") || verb.equals("volume") ? verb + " " + argv.get(1) : verb;
        return switch (what) {
            case "create" -> create(options, names.get(0));
            case "start" -> start(names.get(0));
            case "stop" -> stop(names.get(0));
            case "rm" -> remove(names.get(0), options.contains("--force"));
            case "ps" -> list(options);
            case "logs" ->
                boxes.containsKey(names.get(0)) ? Ended.well("log of " + names.get(0) + "\n") : absent(names.get(0));
            case "container inspect" -> inspect(names);
            case "volume create" -> {
                volumes.putIfAbsent(names.get(0), pairs(values(options, "--label")));
                yield Ended.well(names.get(0) + "\n");
            }
            case "volume ls" ->
                Ended.well(volumes.entrySet().stream()
                        .filter(volume -> matches(volume.getValue(), options))
                        .map(volume -> row(options, volume.getValue(), Map.of("Name", volume.getKey())))
                        .reduce("", String::concat));
            case "volume rm" -> {
                names.forEach(volumes::remove);
                yield Ended.well(String.join("\n", names) + "\n");
            }
            default -> throw new IllegalArgumentException("not a call that the target makes: " + argv);
        };
    }

    private static Ended absent(String name) {
        return Ended.refused("No such container: " + name);
    }

    private static List<String> values(List<String> options, String option) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i + 1 < options.size(); i++) {
            if (options.get(i).equals(option)) {
                found.add(options.get(i + 1));
            }
        }
        return found;
    }

    private static Map<String, String> pairs(List<String> texts) {
        Map<String, String> pairs = new TreeMap<>();
        for (String text : texts) {
            int at = text.indexOf('=');
            pairs.put(at < 0 ? text : text.substring(0, at), at < 0 ? "" : text.substring(at + 1));
        }
        return pairs;
    }

    private Ended create(List<String> options, String image) {
        Box box = new Box();
        box.name = values(options, "--name").get(0);
        box.image = image;
        box.labels.putAll(pairs(values(options, "--label")));
        box.variables.putAll(pairs(values(options, "--env")));
        box.network = values(options, "--network").get(0);
        box.restart = values(options, "--restart").get(0);
        box.published = values(options, "--publish").stream()
                .map(text -> Integer.valueOf(text.split(":")[1]))
                .findFirst();
        Box there = boxes.putIfAbsent(box.name, box);
        return there == null
                ? Ended.well(box.id + "\n")
                : Ended.refused("Conflict. The container name \"/" + box.name + "\" is already in use by container \""
                        + there.id
                        + "\". You have to remove (or rename) that container to be able to reuse that name.");
    }

    private Ended start(String name) {
        Box box = boxes.get(name);
        if (box == null) {
            return absent(name);
        }
        if (box.runs()) {
            return Ended.well(name + "\n");
        }
        boolean taken = boxes.values().stream()
                .filter(Box::runs)
                .filter(other -> !box.shares() || !other.shares())
                .anyMatch(other -> other.ports().stream().anyMatch(box.ports()::contains));
        if (taken && box.published.isPresent()) {
            return Ended.refused("driver failed programming external connectivity on endpoint " + name
                    + ": Bind for 127.0.0.1:" + box.published.get() + " failed: port is already allocated");
        }
        String version = box.image.replaceFirst("@.*", "").replaceFirst(".*/", "");
        box.startedAt = Optional.of(Instant.now());
        boolean ends = taken || version.startsWith("bad") || !ports.open(box.name, version, box.ports());
        box.status = ends ? "exited" : "running";
        box.exitCode = ends ? 1 : 0;
        return Ended.well(name + "\n");
    }

    private void end(Box box) {
        if (box.runs()) {
            ports.close(box.name);
            box.status = "exited";
        }
    }

    private Ended stop(String name) {
        Box box = boxes.get(name);
        if (box == null) {
            return absent(name);
        }
        end(box);
        return Ended.well(name + "\n");
    }

    private Ended remove(String name, boolean force) {
        Box box = boxes.get(name);
        if (box == null) {
            return absent(name);
        }
        if (box.runs() && !force) {
            return Ended.refused("cannot remove container \"/" + name
                    + "\": container is running: stop the container before removing or force remove");
        }
        boxes.remove(name);
        end(box);
        return Ended.well(name + "\n");
    }

    private static boolean matches(Map<String, String> labels, List<String> options) {
        return pairs(values(options, "--filter").stream()
                        .map(filter -> filter.substring("label=".length()))
                        .toList())
                .entrySet()
                .stream()
                .allMatch(wanted -> labels.containsKey(wanted.getKey())
                        && (wanted.getValue().isEmpty() || wanted.getValue().equals(labels.get(wanted.getKey()))));
    }

    private Ended list(List<String> options) {
        StringBuilder all = new StringBuilder();
        boxes.values().stream()
                .filter(box -> matches(box.labels, options))
                .sorted(Comparator.comparing((Box box) -> box.created).reversed())
                .forEach(box -> all.append(
                        options.contains("--quiet")
                                ? box.id + "\n"
                                : row(
                                        options,
                                        box.labels,
                                        Map.of(
                                                "ID",
                                                box.id,
                                                "Names",
                                                box.name,
                                                "Image",
                                                box.image,
                                                "State",
                                                box.status))));
        return Ended.well(all.toString());
    }

    /** Returns a line in the format that was asked for. */
    private static String row(List<String> options, Map<String, String> labels, Map<String, String> fields) {
        Matcher field = FIELD.matcher(values(options, "--format").get(0));
        return field.replaceAll(found -> Matcher.quoteReplacement(quoted(
                        found.group(1) == null ? fields.get(found.group(2)) : labels.getOrDefault(found.group(1), ""))))
                + "\n";
    }

    private static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    private Ended inspect(List<String> names) {
        ArrayNode all = JSON.createArrayNode();
        StringBuilder errors = new StringBuilder();
        for (String name : names) {
            Optional<Box> box = boxes.values().stream()
                    .filter(one -> one.name.equals(name) || one.id.equals(name))
                    .findFirst();
            box.ifPresentOrElse(
                    one -> all.add(facts(one)), () -> errors.append(absent(name).error()));
        }
        return new Ended(errors.length() == 0 ? 0 : 1, all + "\n", errors.toString());
    }

    private static ObjectNode facts(Box box) {
        ObjectNode facts = JSON.createObjectNode();
        facts.put("Id", box.id).put("Name", "/" + box.name).put("Created", box.created.toString());
        facts.put("Image", box.image.substring(box.image.indexOf('@') + 1)).put("RestartCount", 0);
        ObjectNode config = facts.putObject("Config").put("Image", box.image);
        box.labels.forEach(config.putObject("Labels")::put);
        facts.putObject("State")
                .put("Status", box.status)
                .put("ExitCode", box.exitCode)
                .put("Error", "")
                .put("OOMKilled", false)
                .put("StartedAt", box.startedAt.map(Instant::toString).orElse("0001-01-01T00:00:00Z"));
        ObjectNode settings = facts.putObject("NetworkSettings");
        ObjectNode published = settings.putObject("Ports");
        box.published
                .filter(port -> box.runs())
                .ifPresent(port -> published.putArray("80/tcp").addObject().put("HostPort", port.toString()));
        facts.putObject("HostConfig")
                .put("NetworkMode", box.network)
                .putObject("RestartPolicy")
                .put("Name", box.restart);
        return facts;
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        ports.close();
    }
}
