package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.LeaseKeeper.Pause;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Makes the calls of a cloud's API. A read is tried again here, with growing pauses and jitter, while the service
 * throttles or fails. A change is tried once, since the driver has its own pauses and first looks whether it was made.
 * The clients' own retries have to be switched off, or they would multiply with these.
 */
public final class Calls {
    /** A read that waits for longer keeps a person from the result. */
    private static final Duration WITHIN = Duration.ofSeconds(30);

    /** Longer than the limits of all client libraries for a request; some of those end with the head of an answer. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Function<Exception, Failure> reader;
    private final Pause pause;
    private final DoubleSupplier random;
    private final CallLimit limit;
    private final Duration within;

    /** Makes the calls. @param reader knows the exceptions of the client library */
    public Calls(Function<Exception, Failure> reader) {
        this(reader, length -> TimeUnit.NANOSECONDS.sleep(length.toNanos()), () -> ThreadLocalRandom.current()
                .nextDouble());
    }

    Calls(Function<Exception, Failure> reader, Pause pause, DoubleSupplier random) {
        this(reader, pause, random, new CallLimit(LONGEST));
    }

    Calls(Function<Exception, Failure> reader, Pause pause, DoubleSupplier random, CallLimit limit) {
        this(reader, pause, random, limit, WITHIN);
    }

    /**
     * Returns calls for facts that are useful, but not worth a long wait.
     *
     * @param within how long a read is tried again, and how long each call may take
     */
    public static Calls brief(Function<Exception, Failure> reader, Duration within) {
        return new Calls(
                reader,
                length -> TimeUnit.NANOSECONDS.sleep(length.toNanos()),
                () -> ThreadLocalRandom.current().nextDouble(),
                new CallLimit(within),
                within);
    }

    private Calls(
            Function<Exception, Failure> reader, Pause pause, DoubleSupplier random, CallLimit limit, Duration within) {
        this.within = within;
        this.limit = limit;
        this.reader = reader;
        this.pause = pause;
        this.random = random;
    }

    /** A change of something in the cloud. */
    @FunctionalInterface
    public interface Change<T> {
        T make() throws Exception;
    }

    /**
     * Reads, with retries.
     *
     * @param what the end of the sentence "cannot …", for instance "list the environments of hello"
     */
    public <T> T read(String what, Callable<T> call) throws TargetException, InterruptedException {
        Duration waited = Duration.ZERO;
        for (int attempt = 0; ; attempt++) {
            try {
                return limit.call(call);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                Failure failure = failure(e);
                Duration delay = Backoff.RETRY.delay(attempt, random.getAsDouble());
                waited = waited.plus(delay);
                if (!failure.passes() || waited.compareTo(within) > 0) {
                    throw new CloudException(failure, "cannot " + what + ": " + failure.message(), e);
                }
                pause.pause(delay);
            }
        }
    }

    /** Makes a change, once. */
    public <T> T change(Change<T> change) throws EffectException, InterruptedException {
        try {
            return limit.call(change::make);
        } catch (InterruptedException | EffectException e) {
            throw e;
        } catch (Exception e) {
            throw failure(e).toEffect(e);
        }
    }

    /** Looks once; the result is UNKNOWN where the state cannot be seen now. */
    public Lookup look(Callable<Lookup> look) throws InterruptedException {
        try {
            return limit.call(look);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return Lookup.unknown(failure(e).message());
        }
    }

    /** Returns the meaning of {@code e}. */
    public Failure failure(Exception e) throws InterruptedException {
        if (e instanceof CallLimit.ExceededException late) {
            return new Failure(Failure.Kind.UNCLEAR, late.getMessage());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted during a call");
        }
        if (e instanceof CloudException known
                && known.failure() != null
                && known.failure().kind() == Failure.Kind.REFUSED) {
            // A call that this call needed was refused: this call was not made, and would fail too.
            return new Failure(Failure.Kind.REFUSED, known.getMessage());
        }
        return reader.apply(e);
    }
}
