package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
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

    /** Checks every file below Jenkins' home, which has logs, builds and programs, and below the workspace's parent. */
    public static void assertNowhere(JenkinsRule j, Path workspaces, String secret) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : List.of(j.jenkins.getRootDir().toPath(), workspaces)) {
            readAll(root, (file, content) -> {
                if (content.contains(secret)) {
                    found.add(file);
                }
            });
        }
        assertThat(found).isEmpty();
    }

    /** Gives what each file holds, as characters of one byte each. A running Jenkins makes and deletes files meanwhile. */
    static void readAll(Path root, BiConsumer<Path, String> reader) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    try {
                        reader.accept(file, Files.readString(file, StandardCharsets.ISO_8859_1));
                    } catch (NoSuchFileException e) {
                        return visitFileFailed(file, e);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return hasGone(e);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                return e == null ? FileVisitResult.CONTINUE : hasGone(e);
            }
        });
    }

    private static FileVisitResult hasGone(IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }
}
