package io.jenkins.plugins.pymacaron.jenkins.lock;

import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The holders of all environments and the builds that wait for them, in memory and on disk. An environment is known here
 * by its {@link FolderTree#key}. Not safe for several threads: {@link EnvironmentQueue} guards it.
 */
final class EnvironmentLines {
    private static final Logger LOGGER = Logger.getLogger(EnvironmentLines.class.getName());
    private final QueueFile file = new QueueFile();
    private final List<EnvironmentLine> lines = new ArrayList<>();
    private boolean read;

    EnvironmentLines() {
        problem();
    }

    /**
     * Reads the file, until that succeeds. Before, it is not known which builds have an environment: none may get one, and
     * nothing is written over the file.
     *
     * @return why it cannot be read, one line
     */
    Optional<String> problem() {
        if (read) {
            return Optional.empty();
        }
        try {
            List<EnvironmentLine> stored = file.read();
            lines.clear();
            lines.addAll(stored);
            read = true;
            return Optional.empty();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read " + file.path());
            return Optional.of(Messages.EnvironmentQueue_unreadable(file.path()));
        }
    }

    List<EnvironmentLine> all() {
        return lines;
    }

    /** Returns the line of an environment, a new one if there is none. */
    EnvironmentLine line(String key) {
        return lines.stream()
                .filter(line -> line.environment().equals(key))
                .findFirst()
                .orElseGet(() -> {
                    EnvironmentLine line = new EnvironmentLine(key);
                    lines.add(line);
                    return line;
                });
    }

    /** Writes all lines, and forgets those without a build. */
    void save() {
        lines.removeIf(line -> line.owners().isEmpty());
        if (read) {
            file.write(lines);
        }
    }

    /** Returns the lines of an environment in all folders; the name may be that of an earlier version. */
    Stream<EnvironmentLine> of(String environment) {
        return lines.stream()
                .filter(line -> EnvironmentNames.isSame(FolderTree.environment(line.environment()), environment));
    }

    /** Returns the lines of environments in their folder trees; the names may be those of an earlier version. */
    Stream<EnvironmentLine> in(Collection<String> keys) {
        return lines.stream().filter(line -> keys.stream().anyMatch(key -> FolderTree.isSame(line.key(), key)));
    }

    /** Returns the lines with a holder. */
    Stream<EnvironmentLine> held() {
        return lines.stream().filter(line -> line.holder() != null);
    }

    /** Returns the lines that a build holds. */
    Stream<EnvironmentLine> heldBy(String owner) {
        return held().filter(line -> owner.equals(line.holder()));
    }

    /** Returns the builds that wait although they hold another environment: only these can be in a deadlock. */
    Set<String> waitingHolders() {
        Set<String> holders = new LinkedHashSet<>();
        held().forEach(line -> holders.add(line.holder()));
        Set<String> waiting = new LinkedHashSet<>();
        lines.forEach(line -> waiting.addAll(line.waiting()));
        holders.retainAll(waiting);
        return holders;
    }

    /**
     * Finds a holder that began when environments were known by their names, or before their account was known, and goes
     * on.
     */
    Optional<String> holderUnderAnOldName(String key, String owner) {
        return held().filter(line -> !owner.equals(line.holder()))
                .filter(line -> !line.environment().equals(key) && FolderTree.isSame(line.key(), key))
                .map(EnvironmentLine::holder)
                .findFirst();
    }
}
