package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.XmlFile;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** Keeps holders and waiting builds over a restart. The file is usually missing. */
final class QueueFile {
    private static final Logger LOGGER = Logger.getLogger(QueueFile.class.getName());
    private final XmlFile file = new XmlFile(
            Jenkins.XSTREAM2, new File(Jenkins.get().getRootDir(), "io.jenkins.plugins.pymacaron.environments.xml"));

    List<EnvironmentLine> read() {
        List<EnvironmentLine> lines = new ArrayList<>();
        try {
            if (file.exists() && file.read() instanceof List<?> stored) {
                for (Object line : stored) {
                    lines.add((EnvironmentLine) line);
                }
            }
        } catch (IOException | ClassCastException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read " + file + ": no environment counts as taken");
        }
        return lines;
    }

    /** Writes the file. A build that holds an environment must not fail because the disk is full. */
    void write(List<EnvironmentLine> lines) {
        try {
            if (lines.isEmpty()) {
                file.delete();
            } else {
                file.write(new ArrayList<>(lines));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot write " + file + ": a restart would forget who deploys");
        }
    }
}
