package io.jenkins.plugins.pymacaron.operation;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of a journal, held by one owner. */
interface Storage extends Closeable {
    /** Returns all bytes, a torn last line included. */
    byte[] read() throws IOException;

    /** Returns once {@code line} would survive the loss of power. */
    void append(byte[] line) throws IOException;

    /** Removes everything from {@code length} on. */
    void cut(long length) throws IOException;
}
