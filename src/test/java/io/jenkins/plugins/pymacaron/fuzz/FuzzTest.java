package io.jenkins.plugins.pymacaron.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A short look at each reader of what comes from elsewhere, with the targets that {@code bin/fuzz} gives to Jazzer for as
 * long as one likes: nothing is thrown but what a reader has to throw.
 */
@Timeout(20 * 60)
class FuzzTest {
    private static final int TIMES = Boolean.getBoolean("pym.full") ? 100 : 1;

    private static final String CONFIG = """
            name: hello
            deploy_target: docker
            docker_repo: acme
            live_url: http://127.0.0.1:8080
            env_secrets: [A, B]
            timeouts: {unit: 10m}
            staging: &s
              live_url: http://127.0.0.1:8081
            live:
              - {<<: *s, pym_env: live}
            """;

    private static final String XML = "<?xml version='1.0' encoding='utf-8'?><testsuites><testsuite name='a' tests='2'>"
            + "<testcase classname='c' name='n' time='1,5'><failure message='m'>t</failure></testcase>"
            + "<testcase name='x'><skipped/><system-out><![CDATA[o]]></system-out></testcase></testsuite></testsuites>";

    private static final String RESULT =
            "{\"schema\":1,\"stage\":\"build\",\"outcome\":\"SUCCEEDED\",\"state\":{\"image\":"
                    + "{\"a\":\"b\"}},\"deployments\":[{\"slot\":\"live\",\"since\":\"2026-01-02T03:04:05Z\"}],\"config\":{\"a\":[1,"
                    + "{\"b\":null}]},\"duration\":\"PT1S\",\"counts\":{\"passed\":1,\"failed\":0,\"errors\":0,\"skipped\":0}}";

    private static final String MANIFEST = "\0{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:" + "0".repeat(64)
            + "\",\"Labels\":{\"a\":\"b\"}},\"manifests\":[{\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"},"
            + "\"digest\":\"sha256:" + "1".repeat(64) + "\"}],\"token\":\"t\"}";

    private static final String CLUSTER =
            "\0{\"name\":\"hello\",\"status\":\"RUNNING\",\"location\":\"europe-west1-b\","
                    + "\"endpoint\":\"10.0.0.1\",\"masterAuth\":{\"clusterCaCertificate\":\"QQ==\"},\"clusters\":[{\"name\":"
                    + "\"hello\"}],\"error\":{\"message\":\"m\"}}";

    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of("fuzz.ConfigFuzz", 300, List.of(CONFIG, "a: 1\n")),
                Arguments.of("fuzz.JUnitXmlFuzz", 300, List.of(XML, "<testsuite/>")),
                Arguments.of("fuzz.StageFuzz", 600, List.of(RESULT, "{\"schema\":1}")),
                Arguments.of(
                        "accept.AnswerFuzz",
                        600,
                        List.of(
                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                                "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\n{}\r\n0\r\n")),
                Arguments.of("operation.JournalFuzz", 600, List.of("[\"01234567\",{\"n\":1}]\n")),
                Arguments.of("fuzz.RegistryFuzz", 40, List.of(MANIFEST, "\1{}", "\4{\"token\":\"t\"}", "\7")),
                Arguments.of("targets.gke.ClusterLocatorFuzz", 30, List.of(CLUSTER, "\5{}", "\1{\"clusters\":[]}")));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nothingIsThrownButWhatAReaderHasToThrow(String target, int tries, List<String> texts) throws Exception {
        Method method =
                Class.forName("io.jenkins.plugins.pymacaron." + target).getMethod("fuzzerTestOneInput", byte[].class);
        List<byte[]> seeds =
                texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
        Mutations mutations = new Mutations(target.hashCode());
        for (byte[] seed : seeds) {
            run(method, seed);
        }
        run(method, new byte[0]);
        for (int i = 0; i < tries * TIMES; i++) {
            run(method, mutations.of(seeds));
        }
    }

    private static void run(Method target, byte[] input) throws IllegalAccessException {
        Throwable thrown = null;
        try {
            target.invoke(null, (Object) input);
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
        }
        assertThat(thrown)
                .as(
                        "%s of base64 %s",
                        target.getDeclaringClass().getSimpleName(),
                        Base64.getEncoder().encodeToString(input))
                .isNull();
    }
}
