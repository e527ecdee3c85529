package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.image.Ancestry.Kinship;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the relations of two commits by real git, in whole and in shallow clones. */
class AncestryTest {
    private static final Processes PROCESSES = new Processes(SecretMask.NONE, line -> {});

    @TempDir
    Path temporary;

    private Repository origin;
    private String first;
    private String second;
    private String aside;

    @BeforeEach
    void makeHistory() throws Exception {
        origin = Repository.service(temporary.resolve("origin"));
        first = origin.git("rev-parse", "HEAD");
        origin.git("checkout", "--quiet", "-b", "aside");
        aside = origin.write("aside", "").commit("aside").git("rev-parse", "HEAD");
        origin.git("checkout", "--quiet", "main");
        second = origin.write("second", "").commit("second").git("rev-parse", "HEAD");
    }

    private static Kinship kinship(Path copy, String other) throws Exception {
        try (SourceTree source = SourceTree.ofWorkingCopy(PROCESSES, copy)) {
            return new Ancestry(source).to(other);
        }
    }

    private Path clone(String name, String... options) throws Exception {
        String[] all = new String[options.length + 3];
        all[0] = "clone";
        System.arraycopy(options, 0, all, 1, options.length);
        all[all.length - 2] = origin.path().toUri().toString();
        all[all.length - 1] = temporary.resolve(name).toString();
        origin.git(all);
        return temporary.resolve(name);
    }

    @Test
    void olderNewerAndBeside() throws Exception {
        assertThat(kinship(origin.path(), second)).isEqualTo(Kinship.SAME);
        assertThat(kinship(origin.path(), first)).isEqualTo(Kinship.NOT_OLDER);
        assertThat(kinship(origin.path(), aside)).isEqualTo(Kinship.NOT_OLDER);
        origin.git("checkout", "--quiet", first);
        assertThat(kinship(origin.path(), second)).isEqualTo(Kinship.OLDER);
        assertThat(kinship(origin.path(), aside)).isEqualTo(Kinship.OLDER);
    }

    /** A build whose checkout was made before the newer commit was pushed. */
    @Test
    void commitsMissingFromTheCloneAreFetchedFromOrigin() throws Exception {
        Path copy = clone("copy");
        String third = origin.write("third", "").commit("third").git("rev-parse", "HEAD");

        assertThat(kinship(copy, third)).isEqualTo(Kinship.OLDER);
        assertThat(new Repository(copy).git("for-each-ref", "--contains", second))
                .as("the user's clone gets nothing new")
                .doesNotContain(third);
    }

    /** As with {@code --x-auth}: the newer commit was pushed after the checkout, and the repository is private. */
    @Test
    void theTokenOfTheCheckoutAlsoFetchesTheNewerCommit() throws Exception {
        String authorization =
                "Basic " + Base64.getEncoder().encodeToString("x-token-auth:t0ken".getBytes(StandardCharsets.UTF_8));
        origin.git("update-server-info");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            Path file = origin.path().resolve(".git" + exchange.getRequestURI().getPath());
            if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (Files.isRegularFile(file)) {
                byte[] bytes = Files.readAllBytes(file);
                exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
            exchange.close();
        });
        server.start();
        try {
            Path copy = clone("private");
            new Repository(copy)
                    .git(
                            "remote",
                            "set-url",
                            "origin",
                            "http://127.0.0.1:" + server.getAddress().getPort());
            SourceTree.Pushed main = new SourceTree.Pushed(Optional.of("main"), Optional.empty(), Optional.of("t0ken"));
            try (SourceTree source = SourceTree.ofPushed(PROCESSES, copy, main)) {
                String third = origin.write("third", "").commit("third").git("rev-parse", "HEAD");
                origin.git("update-server-info");

                assertThat(new Ancestry(source).to(third)).isEqualTo(Kinship.OLDER);
                assertThat(source.git().toString()).doesNotContain("Basic");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aCommitThatNoRepositoryHasIsNotKnown() throws Exception {
        assertThat(kinship(origin.path(), "0123456789012345678901234567890123456789"))
                .isEqualTo(Kinship.UNKNOWN);
        for (String strange : new String[] {"", "HEAD", "--help", first.substring(0, 6), first + "^", "a..b"}) {
            assertThat(kinship(origin.path(), strange)).as(strange).isEqualTo(Kinship.UNKNOWN);
        }
    }

    @Test
    void aShallowCloneIsNeverAReasonToRefuse() throws Exception {
        Path copy = clone("shallow", "--depth", "1");

        assertThat(kinship(copy, second)).isEqualTo(Kinship.SAME);
        assertThat(kinship(copy, first)).isIn(Kinship.UNKNOWN, Kinship.NOT_OLDER);
        assertThat(kinship(copy, aside)).isIn(Kinship.UNKNOWN, Kinship.NOT_OLDER);
    }
}
