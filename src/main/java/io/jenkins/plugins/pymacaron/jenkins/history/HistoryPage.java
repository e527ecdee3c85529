package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A page of what served in an environment, the newest first: what the reader looks for among it. */
public final class HistoryPage {
    /** What fits a screen. */
    static final int SIZE = 20;

    private final List<DeploymentEntry> found;
    private final int number;
    private final int all;

    /**
     * @param show {@code accepted}, {@code failed} or {@code back}; anything else for all
     * @param search somewhere in version, commit, build, name or reason; empty for all
     * @param page from 1; what is beyond the last is the last
     */
    HistoryPage(EnvironmentView view, List<DeploymentEntry> entries, String show, String search, int page) {
        String wanted = search.strip().toLowerCase(Locale.ROOT);
        all = entries.size();
        found = entries.stream()
                .filter(entry -> isShown(view, entry, show) && matches(entry, wanted))
                .toList();
        number = Math.min(Math.max(page, 1), getPages());
    }

    private static boolean isShown(EnvironmentView view, DeploymentEntry entry, String show) {
        if (show.equals("back")) {
            return entry.isRollback();
        }
        if (!show.equals("accepted") && !show.equals("failed")) {
            return true;
        }
        AcceptanceEntry result = view.acceptanceOf(entry);
        boolean good = result != null && result.isGood();
        boolean bad = view.isTakenBack(entry) || result != null && !result.isGood();
        return show.equals("accepted") ? good : bad;
    }

    private static boolean matches(DeploymentEntry entry, String wanted) {
        return wanted.isEmpty()
                || Stream.of(entry.version(), entry.commit(), entry.by(), entry.reason(), "#" + entry.build())
                        .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
    }

    @NonNull
    public List<DeploymentEntry> getEntries() {
        return found.subList((number - 1) * SIZE, Math.min(number * SIZE, found.size()));
    }

    /** From 1. */
    public int getNumber() {
        return number;
    }

    /** At least one. */
    public int getPages() {
        return Math.max(1, (found.size() + SIZE - 1) / SIZE);
    }

    public int getFound() {
        return found.size();
    }

    public int getAll() {
        return all;
    }
}
