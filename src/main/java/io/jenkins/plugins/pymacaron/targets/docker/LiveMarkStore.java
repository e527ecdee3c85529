package io.jenkins.plugins.pymacaron.targets.docker;

import java.io.IOException;

/** Keeps the mark of the operation that was the last to change what serves in one environment, see LiveMark. */
interface LiveMarkStore {
    /** Returns the mark; "" where there is none. */
    String read() throws IOException, InterruptedException;

    /**
     * Writes the mark.
     *
     * @param before the mark that {@link #read} has returned
     * @return false where another operation came first
     */
    boolean replace(String before, String mark) throws IOException, InterruptedException;
}
