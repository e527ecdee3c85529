package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.DockerUnavailableException;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.process.ProcessTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Pushes an image to its registry under both of its tags, and checks that it is there. */
public final class ImagePush {
    private static final List<String> REFUSALS =
            List.of("unauthorized", "denied", "no basic auth credentials", "authentication required", "forbidden");

    private final Docker docker;
    private final Registry registry;
    private final int attempts;
    private final Duration pause;

    public ImagePush(Docker docker) {
        this(docker, 4, Duration.ofSeconds(1));
    }

    /** Makes the push. @param attempts at most @param pause before the second one; each later one is twice as long */
    public ImagePush(Docker docker, int attempts, Duration pause) {
        this.docker = docker;
        this.registry = new Registry(docker);
        this.attempts = attempts;
        this.pause = pause;
    }

    /** Returns what the registry has under an image's content tag, for {@code --no-push}. */
    public Registry.Lookup inRegistry(BuiltImage image) throws InterruptedException {
        return registry.look(image.repository(), image.contentTag());
    }

    /**
     * Pushes the image unless it is there already. An interrupted push is tried again.
     *
     * @param timeout for each attempt
     * @return the image with its repository digest
     * @throws IOException with one line: the registry cannot be reached, refuses, or has another image in the end
     */
    public BuiltImage push(BuiltImage image, Duration timeout) throws IOException, InterruptedException {
        if (image.origin() == BuiltImage.Origin.REGISTRY
                && image.id().isEmpty()
                && image.digest().isPresent()) {
            return image;
        }
        Registry.Lookup there = inRegistry(image);
        String digest;
        if (there.digest().isPresent() && there.digest().equals(image.digest())) {
            digest = there.digest().get();
        } else {
            digest = persistently(image.contentReference(), timeout, docker.images()::push);
        }
        Registry.Lookup version = registry.look(image.repository(), image.version());
        if (!version.digest().map(digest::equals).orElse(false)) {
            String second = persistently(image.versionTag(), timeout, docker.images()::pushAgain);
            verify(digest.equals(second), image);
        }
        Registry.Lookup after = inRegistry(image);
        after.trouble().ifPresent(why -> docker.processes().say(why + "; the digest is the one that docker told"));
        verify(after.trouble().isPresent() || after.digest().map(digest::equals).orElse(false), image);
        return image.at(digest);
    }

    private static void verify(boolean same, BuiltImage image) throws IOException {
        if (!same) {
            throw new IOException("pushing " + image.versionTag()
                    + " failed: the registry holds another image under this tag. Is another run pushing it now?");
        }
    }

    /** One attempt. */
    private interface Attempt {
        String push(String tag, Duration timeout) throws IOException, InterruptedException;
    }

    private String persistently(String tag, Duration timeout, Attempt one) throws IOException, InterruptedException {
        Duration wait = pause;
        for (int attempt = 1; ; attempt++) {
            try {
                return one.push(tag, timeout);
            } catch (DockerUnavailableException | ProcessTimeoutException e) {
                throw e;
            } catch (CommandFailedException e) {
                String low = e.tail().toLowerCase(Locale.ROOT);
                String registryName = RegistryName.of(tag).registry();
                if (REFUSALS.stream().anyMatch(low::contains)) {
                    throw new CommandFailedException(
                            "the registry " + registryName + " does not let us push " + tag
                                    + ". Log in with an account that may.",
                            e.exitCode(),
                            e.tail());
                }
                if (low.contains("does not exist locally")) {
                    throw e;
                }
                if (attempt == attempts) {
                    throw new CommandFailedException(
                            e.getMessage() + " (" + attempts + " attempts). Is the registry " + registryName + " up?",
                            e.exitCode(),
                            e.tail());
                }
                docker.processes().say(e.getMessage() + "; trying again in " + Math.max(1, wait.toSeconds()) + " s");
            }
            TimeUnit.MILLISECONDS.sleep(
                    wait.toMillis() + ThreadLocalRandom.current().nextLong(wait.toMillis() / 4 + 1));
            wait = wait.multipliedBy(2);
        }
    }
}
