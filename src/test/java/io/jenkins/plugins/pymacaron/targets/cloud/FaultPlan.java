package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Between;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Handler;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The faults between a client and a cloud, drawn from a seed: some kinds of faults, more or less often. */
public final class FaultPlan implements Between {
    /** A kind of fault. */
    public enum Kind {
        /** The cloud asks for patience, and has done nothing. */
        THROTTLE,
        /** An error of the cloud, which has done nothing. */
        ERROR,
        /** An error of the cloud, which has done what it was asked for all the same. */
        ERROR_AFTER,
        RESET,
        RESET_AFTER,
        HALF_A_BODY,
        STALL,
        /** A read returns an older state, from before later changes. */
        STALE
    }

    private static final Duration STALE_FOR = Duration.ofSeconds(1);
    private static final int MOST_IN_A_ROW = 3;

    /** The cloud's time in an answer, and the time in a request. */
    private static final Pattern TIMES = Pattern.compile(
            "(<(?:DateCreated|DateUpdated|EventDate)>|\"(?:createTime|updateTime|lastTransitionTime|creationTimestamp|"
                    + "timestamp)\":\\s*\")([0-9]{4}-[0-9-]+T[0-9:.]+Z)");

    private static final Pattern ASKED = Pattern.compile("(StartTime=)([^&]+)");

    private record Read(Instant at, Answer answer) {}

    public final long seed;
    private final Random random;
    private final Random undo;
    private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    private final double often;
    private final Duration skew;
    private final Function<Kind, Answer> words;
    private final Map<String, Read> reads = new HashMap<>();
    private final Map<Kind, Integer> used = new EnumMap<>(Kind.class);
    private int row;
    private boolean over;

    /**
     * @param words how the cloud says {@link Kind#THROTTLE} and {@link Kind#ERROR}
     * @param not what this cloud does not do
     */
    public FaultPlan(long seed, Function<Kind, Answer> words, Set<Kind> not) {
        this.seed = seed;
        this.words = words;
        random = new Random(seed);
        undo = new Random(seed + 2);
        for (Kind kind : Kind.values()) {
            if (random.nextInt(3) > 0 && !not.contains(kind)) {
                kinds.add(kind);
            }
        }
        kinds.addAll(kinds.isEmpty() ? Set.of(Kind.THROTTLE) : Set.of());
        often = List.of(0.03, 0.1, 0.25).get(random.nextInt(3));
        skew = Duration.ofHours(random.nextInt(3) - 1L);
    }

    /** Returns random numbers for other decisions of a story. */
    public Random random() {
        return new Random(seed + 1);
    }

    /** Ends all faults from now on. */
    public synchronized void end() {
        over = true;
    }

    /** Returns how many faults there were. */
    public synchronized Map<Kind, Integer> used() {
        return Map.copyOf(used);
    }

    /** Returns whether the next effect of an undo is refused. */
    public synchronized boolean refusesUndo() {
        return !over && undo.nextInt(3) == 0;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + kinds + " at " + often + " of the requests, the cloud's clock is off by " + skew
                + "; there were " + used();
    }

    /** Returns the fault of the next request, for a server that is not asked by HTTP; null for none. */
    public synchronized Kind draw() {
        if (over || random.nextDouble() >= often || row == MOST_IN_A_ROW) {
            row = 0;
            return null;
        }
        row++;
        Kind kind = List.copyOf(kinds).get(random.nextInt(kinds.size()));
        used.merge(kind, 1, Integer::sum);
        return kind;
    }

    private static boolean reads(Request request) {
        return request.method().equals("GET")
                || request.form().getOrDefault("Action", "").matches("(Describe|List|Get|Check).*");
    }

    @Override
    public Answer answer(Request asked, Handler server) throws Exception {
        Request request = skewed(asked);
        Kind kind = draw();
        if (kind == null) {
            return kept(request, server);
        }
        switch (kind) {
            case THROTTLE, ERROR -> {
                return words.apply(kind);
            }
            case RESET -> {
                return words.apply(Kind.ERROR).cut(0);
            }
            case STALE -> {
                Read before = reads(request) ? before(request) : null;
                return before == null ? kept(request, server) : before.answer();
            }
            case STALL -> TimeUnit.MILLISECONDS.sleep(stall().toMillis());
            default -> {
                // done first
            }
        }
        Answer answer = kept(request, server);
        return switch (kind) {
            case ERROR_AFTER -> words.apply(Kind.ERROR);
            case RESET_AFTER -> answer.cut(0);
            case HALF_A_BODY -> answer.cut(Math.max(1, answer.body().length / 2));
            default -> answer;
        };
    }

    /** Returns a length for {@link Kind#STALL}. */
    public Duration stall() {
        return Duration.ofMillis(200 + draw(2_000));
    }

    private synchronized int draw(int bound) {
        return random.nextInt(bound);
    }

    private static String key(Request request) {
        return request.method() + request.path() + request.query() + request.text();
    }

    private synchronized Read before(Request request) {
        Read read = reads.get(key(request));
        return read != null && read.at().isAfter(Instant.now().minus(STALE_FOR)) ? read : null;
    }

    private Answer kept(Request request, Handler server) throws Exception {
        Answer answer = skewed(server.answer(request));
        if (reads(request)) {
            synchronized (this) {
                Read old = reads.get(key(request));
                if (old == null || old.at().isBefore(Instant.now().minus(STALE_FOR))) {
                    reads.put(key(request), new Read(Instant.now(), answer));
                }
            }
        }
        return answer;
    }

    private Answer skewed(Answer answer) {
        String type = answer.headers().getOrDefault("Content-Type", "");
        if (skew.isZero() || !type.contains("xml") && !type.contains("json")) {
            return answer;
        }
        String text = TIMES.matcher(new String(answer.body(), StandardCharsets.UTF_8))
                .replaceAll(found -> found.group(1) + moved(found, 2, skew, ChronoUnit.MILLIS));
        return new Answer(answer.status(), answer.headers(), text.getBytes(StandardCharsets.UTF_8));
    }

    private Request skewed(Request request) {
        if (skew.isZero() || !request.form().containsKey("StartTime")) {
            return request;
        }
        String text = ASKED.matcher(request.text()).replaceAll(found -> {
            Instant time = Instant.parse(URLDecoder.decode(found.group(2), StandardCharsets.UTF_8));
            return found.group(1) + URLEncoder.encode(time.minus(skew).toString(), StandardCharsets.UTF_8);
        });
        return new Request(
                request.method(),
                request.path(),
                request.query(),
                request.headers(),
                text.getBytes(StandardCharsets.UTF_8));
    }

    private static String moved(MatchResult found, int group, Duration by, ChronoUnit unit) {
        return DateTimeFormatter.ISO_INSTANT.format(
                Instant.parse(found.group(group)).plus(by).truncatedTo(unit));
    }
}
