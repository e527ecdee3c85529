package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DockerfileTest {
    private static final ImageSpec SPEC = ImageSpec.of("hello", "team/hello", Optional.empty());
    private static final BaseImage BASE =
            new BaseImage("pymacaron/base:stable", "pymacaron/base@sha256:ab", "sha256:ab");
    private static final Dockerfile.Stamp STAMP =
            new Dockerfile.Stamp("261122-2000-7-abcdef", "abcdef0123", "2026-11-22T20:00:00Z", "src-1");

    private static String render(ImageSpec spec, boolean selfContained, String extra) {
        return render(spec, selfContained, false, extra);
    }

    private static String render(ImageSpec spec, boolean selfContained, boolean apis, String extra) {
        return new Dockerfile(
                        spec,
                        BASE,
                        new Requirements(Set.of("requirements.txt"), false, selfContained),
                        apis,
                        Optional.ofNullable(extra),
                        Optional.of("https://example.org/a$b\"c.git"))
                .render(STAMP);
    }

    private static int at(String text, String part) {
        assertThat(text).contains(part);
        return text.indexOf(part);
    }

    @Test
    void theMostChangedPartsStandLast() {
        String text = render(SPEC, true, null);
        List<Integer> order = List.of(
                at(text, "FROM pymacaron/base@sha256:ab\n"),
                at(text, "COPY requirements/ /pym/"),
                at(text, "pip install"),
                at(text, "COPY --chown=10001:10001 app/ /pym/"),
                at(text, "LABEL "));

        assertThat(order).isSorted();
        assertThat(text.substring(0, at(text, "LABEL ")))
                .doesNotContain(STAMP.version(), STAMP.commit(), STAMP.created(), STAMP.content());
        assertThat(text)
                .contains("\nEXPOSE 80\n", "\nVOLUME /var/log\n", "\nWORKDIR /pym\n", "LC_ALL=C.UTF-8 LANG=C.UTF-8")
                .contains("HEALTHCHECK ", "CMD [\"/usr/local/bin/pym-start\"]")
                .contains("org.opencontainers.image.base.digest=\"sha256:ab\"")
                .contains("io.jenkins.plugins.pymacaron.version=\"261122-2000-7-abcdef\"")
                .contains("image.source=\"https://example.org/a\\$b\\\"c.git\"");
    }

    @Test
    void notRootUnlessTheProjectSaysSo() {
        assertThat(render(SPEC, true, null)).contains("\nUSER 10001:10001\n");
        assertThat(render(SPEC, true, "RUN apt-get install -y curl\n"))
                .containsSubsequence("app/ /pym/", "RUN apt-get install", "\nUSER 10001:10001\n", "COPY VERSION");
        assertThat(render(SPEC, true, "RUN true\nUSER root\n")).doesNotContain("\nUSER 10001");
        assertThat(render(SPEC.as("0:0"), true, null)).contains("\nUSER 0:0\n").doesNotContain("chown 0");
    }

    @Test
    void requirementsOfTheProjectItselfAreInstalledAfterItsSource() {
        String text = render(SPEC, false, null);

        assertThat(at(text, "pip install")).isGreaterThan(at(text, "app/ /pym/"));
        assertThat(text.indexOf("\nUSER 10001")).isGreaterThan(at(text, "pip install"));
    }

    @Test
    void codeOfApisIsGeneratedOnceWhenAllIsThereByWhoMayWriteIt() {
        String run = "\nRUN /pym/virtenv/bin/python /usr/local/bin/pym-generate.py";
        assertThat(render(SPEC, true, true, null))
                .containsSubsequence("\nUSER 10001:10001\n", "app/ /pym/", run, "COPY VERSION /pym/VERSION");
        assertThat(render(SPEC, true, true, "RUN pip install pymacaron"))
                .containsSubsequence("app/ /pym/", "RUN pip install pymacaron", run, "\nUSER 10001:10001\n");
        assertThat(render(SPEC, true, true, "USER root\nRUN true\nUSER nobody:nogroup\n"))
                .containsSubsequence(
                        "USER nobody:nogroup\n", "USER 0:0" + run + "\nUSER nobody:nogroup\n", "COPY VERSION");
        assertThat(render(SPEC, true, false, null)).doesNotContain("RUN /pym/virtenv/bin/python");
    }

    @Test
    void theVersionIsInTheLayerOfTheSourceUnlessInstructionsFollowIt() {
        assertThat(render(SPEC, true, null)).doesNotContain("COPY VERSION");
        for (String text : List.of(
                render(SPEC, false, null),
                render(SPEC, true, "RUN true"),
                render(SPEC, true, true, null),
                render(SPEC.async(true), true, null))) {
            assertThat(text).containsSubsequence("app/ /pym/", "COPY VERSION /pym/VERSION\n", "LABEL ");
        }
    }

    @Test
    void asyncIsBakedIn() {
        assertThat(render(SPEC.async(true), true, null)).contains("PYM_WITH_ASYNC=1");
        assertThat(render(SPEC, true, null)).doesNotContain("PYM_WITH_ASYNC");
    }
}
