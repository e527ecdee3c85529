package io.jenkins.plugins.pymacaron.jenkins.report.access;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Descriptor;
import hudson.model.RootAction;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.bind.JavaScriptMethod;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.POST;

/**
 * Finds the parts of the plugin that can be asked over the web, in the way of Stapler: methods, views and beans of its
 * classes.
 */
final class Addresses {
    private static final String ROOT = "io.jenkins.plugins.pymacaron.jenkins";

    private Addresses() {}

    /** Classes of the plugin that are no tests. */
    private static List<JavaClass> classes() {
        return new ClassFileImporter()
                .importPackages(ROOT).stream()
                        .filter(c -> c.getSource()
                                .map(s -> !s.getUri().toString().contains("/test-classes/"))
                                .orElse(false))
                        .toList();
    }

    /** Returns the classes that a page, or an object of Jenkins, can have as a part with an address. */
    static Set<String> actionClasses() {
        Set<String> found = new TreeSet<>();
        classes().stream()
                .filter(c -> c.isAssignableTo(Action.class)
                        && !c.isInterface()
                        && !c.getModifiers().contains(JavaModifier.ABSTRACT))
                .forEach(c -> found.add(c.getSimpleName()));
        return found;
    }

    /** Returns none, or the test that asks for addresses below jobs and builds would not know it. */
    static List<String> rootActions() {
        return classes().stream()
                .filter(c -> c.isAssignableTo(RootAction.class) || c.isAssignableTo(StaplerProxy.class))
                .map(JavaClass::getSimpleName)
                .toList();
    }

    /** Web methods of classes that are neither actions nor descriptors, which have an address only where they are bound. */
    static Set<String> boundMethods() {
        Set<String> found = new TreeSet<>();
        for (JavaClass c : classes()) {
            if (!c.isAssignableTo(Action.class) && !c.isAssignableTo(Descriptor.class)) {
                webMethods(c.reflect()).forEach(m -> found.add(c.getSimpleName() + "." + m.getName()));
            }
        }
        return found;
    }

    /**
     * @param prefix of the object's own address, below that of its job
     * @return with the class that answers, such as {@code deployments/compare}
     */
    static Set<String> of(Actionable object, String prefix) throws Exception {
        Set<String> found = new TreeSet<>();
        for (Action action : object.getAllActions()) {
            if (action.getClass().getName().startsWith(ROOT)) {
                found.addAll(of(action, prefix));
            }
        }
        return found;
    }

    private static Set<String> of(Action action, String prefix) throws Exception {
        Set<String> found = new TreeSet<>();
        String name = action.getUrlName();
        if (name == null) {
            // Parts of the pages of what has it.
            if (!views(action.getClass()).isEmpty()) {
                found.add(prefix);
            }
            if (action.getClass().isAnnotationPresent(ExportedBean.class)) {
                found.add(prefix + "api/json");
            }
            return found;
        }
        String path = prefix + name + "/";
        views(action.getClass()).forEach(view -> found.add(view.equals("index") ? path : path + view));
        webMethods(action.getClass()).forEach(method -> found.add(path + addressOf(method)));
        if (Arrays.stream(action.getClass().getMethods())
                .anyMatch(m -> m.getName().equals("getApi"))) {
            found.add(path + "api/json");
        }
        return found;
    }

    /** Returns the checks and lists of a form. */
    static Set<String> of(Descriptor<?> descriptor) {
        Set<String> found = new TreeSet<>();
        webMethods(descriptor.getClass())
                .forEach(m -> found.add(m.getDeclaringClass().getName().replaceFirst(".*\\.", "") + "." + m.getName()));
        return found;
    }

    static boolean isOurs(Descriptor<?> descriptor) {
        return descriptor.getClass().getName().startsWith(ROOT)
                && !descriptor
                        .getClass()
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath()
                        .contains("/test-classes/");
    }

    static List<Method> webMethods(Class<?> type) {
        return Stream.of(type.getMethods())
                .filter(m -> m.getDeclaringClass().getName().startsWith(ROOT) && !m.isBridge())
                .filter(m -> m.getName().matches("do[A-Z].*|js[A-Z].*|getDynamic")
                        || m.isAnnotationPresent(WebMethod.class)
                        || m.isAnnotationPresent(JavaScriptMethod.class)
                        || isPostOnly(m))
                .toList();
    }

    static boolean isPostOnly(Method method) {
        return method.isAnnotationPresent(RequirePOST.class) || method.isAnnotationPresent(POST.class);
    }

    static String addressOf(Method method) {
        String name = method.getName().replaceFirst("^(do|js)(?=[A-Z])", "");
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static List<String> views(Class<?> type) throws Exception {
        List<String> views = new ArrayList<>();
        for (Class<?> c = type; c != null && c.getName().startsWith(ROOT); c = c.getSuperclass()) {
            var folder = c.getResource(c.getSimpleName());
            if (folder != null && folder.getProtocol().equals("file")) {
                list(folder.toURI(), views);
            }
        }
        return views;
    }

    private static void list(URI folder, List<String> into) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder), "*.jelly")) {
            files.forEach(file -> into.add(String.valueOf(file.getFileName()).replace(".jelly", "")));
        }
    }
}
