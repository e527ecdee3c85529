package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A page of the versions that served in an environment, the newest first, filtered by the reader. */
public final class HistoryPage {
    /** The number of entries on a screen. */
    static final int SIZE = 20;

    private final List<DeploymentEntry> found;
    private final int number;
    private final int all;

    /**
     * Makes the page.
     *
     * @param show {@code accepted}, {@code failed} or {@code back}; any other text for all
     * @param search a text in version, commit, build, name or reason; empty for all
     * @param page from 1; a number after the last page gives the last
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
        boolean bad = view.isRolledBack(entry) || result != null && !result.isGood();
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

    /** Returns the number, from 1. */
    public int getNumber() {
        return number;
    }

    /** Returns the number of pages, at least one. */
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
