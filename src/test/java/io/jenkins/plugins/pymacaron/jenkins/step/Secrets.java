package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jvnet.hudson.test.JenkinsRule;

/** Credentials of tests, and whether they have got anywhere. */
public final class Secrets {
    private Secrets() {}

    public static void add(JenkinsRule j, String id, String value) throws IOException {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(value)));
        SystemCredentialsProvider.getInstance().save();
    }

    /** In no file below Jenkins' home, which has logs, builds and programs, nor below the workspace's parent. */
    public static void assertNowhere(JenkinsRule j, Path workspaces, String secret) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : List.of(j.jenkins.getRootDir().toPath(), workspaces)) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    if (content.contains(secret)) {
                        found.add(file);
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
