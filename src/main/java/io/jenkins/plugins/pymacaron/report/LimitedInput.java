package io.jenkins.plugins.pymacaron.report;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Limits an input with an error: an endless file must not be read to its end. */
final class LimitedInput extends FilterInputStream {
    private long left;

    LimitedInput(InputStream in, long limit) {
        super(in);
        left = limit;
    }

    boolean exceeded() {
        return left < 0;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        if (b >= 0) {
            count(1);
        }
        return b;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int n = super.read(to, offset, length);
        if (n > 0) {
            count(n);
        }
        return n;
    }

    private void count(int n) throws IOException {
        left -= n;
        if (left < 0) {
            throw new IOException("too big");
        }
    }
}
