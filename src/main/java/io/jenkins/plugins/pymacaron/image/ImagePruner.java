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

/** Removes old images of the plugin from the engine. */
public final class ImagePruner {
    private final Docker docker;

    public ImagePruner(Docker docker) {
        this.docker = docker;
    }

    /**
     * The rule for the images of one service that are removed.
     *
     * @param repository only tags of it are removed
     * @param keep how many stay, the newest; at least one does
     * @param needed ids of images that always stay, for instance an old one that was reused
     */
    public record Rule(String name, String repository, int keep, Set<String> needed) {}

    /**
     * Removes the images of one service except its newest ones and those with a container.
     *
     * @return the tags and ids that are gone
     */
    public List<String> prune(Rule rule) throws IOException, InterruptedException {
        List<String> gone = new ArrayList<>();
        for (String reference : old(rule, 0, Set.of())) {
            try {
                docker.images().remove(reference);
                gone.add(reference);
            } catch (CommandFailedException inUse) {
                // A container was made of it just now, or another image is based on it.
                docker.processes().say(inUse.getMessage());
            }
        }
        return gone;
    }

    /**
     * Returns what {@link #prune} would remove. Changes nothing.
     *
     * @param toCome how many newer images there will be then
     * @param retired containers that will be gone by then
     * @return tags and ids
     */
    public List<String> old(Rule rule, int toCome, Set<String> retired) throws IOException, InterruptedException {
        List<ImageFacts> images = new ArrayList<>(docker.images().labelled(Map.of(ImageLabels.NAME, rule.name())));
        images.removeIf(image -> !of(image, rule.repository()));
        images.sort(Comparator.comparing(ImageFacts::created).reversed());
        int stay = Math.max(0, Math.max(1, rule.keep()) - toCome);
        List<String> old = new ArrayList<>();
        for (ImageFacts image : images.subList(Math.min(images.size(), stay), images.size())) {
            if (!rule.needed().contains(image.id())
                    && retired.containsAll(docker.containers().ofImage(image.id()))) {
                old.addAll(references(image, rule.repository()));
            }
        }
        return old;
    }

    /**
     * Returns whether its tags are all of this repository, or it has no tag any more, for instance because a newer
     * build has taken its tags.
     */
    private static boolean of(ImageFacts image, String repository) {
        return image.tags().isEmpty() || image.tags().stream().anyMatch(tag -> tag.startsWith(repository + ":"));
    }

    private static List<String> references(ImageFacts image, String repository) {
        return image.tags().isEmpty()
                ? List.of(image.id())
                : image.tags().stream()
                        .filter(tag -> tag.startsWith(repository + ":"))
                        .toList();
    }
}
