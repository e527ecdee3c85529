package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.console.ModelHyperlinkNote;
import hudson.model.Run;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The texts about a waiting step: its place in the queue, since when it waits, and for which build. */
final class WaitingTexts {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", Locale.ENGLISH);

    private static final int NEAR = 10;

    private final String environment;
    private final String holder;
    private final int place;
    private final long asked;
    private final String reader;

    /**
     * @param environment as people see it
     * @param holder the id of the build that holds it; null if it is being cleaned up
     * @param place in line, from 1
     * @param asked in milliseconds since the epoch
     * @param reader the id of the waiting build; its readers may differ from those of the holder
     */
    WaitingTexts(String environment, @CheckForNull String holder, int place, long asked, String reader) {
        this.environment = environment;
        this.holder = holder;
        this.place = place;
        this.asked = asked;
        this.reader = reader;
    }

    /** Returns the text with a link to the holder. */
    String log() {
        return holder == null
                ? Messages.EnvironmentQueue_waitsForCleanUp(environment, place, since())
                : Messages.EnvironmentQueue_waits(environment, linked(), place, since());
    }

    /** Returns the text without links. It is the same for all readers, so it names no build of another job. */
    String label() {
        if (holder == null) {
            return Messages.EnvironmentQueue_labelForCleanUp(environment, place, since());
        }
        String name = Optional.of(holder)
                .filter(id -> isOfOneJob(id, reader))
                .flatMap(EnvironmentOwners::find)
                .map(Run::getDisplayName)
                .orElseGet(Messages::EnvironmentQueue_another);
        return Messages.EnvironmentQueue_label(environment, name, place, since());
    }

    private String linked() {
        return isOfOneJob(holder, reader)
                ? EnvironmentOwners.find(holder)
                        .map(run -> ModelHyperlinkNote.encodeTo("/" + run.getUrl(), run.getFullDisplayName()))
                        .orElse(holder)
                : BuildNote.encode(holder);
    }

    private String since() {
        return Instant.ofEpochMilli(asked).atZone(ZoneId.systemDefault()).format(TIME);
    }

    static boolean isOfOneJob(String one, String other) {
        return job(one).equals(job(other));
    }

    private static String job(String build) {
        return build.substring(0, Math.max(0, build.lastIndexOf('#')));
    }

    /**
     * Returns whether the reader of the text before wants this one. Near the front each change counts; further behind, the
     * place must have halved, since a queue of a thousand builds would write half a million lines.
     *
     * @param before null for the first text
     */
    boolean isWorthTelling(@CheckForNull WaitingTexts before) {
        return before == null
                || (place <= NEAR
                        ? place != before.place || !Objects.equals(holder, before.holder)
                        : place <= before.place / 2);
    }
}
