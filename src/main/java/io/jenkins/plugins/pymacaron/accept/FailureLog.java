package io.jenkins.plugins.pymacaron.accept;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Finds the lines of a container's log that tell why it ended: the exception, and head and tail of its traceback.
 * gunicorn's own frames alone are some forty lines, and its log ends with tracebacks of its own after the one of the
 * service.
 */
public final class FailureLog {
    /** The number of last lines to read of a log. Several workers fail at once, each with its own traceback. */
    public static final int READ = 2000;

    private static final int KEPT = 40;
    private static final int HEAD = 15;
    private static final int TAIL = 40;
    private static final int LONGEST_MESSAGE = 5;
    /** The number of lines that other workers may write in between. */
    private static final int INTERLEAVED = 10;

    private static final String FRAME = "  File \"";
    private static final Pattern EXCEPTION =
            Pattern.compile("[\\w.]*(?:Error|Exception|Exit|Interrupt|Failure|Timeout|Warning)(?::.*)?");
    /** The class of an exception and its text (traceback.py, {@code format_exception_only}). */
    private static final Pattern NAMED = Pattern.compile("[A-Za-z_][\\w.]*(?:: .*)?");

    private static final String OF_THE_SERVICE = "Exception in worker process";
    private static final String OF_GUNICORN = "HaltServer";
    private static final String TRACEBACK = "Traceback (most recent call last):";
    /** The line between the tracebacks of a chain; the last of them is the one that was not handled (traceback.py). */
    private static final Pattern LINK =
            Pattern.compile("(During handling of the above exception, another|The above exception was the direct) .*");
    /** A line of another process, which begins with its time: gunicorn as "[2026-", the library as "2026-". */
    private static final Pattern STAMPED = Pattern.compile("\\[?\\d{4}-\\d\\d-\\d\\d[ T].*");

    /** A line of a request, in the common log format of gunicorn (its setting access_log_format). */
    private static final Pattern REQUEST = Pattern.compile("\\S+ \\S+ \\S+ \\[\\d\\d/\\w{3}/\\d{4}:.*");
    /**
     * The only message of gunicorn where the module has no such application (AppImportError of its util.import_app).
     */
    private static final Pattern NO_APPLICATION = Pattern.compile(
            "Failed to find attribute '.*' in '.*'\\.|Failed to parse '.*' as an attribute name or function call\\."
                    + "|Function reference must have literal arguments: .*|Application object must be callable\\.");

    /** gunicorn's line of a worker that ends by itself (spawn_worker in its arbiter.py); text of sys.exit follows. */
    private static final Pattern WORKER_ENDS = Pattern.compile("\\[.*] \\[INFO] Worker exiting \\(pid: \\d+\\)");
    /** The number of equal ends; a worker that the master ends is not started again. */
    private static final int ENDS_ALIKE = 2;

    private FailureLog() {}

    /** Returns the lines. @param log its last {@link #READ} lines */
    public static List<String> of(List<String> log) {
        Optional<Failure> failure = failure(log);
        if (failure.isEmpty()) {
            return log.subList(Math.max(0, log.size() - KEPT), log.size());
        }
        List<String> words = new ArrayList<>();
        List<String> lines = log.subList(failure.get().start(), failure.get().end());
        int left = lines.size() - HEAD - TAIL;
        if (left <= 0) {
            words.addAll(lines);
        } else {
            words.addAll(lines.subList(0, HEAD));
            words.add("    … " + left + " lines more …");
            words.addAll(lines.subList(lines.size() - TAIL, lines.size()));
        }
        return words;
    }

    /**
     * Returns the text after "ended with exit code 3": the exception on the same line, then {@link #of}; empty without
     * a log.
     */
    public static String told(List<String> log) {
        List<String> words = of(log);
        if (words.isEmpty()) {
            return "";
        }
        String lines = "\n    " + String.join("\n    ", words);
        return failure(log)
                .map(failure -> ": " + failure.reason() + "; its log:" + lines)
                .or(() -> log.stream()
                        .filter(line -> NO_APPLICATION.matcher(line).matches())
                        .findFirst()
                        .map(line -> ": " + line.replaceFirst("\\.$", "")
                                + "; gunicorn runs the Flask object named app in server.py; its last lines:" + lines))
                .or(() -> exit(log).map(why -> ": " + why + "; its last lines:" + lines))
                .orElse("; its last lines:" + lines);
    }

