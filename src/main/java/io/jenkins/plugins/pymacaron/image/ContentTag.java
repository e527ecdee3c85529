package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes the content tag of an image: it is the same for all commits that would be built the same. Its inputs are the
 * bytes that docker would get, so that a different result of git's conversions (filters, line ends) is another image;
 * the rendered Dockerfile without the parts that only name the build; the base's digest and the platform.
 *
 * <p>With a key the tag is {@code src-<hash>}, which cannot be computed without the key: an image with that tag was
 * built by an owner of the key. Without a key it is {@code open-<hash>}, and the tests are in the hash too, since they
 * decide what is accepted, and every user of the engine may have built the existing image. So a build without the key,
 * for instance of a stranger's change request, leaves no image that a build with the key takes for its own.
 */
final class ContentTag {
    private static final String KEYED = "src-";
    private static final String OPEN = "open-";
    private static final String MAC = "HmacSHA256";
    private static final int HEX_DIGITS = 32;
    /** Raise this number when the same input begins to give another image. */
    private static final String SCHEMA = "4";

    /** The same for images that are made without an engine. */
    private static final String LAYERS = "layers 1";

    private ContentTag() {}

    /** Returns whether an image was built without a key. */
    static boolean isOpen(String tag) {
        return tag.startsWith(OPEN);
    }

    static String of(
            SourceTree source,
            BuildContext context,
            BuildContext.Archives archives,
            Dockerfile dockerfile,
            Optional<String> key)
            throws IOException, InterruptedException {
        MessageDigest digest = sha256();
        add(digest, SCHEMA);
        add(digest, dockerfile.base().digest());
        add(digest, dockerfile.spec().platform());
        if (dockerfile.spec().byLayers()) {
            add(digest, LAYERS);
        }
        if (key.isEmpty()) {
            addTests(digest, source, context);
        }
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            archives.write(out, dockerfile.withoutUrl(), Dockerfile.Stamp.NONE);
        }
        byte[] hash = digest.digest();
        return key.map(secret -> KEYED + hex(mac(secret, hash))).orElseGet(() -> OPEN + hex(hash));
    }

    /** Adds the tests, which are in no image. */
    private static void addTests(MessageDigest digest, SourceTree source, BuildContext context)
            throws IOException, InterruptedException {
        Git git = new Git(source.processes(), source.directory());
        for (String entry :
                git.ask("reading the commit", "ls-tree", "-z", "HEAD").split("\0")) {
            if (BuildContext.TESTS.contains(entry.substring(entry.indexOf('\t') + 1))) {
                add(digest, entry);
            }
        }
        for (Path tests : context.links().acceptanceTests()) {
            addTree(digest, tests);
        }
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
    }

    private static byte[] mac(String key, byte[] hash) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), MAC));
            // The key has other uses, so the use is part of the hash.
            mac.update("content of images".getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    private static void addTree(MessageDigest digest, Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                add(digest, tree.relativize(file).toString());
                add(digest, hash(file));
            }
        }
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
