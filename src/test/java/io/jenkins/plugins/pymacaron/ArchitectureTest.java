package io.jenkins.plugins.pymacaron;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms and their arrows, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.jenkins.plugins.pymacaron", importOptions = ArchitectureTest.MainOnly.class)
class ArchitectureTest {
    /** Both builds have directories of their own, which ArchUnit's option for it does not know. */
    static final class MainOnly implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final String ROOT = "io.jenkins.plugins.pymacaron";

    @ArchTest
    static final ArchRule arrowsPointDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .layer("jenkins")
            .definedBy(ROOT + ".jenkins..")
            .layer("cli")
            .definedBy(ROOT + ".cli..")
            .layer("pipeline")
            .definedBy(ROOT + ".pipeline..")
            .layer("target")
            .definedBy(ROOT + ".target..")
            .layer("image")
            .definedBy(ROOT + ".image..")
            .layer("accept")
            .definedBy(ROOT + ".accept..")
            .layer("docker")
            .definedBy(ROOT + ".docker..")
            .layer("report")
            .definedBy(ROOT + ".report..")
            .layer("process")
            .definedBy(ROOT + ".process..")
            .layer("operation")
            .definedBy(ROOT + ".operation..")
            .layer("config")
            .definedBy(ROOT + ".config..")
            .withOptionalLayers(true)
            .whereLayer("jenkins")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("jenkins")
            .whereLayer("pipeline")
            .mayOnlyBeAccessedByLayers("jenkins", "cli")
            .whereLayer("target")
            .mayOnlyBeAccessedByLayers("jenkins", "cli", "pipeline")
            .whereLayer("image")
            .mayOnlyBeAccessedByLayers("jenkins", "cli", "pipeline", "target")
            .whereLayer("accept")
            .mayOnlyBeAccessedByLayers("jenkins", "cli", "pipeline", "target")
            .whereLayer("docker")
            .mayOnlyBeAccessedByLayers("jenkins", "cli", "pipeline", "target", "image", "accept")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("jenkins", "cli", "pipeline", "target", "accept")
            .whereLayer("process")
            .mayOnlyBeAccessedByLayers("jenkins", "cli", "pipeline", "target", "image", "accept", "docker")
            .whereLayer("operation")
            .mayOnlyBeAccessedByLayers("jenkins", "cli", "pipeline", "target")
            .whereLayer("config")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule roomsAreFreeOfCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheJenkinsRoomKnowsJenkins = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".jenkins..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..");

    @ArchTest
    static final ArchRule theHeartReadsNoClockAndStartsNoProcess = noClasses()
            .that()
            .resideInAPackage(ROOT + ".operation..")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class);

    /** One place starts processes, so that argv lists, masking and the end of the tree hold everywhere. */
    @ArchTest
    static final ArchRule processesAreStartedInOneRoom = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".process..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class);

    @ArchTest
    static final ArchRule exceptionsAreNamedSo =
            classes().that().areAssignableTo(Exception.class).should().haveSimpleNameEndingWith("Exception");
}
