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

    /** Reads the file. @throws IOException if it is there, and does not say who has what */
    List<EnvironmentLine> read() throws IOException {
        List<EnvironmentLine> lines = new ArrayList<>();
        if (file.exists()) {
            if (!(file.read() instanceof List<?> stored) || !stored.stream().allMatch(QueueFile::isLine)) {
                throw new IOException("it does not hold the queue");
            }
            stored.forEach(line -> lines.add((EnvironmentLine) line));
        }
        return lines;
    }

    private static boolean isLine(Object stored) {
        return stored instanceof EnvironmentLine line && line.environment() != null;
    }

    String path() {
        return file.getFile().getPath();
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
