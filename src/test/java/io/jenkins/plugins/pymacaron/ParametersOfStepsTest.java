package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A parameter of the list has its property, field, help and documentation in each interface of Jenkins. */
class ParametersOfStepsTest {
    private static final Path JAVA = Path.of("src/main/java/io/jenkins/plugins/pymacaron/jenkins");
    private static final Path FORMS = Path.of("src/main/resources/io/jenkins/plugins/pymacaron/jenkins");

    static Set<Parameter> ofSteps() {
        return Parameter.OF_STEPS;
    }

    /** A freestyle job takes its commit from the checkout, which comes before the build step. */
    static Set<Parameter> ofTheForm() {
        Set<Parameter> parameters = EnumSet.copyOf(Parameter.OF_STEPS);
        parameters.remove(Parameter.COMMIT);
        return parameters;
    }

    @ParameterizedTest
    @MethodSource("ofSteps")
    void everyStepHasIt(Parameter parameter) throws Exception {
        assertThat(JAVA.resolve("step/ServiceStep.java"))
                .content()
                .contains(setter(parameter), "with(Parameter." + parameter.name() + ", ");
        assertThat(FORMS.resolve("step/ServiceStep/help-" + parameter.argument() + ".html"))
                .isNotEmptyFile();
    }

    @ParameterizedTest
    @MethodSource("ofSteps")
    void theOneLineIsDocumentedWithIt(Parameter parameter) throws Exception {
        assertThat(FORMS.resolve("dsl/PymacaronDeployVariable/help.jelly"))
                .content()
                .contains("<code>" + parameter.argument() + ": ");
        String page = Files.readString(Path.of("docs/jenkins.md"));
        assertThat(page).contains("| `" + parameter.argument() + ": ");
        String steps =
                page.substring(page.indexOf("All steps take "), page.indexOf("`pymTest` and `pymAccept` also take"));
        assertThat(steps).contains("`" + parameter.argument() + "`");
    }

    @ParameterizedTest
    @MethodSource("ofTheForm")
    void theFreestyleFormHasIt(Parameter parameter) throws Exception {
        assertThat(JAVA.resolve("freestyle/PymacaronBuilder.java"))
                .content()
                .contains(setter(parameter), "with(Parameter." + parameter.name() + ", ");
        assertThat(FORMS.resolve("freestyle/PymacaronBuilder/help-" + parameter.argument() + ".html"))
                .isNotEmptyFile();
        String fields = Files.readString(FORMS.resolve("config/FormChecks/advanced.jelly"))
                + Files.readString(FORMS.resolve("config/FormChecks/where.jelly"));
        assertThat(fields).contains("field=\"" + parameter.argument() + "\"");
    }

    private static String setter(Parameter parameter) {
        String name = parameter.argument();
        return "void set" + name.substring(0, 1).toUpperCase() + name.substring(1) + "(";
    }
}
