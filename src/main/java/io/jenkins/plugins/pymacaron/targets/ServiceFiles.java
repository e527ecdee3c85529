package io.jenkins.plugins.pymacaron.targets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of the service's directory that a platform gets beside the image, as they are in the commit.
 *
 * @param byPath the files by their paths relative to the service's directory, with slashes
 */
public record ServiceFiles(SortedMap<String, ServiceFile> byPath) {
    public static final ServiceFiles NONE = new ServiceFiles(new TreeMap<>());

    private static final int SHOWN = 4;

    /** The content of a file, and whether it is a program. */
    public record ServiceFile(byte[] content, boolean executable) {
        public ServiceFile {
            content = content.clone();
        }

        @Override
        public byte[] content() {
            return content.clone();
        }

        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    public ServiceFiles {
        byPath = new TreeMap<>(byPath);
    }

    public boolean isEmpty() {
        return byPath.isEmpty();
    }

    /** Returns the hash of names, contents and modes, as hex; "" for no files. */
    public String hash() {
        if (isEmpty()) {
            return "";
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byPath.forEach((path, file) -> {
                byte[] name = path.getBytes(StandardCharsets.UTF_8);
                byte[] content = file.content();
                // Lengths first, so that no two sets of files give the same bytes.
                digest.update((name.length + ":" + content.length + ":" + file.executable() + ":")
                        .getBytes(StandardCharsets.US_ASCII));
                digest.update(name);
                digest.update(content);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the names of the first files, and how many more there are. */
    public String names() {
        List<String> all = List.copyOf(byPath.keySet());
        int more = all.size() - SHOWN;
        return String.join(", ", all.subList(0, Math.min(SHOWN, all.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
