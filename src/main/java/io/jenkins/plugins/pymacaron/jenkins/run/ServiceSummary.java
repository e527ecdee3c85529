package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** A service of a build in one line: its result, and the amount of work. */
public final class ServiceSummary {
    private final ServiceRun service;

    ServiceSummary(ServiceRun service) {
        this.service = service;
    }

    /** Returns a text such as {@code hello 261122-1810-42-ab12cd live on Cloud Run}. */
    @NonNull
    public String getTitle() {
        StringJoiner title = new StringJoiner(" ");
        title.add(service.getService().isEmpty() ? service.getDirectory() : service.getService());
        DeploymentRecord where = reached().orElse(null);
        ImageRecord image = service.getImage();
        if (where != null) {
            title.add(where.getVersion());
            title.add(Messages.ServiceSummary_on(where.getSlot(), product(where.getTarget())));
        } else if (image != null) {
            title.add(image.getVersion());
        }
        return title.toString();
    }

    /** Returns the product's name for users; an agent of another version may report one that this one does not know. */
    private static String product(String target) {
        return switch (target) {
            case "beanstalk" -> "Elastic Beanstalk";
            case "cloud-run" -> "Cloud Run";
            case "gke" -> "GKE";
            default -> target;
        };
    }

    /** Returns a text such as {@code 8 stages · 96 tests · 4 min 10 sec · promoted}. */
    @NonNull
    public String getText() {
        List<StageRecord> stages = service.getStages();
        int tests = stages.stream().mapToInt(StageRecord::getTotal).sum();
        int bad = stages.stream().mapToInt(s -> s.getFailed() + s.getErrors()).sum();
        long millis = stages.stream().mapToLong(StageRecord::getDurationMillis).sum();
        StringJoiner text = new StringJoiner(" · ");
        text.add(Messages.ServiceSummary_stages(stages.size()));
        if (tests > 0) {
            text.add(bad == 0 ? Messages.ServiceSummary_tests(tests) : Messages.ServiceSummary_failed(tests, bad));
        }
        text.add(Util.getTimeSpanString(millis));
        text.add(ending());
        return text.toString();
    }

    /** Returns the commit; empty until a stage has read it. */
    @NonNull
    public String getCommit() {
        return service.getCommit();
    }

    public boolean isPlanned() {
        return !service.getPlan().isEmpty();
    }

    public boolean isTested() {
        return service.getStages().stream().anyMatch(s -> s.getReportFile() != null && s.getTotal() > 0);
    }

    public boolean isDeployed() {
        return service.getStages().stream().anyMatch(s -> !s.getDeployments().isEmpty());
    }

    /** Returns the same for a console, with the texts that a user copies from there. */
    @NonNull
    public List<String> getConsole() {
        List<String> lines = new ArrayList<>(List.of(getTitle() + ": " + getText()));
        ImageRecord image = service.getImage();
        if (image != null && !image.getVersion().isEmpty()) {
            lines.add(("  image " + image.getName() + ":" + image.getTag() + " " + image.getDigest()).stripTrailing());
        }
        for (String slot : List.of("staging", "live")) {
            service.getStages().stream()
                    .flatMap(s -> s.getDeployments().stream())
                    .filter(d -> d.getSlot().equals(slot))
                    .reduce((earlier, later) -> later)
                    .map(d -> d.getVersion().isEmpty()
                            ? Messages.ServiceSummary_nothing(slot)
                            : Messages.ServiceSummary_serves(slot, d.getVersion(), d.getUrl()))
                    .ifPresent(lines::add);
        }
        liveRollback().ifPresent(lines::add);
        return lines;
    }

    /** Returns the last sentence of a build that rolled back a live without acceptance, in any kind of job. */
    private Optional<String> liveRollback() {
        Optional<StageRecord> refused =
                service.last("live").filter(s -> !isGood(s) && !s.getOutcome().equals("INTERRUPTED"));
        Optional<DeploymentRecord> back = service.last("rollback")
                .filter(ServiceSummary::isGood)
                .flatMap(s -> s.getDeployments().stream().findFirst());
        return refused.flatMap(s -> back.map(b -> LiveRollback.done(s.getMessage(), b.getVersion())));
    }

    private String ending() {
        Optional<StageRecord> failed = service.getStages().stream()
                .filter(s -> !isGood(s) && !s.getStage().equals("rollback"))
                .reduce((earlier, later) -> later);
        Optional<String> why = failed.map(s -> s.getMessage().isEmpty()
                ? Messages.ServiceSummary_stageFailed(s.getTitle())
                : Messages.ServiceSummary_stageFailedSince(s.getTitle(), withoutTitle(s)));
        Optional<StageRecord> back = service.last("rollback");
        // A rollback that found nothing to roll back changed nothing.
        if (back.filter(r -> !isGood(r) || !r.getDeployments().isEmpty()).isPresent()) {
            String end = isGood(back.get()) ? rolledBack(back.get()) : Messages.ServiceSummary_notRolledBack();
            String asked = back.get().getReason();
            if (why.isEmpty() && !asked.isEmpty()) {
                return Messages.ServiceSummary_because(end, asked);
            }
            return why.map(w -> w + "; " + end).orElse(end);
        }
        if (why.isPresent()) {
            return why.get();
        }
        if (service.last("promote").isPresent()) {
            return service.last("live").isPresent()
                    ? Messages.ServiceSummary_promoted()
                    : Messages.ServiceSummary_notAccepted();
        }
        return service.last("staging").isPresent()
                ? Messages.ServiceSummary_staged()
                : Messages.ServiceSummary_notDeployed();
    }

    /** Returns the refused version, and the one that serves. */
    private String rolledBack(StageRecord back) {
        String serves = back.getDeployments().get(0).getVersion();
        Optional<String> refused = service.last("promote").stream()
                .flatMap(s -> s.getDeployments().stream())
                .map(DeploymentRecord::getVersion)
                .findFirst();
        if (serves.isEmpty()) {
            return Messages.ServiceSummary_withdrawn(refused.orElse(""));
        }
        return refused.map(version -> Messages.ServiceSummary_rolledBack(version, serves))
                .orElseGet(() -> Messages.ServiceSummary_rolledBackTo(serves));
    }

    private static String withoutTitle(StageRecord stage) {
        String title = stage.getTitle() + ": ";
        String message = stage.getMessage();
        return message.startsWith(title) ? message.substring(title.length()) : message;
    }

    private static boolean isGood(StageRecord stage) {
        return stage.getOutcome().equals("SUCCEEDED") || stage.getOutcome().equals("ROLLED_BACK");
    }

    /** Returns the last deployment that this build made. */
    private Optional<DeploymentRecord> reached() {
        return service.getStages().stream()
                .flatMap(s -> s.getDeployments().stream())
                .reduce((earlier, later) -> later);
    }
}
