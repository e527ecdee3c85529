package io.jenkins.plugins.pymacaron.operation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** The bytes of one journal, outliving the processes that write it. */
final class Disk implements Storage {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private String failure = "";
    private boolean held = true;

    /** Makes the disk full, or broken, from now on. */
    void fail(String why) {
        failure = why;
    }

    boolean held() {
        return held;
    }

    @Override
    public byte[] read() {
        return bytes.toByteArray();
    }

    @Override
    public void append(byte[] line) throws IOException {
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
        bytes.writeBytes(line);
    }

    /** Leaves the remains of a line when the power goes in the middle. */
    void tear(byte[] line, int length) {
        bytes.writeBytes(Arrays.copyOf(line, length));
    }

    @Override
    public void cut(long length) {
        byte[] kept = Arrays.copyOf(bytes.toByteArray(), (int) length);
        bytes.reset();
        bytes.writeBytes(kept);
    }

    @Override
    public void close() {
        held = false;
    }
}