    /**
     * Returns the reason why workers end without an exception in gunicorn's log: it ignores SystemExit and starts the
     * next worker, for ever, while Python prints the text of {@code sys.exit(text)} as it ends.
     */
    private static Optional<String> exit(List<String> log) {
        List<Integer> ends = IntStream.range(0, log.size())
                .filter(i -> WORKER_ENDS.matcher(log.get(i)).matches())
                .boxed()
                .toList();
        if (ends.size() < ENDS_ALIKE) {
            return Optional.empty();
        }
        String text = ends.stream()
                .map(end -> text(log, end + 1))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse("");
        return Optional.of(text + (text.isEmpty() ? "" : " (")
                + "each of its workers ends as it loads server.py, by SystemExit" + (text.isEmpty() ? "" : ")"));
    }

    private static String text(List<String> log, int from) {
        List<String> lines = log.subList(from, log.size()).stream()
                .takeWhile(line -> !STAMPED.matcher(line).matches()
                        && !REQUEST.matcher(line).matches())
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .distinct()
                .limit(LONGEST_MESSAGE)
                .toList();
        return String.join(" ", lines);
    }

    /** A traceback, from its first line to the line after its exception, which is the reason. */
    private record Failure(int start, int end, String reason) {}

    private static Optional<Failure> failure(List<String> log) {
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).contains(OF_THE_SERVICE)) {
                int start = i;
                int first = next(log, i + 1);
                return first < log.size()
                        ? Optional.of(chain(log, first)).map(f -> new Failure(start, f.end(), f.reason()))
                        : Optional.empty();
            }
        }
        for (int first = next(log, 0); first < log.size(); ) {
            Failure failure = chain(log, first);
            if (!failure.reason().contains(OF_GUNICORN) && !failure.reason().isEmpty()) {
                return Optional.of(failure);
            }
            first = next(log, failure.end());
        }
        return Optional.empty();
    }

    private static int next(List<String> log, int from) {
        int i = from;
        while (i < log.size() && !log.get(i).endsWith(TRACEBACK)) {
            i++;
        }
        return i;
    }

    private static Failure chain(List<String> log, int first) {
        String reason = "";
        int i = first;
        while (true) {
            i = reason(log, i + 1);
            List<String> message = new ArrayList<>();
            while (i < log.size()
                    && message.size() < LONGEST_MESSAGE
                    && !log.get(i).isBlank()
                    && !log.get(i).startsWith(FRAME)
                    && !STAMPED.matcher(log.get(i)).matches()
                    && !REQUEST.matcher(log.get(i)).matches()
                    && !log.get(i).endsWith(TRACEBACK)) {
                message.add(log.get(i++).strip());
            }
            reason = String.join(" ", message);
            int link = i;
            while (link < log.size() && log.get(link).isBlank()) {
                link++;
            }
            if (link == log.size() || !LINK.matcher(log.get(link)).matches()) {
                return new Failure(first, i, reason);
            }
            int following = next(log, link);
            if (following == log.size()) {
                return new Failure(first, i, reason);
            }
            i = following;
        }
    }

    /** Returns the line of the exception: after the frames, and after lines that other processes print meanwhile. */
    private static int reason(List<String> log, int from) {
        int fallback = -1;
        int i = from;
        for (; i < log.size() && !isEnd(log.get(i)); i++) {
            String line = log.get(i);
            if (!isIndented(line)
                    && !STAMPED.matcher(line).matches()
                    && !REQUEST.matcher(line).matches()
                    && !isBetween(log, i)) {
                if (NAMED.matcher(line).matches()) {
                    return i;
                }
                fallback = fallback < 0 ? i : fallback;
            }
        }
        return fallback < 0 ? i : fallback;
    }

    /** Returns whether the following lines belong to another traceback. */
    private static boolean isEnd(String line) {
        return line.endsWith(TRACEBACK) || LINK.matcher(line).matches();
    }

    private static boolean isIndented(String line) {
        return line.startsWith(" ");
    }

    /** Returns whether another worker wrote this line before the frames of this one were complete. */
    private static boolean isBetween(List<String> log, int at) {
        if (EXCEPTION.matcher(log.get(at)).matches()) {
            return false;
        }
        for (int i = at; i < Math.min(log.size(), at + INTERLEAVED); i++) {
            String line = log.get(i);
            if (line.startsWith(FRAME)) {
                return true;
            }
            if (line.isBlank() || line.endsWith(TRACEBACK)) {
                return false;
            }
        }
        return false;
    }
}
