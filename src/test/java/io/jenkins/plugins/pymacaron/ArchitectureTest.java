package io.jenkins.plugins.pymacaron;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import io.jenkins.plugins.pymacaron.config.DeployTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    private static final String PIPELINE = ROOT + ".pipeline";

    private static final String CONTRACT = PIPELINE + ".contract";

    private static final String REPORT = ROOT + ".report";

    /** The beginnings of the names of the classes, by package. */
    private static final Map<String, String> TARGETS =
            Map.of("docker", "Docker", "beanstalk", "Beanstalk", "cloudrun", "CloudRun", "gke", "Gke");

    private static final List<String> ROLES = List.of(
            "Target",
            "Preflight",
            "Effector",
            "Effects",
            "StateReader",
            "WaitConditions",
            "Metadata",
            "DeleteOperation");

    @ArchTest
    static final ArchRule roomsUseWhatThePictureSays = followThePicture(ROOT, Picture.under("# Architecture"));

    @ArchTest
    static final ArchRule theJenkinsLayerUsesWhatItsPictureSays =
            followThePicture(JENKINS, Picture.under("## The Jenkins layer"));

    @ArchTest
    static final ArchRule thePipelineUsesWhatItsPictureSays =
            followThePicture(PIPELINE, Picture.under("## The pipeline layer"));

    /** Exactly: an arrow that nothing needs any more is to go. The build without Jenkins has nothing to compare. */
    @ArchTest
    static void theJenkinsLayerKnowsWhatItsPictureSays(JavaClasses all) {
        Set<String> known = new TreeSet<>();
        for (JavaClass user : all) {
            if (isIn(JENKINS, user)) {
                user.getDirectDependenciesFromSelf().stream()
                        .map(use -> use.getTargetClass().getBaseComponentType())
                        .filter(used -> isIn(ROOT, used) && !isIn(JENKINS, used))
                        .forEach(used -> known.add(nameInPicture(used)));
            }
        }
        if (!known.isEmpty()) {
            assertThat(known)
                    .isEqualTo(new TreeSet<>(Picture.under("### Parts that the Jenkins layer uses")
                            .arrowsFrom("jenkins")));
        }
    }

    private static boolean isIn(String root, JavaClass type) {
        return (type.getPackageName() + ".").startsWith(root + ".");
    }

    private static String nameInPicture(JavaClass type) {
        if (isIn(CONTRACT, type) || isIn(REPORT, type)) {
            return type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
        }
        return type.getEnclosingClass().map(ArchitectureTest::nameInPicture).orElseGet(type::getSimpleName);
    }

    @ArchTest
    static final ArchRule theContractNeedsReportsAndJacksonAlone = classes()
            .that()
            .resideInAPackage(CONTRACT)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(CONTRACT, REPORT, "java..", "com.fasterxml.jackson..")
                    .or(type(DeployTarget.class)));

    @ArchTest
    static final ArchRule thePipelineIsFreeOfCycles =
            slices().matching(PIPELINE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static void aRoomOfThePipelineHasAtMostFifteenClasses(JavaClasses all) {
        Map<String, Long> sizes = all.stream()
                .filter(type -> type.getPackageName().startsWith(PIPELINE) && type.isTopLevelClass())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        assertThat(sizes).doesNotContainKey(PIPELINE).hasSizeGreaterThan(5);
        assertThat(sizes.values()).allMatch(size -> size <= 15);
    }

    /** A reader of one target knows the next, see docs/new-target.md. */
    @ArchTest
    static void eachTargetHasTheSameRoles(JavaClasses all) {
        Set<String> names = all.stream().map(JavaClass::getFullName).collect(Collectors.toSet());
        for (Map.Entry<String, String> target : TARGETS.entrySet()) {
            String prefix = ROOT + ".targets." + target.getKey() + "." + target.getValue();
            List<String> roles = new ArrayList<>(ROLES);
            boolean inOneStep = names.contains(prefix + "DeployOperation");
            roles.addAll(
                    inOneStep
                            ? List.of("DeployOperation", "DeployParameters", "DeployPlanner")
                            : List.of(
                                    "PrepareOperation",
                                    "PrepareParameters",
                                    "PreparePlanner",
                                    "ActivateOperation",
                                    "ActivateParameters"));
            if (!target.getKey().equals("docker")) {
                roles.addAll(List.of("Client", "LeaseStore", "FailureMapper"));
            }
            assertThat(names)
                    .as(target.getKey())
                    .containsAll(roles.stream().map(prefix::concat).toList());
        }
    }

    @ArchTest
    static final ArchRule roomsAreFreeOfCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    /** It is empty in the build without Jenkins. */
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
