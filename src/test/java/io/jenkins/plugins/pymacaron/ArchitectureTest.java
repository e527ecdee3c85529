package io.jenkins.plugins.pymacaron;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;

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

    private static final String JENKINS = ROOT + ".jenkins";

    @ArchTest
    static final ArchRule roomsUseWhatThePictureSays = followThePicture(ROOT, Picture.under("# Architecture"));

    @ArchTest
    static final ArchRule theJenkinsLayerUsesWhatItsPictureSays =
            followThePicture(JENKINS, Picture.under("## The Jenkins layer"));

    @ArchTest
    static final ArchRule roomsAreFreeOfCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    /** Empty in the build without Jenkins. */
    @ArchTest
    static final ArchRule theJenkinsLayerIsFreeOfCycles =
            slices().matching(JENKINS + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);

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

    private static ArchRule followThePicture(String root, Picture picture) {
        return classes()
                .that()
                .resideInAPackage(root + ".*..")
                .should(
                        new ArchCondition<>(
                                "use only rooms that their picture in docs/architecture.md has an arrow to") {
                            @Override
                            public void check(JavaClass user, ConditionEvents events) {
                                String from = room(root, user);
                                for (Dependency use : user.getDirectDependenciesFromSelf()) {
                                    String to = room(root, use.getTargetClass().getBaseComponentType());
                                    if (!to.isEmpty() && !picture.mayUse(from, to)) {
                                        events.add(violated(user, from + " -> " + to + ": " + use.getDescription()));
                                    }
                                }
                            }
                        })
                .allowEmptyShould(true);
    }

    /** @return the package right below the root; empty for what is elsewhere */
    private static String room(String root, JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(root + ".") ? name.substring(root.length() + 1).split("\\.")[0] : "";
    }
}
