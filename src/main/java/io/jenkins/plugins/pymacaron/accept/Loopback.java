package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Finds another address of loopback than 127.0.0.1. Tests of PyMacaron services take 127.0.0.1 for "the server is a
 * process of this machine", and look for its files. A container that shares this machine's network also listens at the
 * other address, for those tests.
 */
public final class Loopback {
    private static final String PLAIN = "127.0.0.1";
    private static final String OTHER = "127.0.0.2";
    private static final boolean HAS_OTHER = canListen();

    private Loopback() {}

    /**
     * Returns the other address where there is one. Linux has all of 127.0.0.0/8 on loopback (ip-address(8)), macOS has
     * 127.0.0.1 alone.
     */
    public static String address() {
        return HAS_OTHER ? OTHER : PLAIN;
    }

    /** Returns whether tests can be given another address than 127.0.0.1. */
    public static boolean hasOther() {
        return HAS_OTHER;
    }

    private static boolean canListen() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(OTHER))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
