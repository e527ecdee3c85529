package io.jenkins.plugins.pymacaron.jenkins.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A failed test, for REST: its name and reason, without its trace. */
@ExportedBean(defaultVisibility = 3)
public final class FailingCase {
    private final String className;
    private final String name;
    private final String message;

    FailingCase(@NonNull String className, @NonNull String name, @NonNull String message) {
        this.className = className;
        this.name = name;
        this.message = message;
    }

    @Exported
    public String getClassName() {
        return className;
    }

    @Exported
    public String getName() {
        return name;
    }

    @Exported
    public String getMessage() {
        return message;
    }
}
