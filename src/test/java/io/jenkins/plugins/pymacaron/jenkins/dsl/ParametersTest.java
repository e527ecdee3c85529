package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import groovy.lang.Closure;
import hudson.AbortException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.codehaus.groovy.runtime.MethodClosure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            credentails | there is no "credentails". Did you mean "credentials"?
            force_build | there is no "force_build". Did you mean "forceBuild"?
            OnFailure   | there is no "OnFailure". Did you mean "onFailure"?
            colour      | there is no "colour". There are: allowOlder, approve, canary, commit, credentials, dir, env,
            """)
    void unknownOnesAreNamed(String name, String line) {
        assertThatThrownBy(() -> of(name, "x"))
                .isInstanceOf(AbortException.class)
                .hasMessageStartingWith("pymacaronDeploy: " + line);
    }

    @Test
    void unnamedOnesAreRefused() {
        assertThatThrownBy(() -> Parameters.storable("production"))
                .isInstanceOf(AbortException.class)
                .hasMessage("pymacaronDeploy takes its parameters by name, as in: pymacaronDeploy env: 'production',"
                        + " approve: true");
    }

    @Test
    void wrongTypesAreNamed() throws Exception {
        assertThatThrownBy(() -> of("plan", "yes").flag("plan"))
                .hasMessage("pymacaronDeploy: plan must be true or false, as in: plan: true");
        assertThatThrownBy(() -> of("env", List.of("a")).text("env")).hasMessageContaining("env must be a text");
        assertThatThrownBy(() -> of("secrets", "A").map("secrets")).hasMessageContaining("secrets: [NAME: '…']");
        assertThatThrownBy(() -> of("secrets", Map.of("A", List.of())).map("secrets"))
                .hasMessageContaining("secrets must be a map of texts");
        assertThatThrownBy(() -> of("skip", 3).texts("skip")).hasMessageContaining("a text or a list of texts");
        assertThatThrownBy(() -> of("skip", "units").texts("skip", List.of("unit", "live")))
                .hasMessage("pymacaronDeploy: skip: there is no \"units\". Did you mean \"unit\"?");
        assertThatThrownBy(() -> of("approve", Map.of("submiter", "bob")).approve())
                .hasMessage("pymacaronDeploy: approve: there is no \"submiter\". Did you mean \"submitter\"?");
        assertThatThrownBy(() -> of("onSuccess", "mail")).hasMessageContaining("onSuccess: { … }");
    }

    @Test
    void allThatAreWrongAreNamedAtOnce() {
        Map<String, Object> wrong = Map.of(
                "plan", "yes",
                "colour", "red",
                "skip", List.of("units", "live"),
                "timeouts", Map.of("stagin", "10m"),
                "dir", "/etc",
                "credentials", Map.of("dokcer", "id"),
                "canary", "some",
                "target", "moon",
                "env", "production");
        assertThatThrownBy(() -> new Parameters(wrong))
                .isInstanceOf(AbortException.class)
                .extracting(e -> e.getMessage().lines().toList())
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .hasSize(8)
                .allMatch(line -> line.startsWith("pymacaronDeploy: "))
                .anyMatch(line -> line.contains("plan must be"))
                .anyMatch(line -> line.contains("\"colour\""))
                .anyMatch(line -> line.contains("Did you mean \"unit\"?"))
                .anyMatch(line -> line.contains("Did you mean \"staging\"?"))
                .anyMatch(line -> line.contains("dir: "))
                .anyMatch(line -> line.contains("there is no target moon. There are: "))
                .anyMatch(line -> line.contains("Did you mean \"docker\"?"))
                .anyMatch(line -> line.contains("canary must be"));
    }

    @Test
    void valuesAreTakenAsJenkinsfilesWriteThem() throws Exception {
        assertThat(of("plan", "true").flag("plan")).isTrue();
        assertThat(of("plan", false).flag("plan")).isFalse();
        assertThat(of("env", " ").text("env")).isNull();
        assertThat(of("env", new StringBuilder("prod")).text("env")).isEqualTo("prod");
        assertThat(of("live", "main").texts("live")).containsExactly("main");
        assertThat(of("live", List.of("main", "v*")).texts("live")).containsExactly("main", "v*");
        assertThat(of("timeouts", Map.of("staging", 600)).map("timeouts")).containsEntry("staging", "600");
        assertThat(of("approve", true).approve()).isEmpty();
        assertThat(of("approve", false).approve()).isNull();
        assertThat(of("approve", Map.of("submitter", "bob")).approve()).containsEntry("submitter", "bob");
    }

    @Test
    void onlyClosuresOfThePipelineAreCalled() {
        Closure<Object> foreign = new MethodClosure("", "length");
        assertThatThrownBy(() -> new Parameters(Parameters.storable(Map.of("onFailure", foreign))))
                .hasMessageContaining("onFailure must be a closure");
        assertThat(Parameters.closure(Map.of("onFailure", foreign), "onFailure"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',             .
            .,              .
            ./,             .
            ./services/a/,  services/a
            services//a,    services/a
            .pym,           .pym
            """)
    void directoriesHaveOneName(String written, String directory) throws Exception {
        assertThat(of("dir", written).directory()).isEqualTo(directory);
    }

    @ParameterizedTest
    @CsvSource({"/etc", "..", "a/../../b"})
    void directoriesStayInTheWorkspace(String written) {
        assertThatThrownBy(() -> of("dir", written).directory())
                .isInstanceOf(AbortException.class)
                .hasMessageStartingWith("pymacaronDeploy: dir: ");
    }

    private static Parameters of(String name, Object value) throws AbortException {
        return new Parameters(Map.of(name, value));
    }
}
