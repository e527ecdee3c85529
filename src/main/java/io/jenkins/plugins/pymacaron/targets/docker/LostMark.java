package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides about the effects of an operation whose environment has lost its mark. A user can delete the volume with the
 * mark: {@code docker volume prune} deletes unused volumes with a name too, before Engine 23 (Docker CLI reference, volume
 * prune). Another deployment may have come since, or not. So an effect goes on only if it cannot take away the one version
 * that answers.
 */
final class LostMark {
    private final DockerStateReader reader;

    LostMark(DockerStateReader reader) {
        this.reader = reader;
    }

    /**
     * Returns the mark to compare: the one before the operation, where the mark is lost and the effect is harmless; else
     * the one that was found.
     *
     * @param running the running containers of the environment
     * @param found the mark, "" for none
     */
    String orFound(Effect effect, List<String> running, String found) throws IOException, InterruptedException {
        Optional<String> before = Expectation.markBefore(effect);
        boolean lost = found.isEmpty() && before.filter(mark -> !mark.isEmpty()).isPresent();
        return lost && isHarmless(effect, running) ? before.get() : found;
    }

    private boolean isHarmless(Effect effect, List<String> running) throws IOException, InterruptedException {
        String container = effect.args().get("container");
        boolean runs = running.contains(container);
        List<String> others = new ArrayList<>(running);
        others.remove(container);
        return switch (effect.verb()) {
            case DockerEffects.START, DockerEffects.RESTORE -> runs || !anyAnswers(others);
            case DockerEffects.STOP, DockerEffects.REMOVE ->
                !runs || anyAnswers(others) || !anyAnswers(List.of(container));
            default -> false;
        };
    }

    private boolean anyAnswers(List<String> containers) throws IOException, InterruptedException {
        for (String container : containers) {
            if (reader.answers(container)) {
                return true;
            }
        }
        return false;
    }
}
