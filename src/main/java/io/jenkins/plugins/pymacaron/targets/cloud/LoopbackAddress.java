package io.jenkins.plugins.pymacaron.targets.cloud;

import java.util.regex.Pattern;

/** Finds out whether the address of an API is one of this machine, where a stand-in for a cloud listens. */
public final class LoopbackAddress {
    private static final Pattern URL = Pattern.compile("http://(?:localhost|127\\.[0-9.]+|\\[::1\\])(?::.*|/.*|)");

    private LoopbackAddress() {}

    public static boolean isIn(String url) {
        return URL.matcher(url).matches();
    }
}
