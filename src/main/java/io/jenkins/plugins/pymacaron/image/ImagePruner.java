package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes old images of ours from the engine. */
public final class ImagePruner {
    private final Docker docker;

    public ImagePruner(Docker docker) {
        this.docker = docker;
    }

    /**
     * Removes the images of one service but for its newest ones and those that a container is made of.
     *
     * @param repository only tags of it are removed
     * @param keep how many stay; at least one does
     * @param needed ids of images that stay in any case, as one that was reused though it is old
     * @return the tags and ids that are gone
     */
    public List<String> prune(String name, String repository, int keep, Set<String> needed)
            throws IOException, InterruptedException {
        List<ImageFacts> images = new ArrayList<>(docker.images().labelled(Map.of(Labels.NAME, name)));
        images.removeIf(image -> !of(image, repository));
        images.sort(Comparator.comparing(ImageFacts::created).reversed());
        List<String> gone = new ArrayList<>();
        for (ImageFacts image : images.subList(Math.min(images.size(), Math.max(1, keep)), images.size())) {
            if (!needed.contains(image.id())
                    && docker.containers().ofImage(image.id()).isEmpty()) {
                remove(image, repository, gone);
            }
        }
        return gone;
    }

    /** Its tags are all of this repository, or it has none any more, as after a build that took them over. */
    private static boolean of(ImageFacts image, String repository) {
        return image.tags().isEmpty() || image.tags().stream().anyMatch(tag -> tag.startsWith(repository + ":"));
    }

    private void remove(ImageFacts image, String repository, List<String> gone)
            throws IOException, InterruptedException {
        List<String> references = new ArrayList<>(image.tags());
        references.removeIf(tag -> !tag.startsWith(repository + ":"));
        if (image.tags().isEmpty()) {
            references.add(image.id());
        }
        for (String reference : references) {
            try {
                docker.images().remove(reference);
                gone.add(reference);
            } catch (CommandFailedException inUse) {
                // a container was made of it just now, or another image stands on it
                docker.processes().say(inUse.getMessage());
            }
        }
    }
}
