package io.jenkins.plugins.pymacaron.jenkins.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.pymacaron.jenkins.run.ImageRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The tests of one stage of one service: a tab. */
@ExportedBean(defaultVisibility = 2)
public final class AcceptanceSection {
    private final int index;
    private final ServiceRun service;
    private final StageRecord stage;

    private final Path directory;

    /** Makes the tab. @param directory of the build */
    AcceptanceSection(int index, ServiceRun service, StageRecord stage, Path directory) {
        this.directory = directory;
        this.index = index;
        this.service = service;
        this.stage = stage;
    }

    /**
     * Returns whether the stage has a tab: it ran tests, or its service failed before them, and its log gives the
     * reason.
     */
    static boolean isOne(StageRecord stage) {
        return stage.getReportFile() != null && (stage.getTotal() > 0 || isBroken(stage));
    }

    private static boolean isBroken(StageRecord stage) {
        return stage.getTotal() == 0 && !stage.getOutcome().equals("SUCCEEDED");
    }

    /** Returns whether it failed before a test ran. */
    public boolean isBroken() {
        return isBroken(stage);
    }

    @Exported
    public int getIndex() {
        return index;
    }

    @NonNull
    @Exported
    public ServiceRun getService() {
        return service;
    }

    @NonNull
    @Exported
    public StageRecord getStage() {
        return stage;
    }

    /** Returns the report of the stage; empty where it was deleted, or replaced by a link to another place. */
    Optional<Path> file() throws IOException {
        Path file = directory.resolve(Util.fixNull(stage.getReportFile()));
        return Files.isRegularFile(file) && file.toRealPath().startsWith(directory.toRealPath())
                ? Optional.of(file)
                : Optional.empty();
    }

    /** Returns the first hundred failures. */
    @NonNull
    @Exported
    public List<FailingCase> getFailing() throws IOException {
        Optional<Path> file = getBad() == 0 ? Optional.empty() : file();
        return file.isEmpty() ? List.of() : CasePage.failing(file.get());
    }

    public int getBad() {
        return stage.getFailed() + stage.getErrors();
    }

    /** Returns the digest of the tested image, as far as this build knows; empty until it is pushed. */
    @NonNull
    public String getDigest() {
        ImageRecord image = service.getImage();
        return image == null ? "" : image.getDigest();
    }

    /** Returns the short form, for people to compare. */
    public String getShortDigest() {
        String hex = getDigest().substring(getDigest().indexOf(':') + 1);
        return hex.length() > 12 ? hex.substring(0, 12) : hex;
    }

    /** Returns whether the URL is one that a browser may follow. */
    public boolean isLinked() {
        return stage.getUrl().startsWith("http://") || stage.getUrl().startsWith("https://");
    }
}
