package io.jenkins.plugins.pymacaron.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer that a client library reads. It ends with an exception after a number of bytes. */
public final class LimitedInput extends FilterInputStream {
    private final long most;
    private long left;

    /** Makes the stream. @param most bytes that are read */
    public LimitedInput(InputStream body, long most) {
        super(body);
        this.most = most;
        left = most;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] bytes, int at, int length) throws IOException {
        int read = super.read(bytes, at, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        long skipped = super.skip(wanted);
        count(skipped);
        return skipped;
    }

    /** A library that reads a part again would have it counted twice. */
    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long read) throws IOException {
        left -= read;
        if (left < 0) {
            throw new IOException("its answer is larger than " + most + " bytes");
        }
    }
}
