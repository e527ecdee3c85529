package io.jenkins.plugins.pymacaron.targets.docker;

import java.io.IOException;

/** Keeps the mark of the operation that was the last to change what serves in one environment, see LiveMark. */
interface LiveMarkStore {
    /** "" where there is none. */
    String read() throws IOException, InterruptedException;

    /**
     * Writes.
     *
     * @param before what {@link #read} has said
     * @return false where another one came first
     */
    boolean replace(String before, String mark) throws IOException, InterruptedException;
}
