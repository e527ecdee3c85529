package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.XmlFile;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** A list that the controller has to know again after a restart, in a file of its own. Not thread-safe. */
final class StoredList<T> {
    private static final Logger LOGGER = Logger.getLogger(StoredList.class.getName());

    private final XmlFile file;
    private final Class<T> type;
    private final String lost;

    /** Makes the list. @param lost the consequence if it cannot be read or written */
    StoredList(String name, Class<T> type, String lost) {
        file = new XmlFile(
                Jenkins.XSTREAM2,
                new File(Jenkins.get().getRootDir(), "io.jenkins.plugins.pymacaron." + name + ".xml"));
        this.type = type;
        this.lost = lost;
    }

    List<T> read() {
        List<T> found = new ArrayList<>();
        try {
            if (file.exists() && file.read() instanceof List<?> stored) {
                stored.forEach(one -> found.add(type.cast(one)));
            }
        } catch (IOException | ClassCastException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read " + file + ": " + lost);
        }
        return found;
    }

    /** Writes the list. A deployment must not fail because the controller's disk is full. */
    void write(Collection<T> all) {
        try {
            if (all.isEmpty()) {
                file.delete();
            } else {
                file.write(new ArrayList<>(all));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot write " + file + ": after a restart, " + lost);
        }
    }
}
