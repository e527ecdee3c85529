package io.jenkins.plugins.pymacaron.docker;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes the command line for a container. Its variables are given as {@code --env NAME}, with the value in the client's
 * own environment, where only this user can read it. Variables that would change the client itself, and those that the
 * JVM's charset cannot write into an environment, go by {@code --env-file} and standard input, which accept no value of
 * several lines.
 */
final class RunArguments {
    private static final Pattern MEANS_SOMETHING_TO_DOCKER = Pattern.compile(
            "(?i)(DOCKER|BUILDX|BUILDKIT|LD|XDG|SSL|GO|OTEL)[_A-Z0-9]*|PATH|HOME|USER|PWD|TMPDIR|TERM|\\w+_PROXY");
    private static final String STDIN = "/dev/stdin";

    private RunArguments() {}

    static Command of(String verb, List<String> options, ContainerSpec spec) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(verb));
        arguments.addAll(options);
        spec.name().ifPresent(name -> arguments.addAll(List.of("--name", name)));
        new TreeMap<>(spec.labels()).forEach((key, value) -> arguments.addAll(List.of("--label", key + "=" + value)));
        arguments.addAll(List.of("--network", spec.network(), "--restart", spec.restart()));
        spec.published().ifPresent(port -> arguments.addAll(List.of("--publish", text(port))));
        spec.user().ifPresent(user -> arguments.addAll(List.of("--user", user)));
        Map<String, String> byEnvironment = new TreeMap<>();
        StringBuilder file = new StringBuilder();
        for (Map.Entry<String, String> variable : new TreeMap<>(spec.environment()).entrySet()) {
            if (PipelineCredentials.isOwn(variable.getKey())) {
                throw new IOException("no container gets " + variable.getKey()
                        + ", which is a credential of the pipeline's own. Take it out of env_secrets.");
            }
            if (byFile(variable.getKey(), variable.getValue())) {
                file.append(line(variable.getKey(), variable.getValue()));
            } else {
                byEnvironment.put(variable.getKey(), variable.getValue());
                arguments.addAll(List.of("--env", variable.getKey()));
            }
        }
        if (file.length() > 0) {
            arguments.addAll(List.of("--env-file", STDIN));
        }
        arguments.addAll(List.of("--", spec.image()));
        arguments.addAll(spec.command());
        Command command = Command.of(arguments).with(byEnvironment).within(Docker.SHORT);
        return file.length() > 0 ? command.feeding(file.toString().getBytes(StandardCharsets.UTF_8)) : command;
    }

    private static boolean byFile(String name, String value) {
        return MEANS_SOMETHING_TO_DOCKER.matcher(name).matches()
                || !Charset.defaultCharset().newEncoder().canEncode(value);
    }

    private static String line(String name, String value) throws IOException {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IOException(
                    "the variable " + name + " cannot be given to a container, since its value has several"
                            + " lines. Give it another name, or run in a UTF-8 locale.");
        }
        return name + "=" + value + "\n";
    }

    private static String text(ContainerSpec.Published port) {
        return port.bind() + ":" + port.host().map(String::valueOf).orElse("") + ":" + port.container();
    }
}
