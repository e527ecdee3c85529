package io.jenkins.plugins.pymacaron.targets.gke.wire;

import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A project of Google Cloud with two clusters, on loopback, until its standard input ends: for bin/demo. Writes into a
 * directory what a deployment needs: {@code key.json}, {@code endpoint} and {@code kubeconfig}.
 */
public final class GkeDemo {
    private GkeDemo() {}

    /** @param args directory, name of the service, port of live, port of staging */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        String name = args[1];
        try (ContainerHosts hosts = new ContainerHosts(name + "-pod-");
                KubeServer kube = new KubeServer(
                        hosts,
                        image -> true,
                        4000,
                        Map.of(
                                name + "-live-ingress", Integer.parseInt(args[2]),
                                name + "-staging-ingress", Integer.parseInt(args[3])));
                GoogleServer google = new GoogleServer(kube)) {
            for (String slot : List.of("staging", "live")) {
                google.clusters.add(new GoogleServer.Known(
                        "demo", "europe-west1-b", name + "-" + slot, kube.url().getAuthority(), kube.certificate()));
            }
            kube.allow("kubectl");
            write(directory.resolve("endpoint"), google.url());
            write(directory.resolve("kubeconfig"), kubeconfig(kube, "kubectl"));
            write(directory.resolve("key.json"), google.key());
            while (System.in.read() >= 0) {
                // It ends when its caller ends it.
            }
            kube.troubles.forEach(System.err::println);
        }
    }

    static String kubeconfig(KubeServer kube, String token) {
        String authority = Base64.getEncoder().encodeToString(kube.certificate().getBytes(StandardCharsets.UTF_8));
        return "apiVersion: v1\nkind: Config\ncurrent-context: demo\nclusters:\n- name: demo\n  cluster:\n    server: "
                + kube.url() + "\n    certificate-authority-data: " + authority
                + "\nusers:\n- name: demo\n  user:\n    token: " + token + "\ncontexts:\n- name: demo\n  context:\n"
                + "    cluster: demo\n    user: demo\n    namespace: default\n";
    }

    /** Whole or not at all. */
    private static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
