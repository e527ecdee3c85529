package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import jenkins.MasterToSlaveFileCallable;

/**
 * The result of a stage's process, in a file on its agent: the controller reads no more of it than a result may have.
 */
public final class ResultFile {
    /** In bytes. */
    static final int LONGEST = 16 << 20;

    private ResultFile() {}

    /**
     * Reads the result.
     *
     * @param directory of the stage
     * @return the standard output of the process; empty if there is none
     * @throws AbortException with one line, if it is too long
     * @throws IOException if the agent cannot be asked now
     */
    @NonNull
    public static Optional<String> read(@NonNull StageOrder order, @NonNull FilePath directory)
            throws IOException, InterruptedException {
        byte[] bytes = directory.child(StageFiles.RESULT).act(new Read());
        if (bytes == null) {
            return Optional.empty();
        }
        if (bytes.length > LONGEST) {
            throw new AbortException(Messages.StageResultParser_long(order.getTitle(), LONGEST >> 20));
        }
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }

    private static final class Read extends MasterToSlaveFileCallable<byte[]> {
        private static final long serialVersionUID = 1L;

        /**
         * Reads the file.
         *
         * @return one byte more than the limit, if the file is longer; null for a path that is no file
         */
        @Override
        public byte[] invoke(File file, VirtualChannel channel) throws IOException {
            Path path = file.toPath();
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
                return in.readNBytes(LONGEST + 1);
            }
        }
    }
}
