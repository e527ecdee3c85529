package io.jenkins.plugins.pymacaron.jenkins.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.CommitLink;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.lang3.math.NumberUtils;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/** The test results of a build: a tab for each stage that ran tests, or could not. */
@ExportedBean
public final class AcceptanceAction implements Action {
    private final Run<?, ?> run;

    AcceptanceAction(Run<?, ?> run) {
        this.run = run;
    }

    @NonNull
    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    public String getIconFileName() {
        return "symbol-shield-checkmark-outline plugin-ionicons-api";
    }

    @Override
    public String getDisplayName() {
        return Messages.AcceptanceAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "acceptance";
    }

    public Api getApi() {
        return new Api(this);
    }

    @Exported
    public List<AcceptanceSection> getSections() {
        List<AcceptanceSection> sections = new ArrayList<>();
        List<ServiceRun> services =
                PymacaronRun.find(run).map(PymacaronRun::getServices).orElse(List.of());
        for (ServiceRun service : services) {
            for (StageRecord stage : service.getStages()) {
                if (AcceptanceSection.isOne(stage)) {
                    sections.add(new AcceptanceSection(
                            sections.size(), service, stage, run.getRootDir().toPath()));
                }
            }
        }
        return sections;
    }

    /** Returns the tested commit with its page in the SCM's browser. */
    @NonNull
    public CommitLink getCommit(@NonNull AcceptanceSection section) {
        return CommitLink.of(run, section.getService().getCommit());
    }

    /** Returns whether a tab has to name its service. */
    public boolean isSeveral() {
        return getSections().stream()
                        .map(section -> section.getService().getDirectory())
                        .distinct()
                        .count()
                > 1;
    }

    /** Returns the tab that is shown first: the first with a failure, else the last. */
    public int getFirst() {
        List<AcceptanceSection> sections = getSections();
        return sections.stream()
                .filter(section -> section.getBad() > 0 || section.isBroken())
                .findFirst()
                .map(AcceptanceSection::getIndex)
                .orElse(sections.size() - 1);
    }

    /** Returns a page of cases as JSON, for the script of the page. */
    @GET
    public HttpResponse doCases(
            @QueryParameter @CheckForNull String section,
            @QueryParameter @CheckForNull String status,
            @QueryParameter @CheckForNull String search,
            @QueryParameter @CheckForNull String page)
            throws IOException {
        run.checkPermission(Item.READ);
        int index = NumberUtils.toInt(section, -1);
        List<AcceptanceSection> sections = getSections();
        if (index < 0 || index >= sections.size()) {
            return HttpResponses.notFound();
        }
        Optional<Path> file = sections.get(index).file();
        if (file.isEmpty()) {
            return HttpResponses.notFound();
        }
        String json = CasePage.of(file.get(), Util.fixNull(status), Util.fixNull(search), NumberUtils.toInt(page));
        return new Json(json);
    }

    /** Bytes that every browser treats as JSON only. */
    private record Json(String text) implements HttpResponse {
        @Override
        public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node)
                throws IOException {
            response.setContentType("application/json;charset=UTF-8");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.getWriter().write(text);
        }
    }
}
