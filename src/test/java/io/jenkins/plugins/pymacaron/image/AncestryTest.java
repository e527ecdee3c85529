package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.image.Ancestry.Kinship;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Path;
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
