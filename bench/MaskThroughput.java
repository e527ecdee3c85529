import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Prints how many megabytes of a log a core masks in a second, and how many it copies. Ten secrets, one as long as a key. */
public final class MaskThroughput {
    private static final int ROUNDS = 8;
    private static long sink;

    public static void main(String[] args) {
        Random random = new Random(7);
        List<String> secrets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] bytes = new byte[i == 0 ? 1700 : 12 + 3 * i];
            random.nextBytes(bytes);
            secrets.add(Base64.getEncoder().encodeToString(bytes));
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < 8_000_000; i++) {
            text.append("2026-01-02 03:04:05 INFO [worker-").append(i % 16).append("] \"GET /v1/items/");
            text.append(random.nextLong()).append("?page=%2F\" 200 \\u00e9 ");
            text.append(i % 500 == 0 ? secrets.get(i / 500 % 10) : "ok").append('\n');
        }
        String log = text.toString();
        SecretMask mask = new SecretMask(secrets);
        double masked = rate(() -> sink += mask.mask(log).length(), log.length());
        double copied = rate(() -> sink += copy(log), log.length());
        if (sink == 0) {
            throw new IllegalStateException("nothing was done");
        }
        System.out.println(masked + " " + copied);
    }

    private static int copy(String log) {
        StringBuilder copy = new StringBuilder();
        for (int i = 0; i < log.length(); i++) {
            copy.append(log.charAt(i));
        }
        return copy.toString().length();
    }

    private static double rate(Runnable work, int characters) {
        double best = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            work.run();
            long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            best = Math.max(best, characters / 1e6 / (took / 1e9));
        }
        return best;
    }
}
