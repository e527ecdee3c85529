package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The tag {@code src-<hash>} of an image: the same for everything that would be built the same, whichever commit it is
 * taken from and however the commit is called. In it are what git says of the tree (so nothing is read or built to find
 * out that an image exists), the content of included links, the rendered Dockerfile, the base's digest and the platform.
 */
final class ContentTag {
    private static final String PREFIX = "src-";
    private static final int HEX_DIGITS = 32;
    /** To be raised when the same input begins to give another image. */
    private static final String SCHEMA = "2";

    private ContentTag() {}

    static String of(SourceTree source, BuildContext context, Dockerfile dockerfile)
            throws IOException, InterruptedException {
        MessageDigest digest = sha256();
        add(digest, SCHEMA);
        Git git = new Git(source.processes(), source.directory());
        for (String entry :
                git.ask("reading the commit", "ls-tree", "-z", "HEAD").split("\0")) {
            String name = entry.substring(entry.indexOf('\t') + 1);
            if (!BuildContext.TESTS.contains(name)) {
                add(digest, entry);
            }
        }
        for (Map.Entry<String, Path> file : context.links().files().entrySet()) {
            add(digest, file.getKey());
            add(digest, Files.isExecutable(file.getValue()) ? "x" : "-");
            add(digest, hash(file.getValue()));
        }
        add(digest, dockerfile.withoutUrl().render(Dockerfile.Stamp.NONE));
        for (String program : Dockerfile.PROGRAMS) {
            add(digest, new String(BuildContext.program(program), StandardCharsets.UTF_8));
        }
        add(digest, dockerfile.base().digest());
        add(digest, dockerfile.spec().platform());
        return PREFIX + HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
