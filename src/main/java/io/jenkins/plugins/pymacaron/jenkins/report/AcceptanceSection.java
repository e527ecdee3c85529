package io.jenkins.plugins.pymacaron.jenkins.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.pymacaron.jenkins.run.ImageRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The tests of one stage of one service: a tab. */
@ExportedBean
public final class AcceptanceSection {
    private final int index;
    private final ServiceRun service;
    private final StageRecord stage;

    AcceptanceSection(int index, ServiceRun service, StageRecord stage) {
        this.index = index;
        this.service = service;
        this.stage = stage;
    }

    static boolean isOne(StageRecord stage) {
        return stage.getReportFile() != null && stage.getTotal() > 0;
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

    public int getBad() {
        return stage.getFailed() + stage.getErrors();
    }

    /** Of the image that was tested, as far as this build knows; empty until it is pushed. */
    @NonNull
    public String getDigest() {
        ImageRecord image = service.getImage();
        return image == null ? "" : image.getDigest();
    }

    /** As people compare it. */
    public String getShortDigest() {
        String hex = getDigest().substring(getDigest().indexOf(':') + 1);
        return hex.length() > 12 ? hex.substring(0, 12) : hex;
    }

    /** Only what a browser may follow. */
    public boolean isLinked() {
        return stage.getUrl().startsWith("http://") || stage.getUrl().startsWith("https://");
    }
}
