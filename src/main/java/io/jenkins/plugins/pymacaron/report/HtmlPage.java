package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Draws the frame of the page: head, header card, figures, and the parts of {@link Gantt} and {@link TestCard}. */
final class HtmlPage {
    private static final Pattern LOG = Pattern.compile("[a-z-]{1,40}\\.log");
    private final RunSummary run;
    private final List<TestSection> sections;
    private final Html html;

    HtmlPage(RunSummary run, List<TestSection> sections, Html html) {
        this.run = run;
        this.sections = sections;
        this.html = html;
    }

    /** @throws java.io.UncheckedIOException if it cannot be written */
    void draw() {
        html.trusted("<!DOCTYPE html>\n").open("html", "lang", "en");
        head();
        html.open("body").trusted(resource("icons.svg")).open("main");
        header();
        figures();
        new Gantt(html, run, sections).draw();
        for (TestSection section : sections) {
            new TestCard(html, section).draw();
        }
        html.leaf("footer", "PyMacaron deployment report · summary schema " + run.schema() + " · times in UTC");
        html.close();
        html.open("script").trusted(resource("report.js")).close();
        html.close(2).trusted("\n").end();
    }

    private void head() {
        String style = resource("report.css");
        html.open("head").empty("meta", "charset", "utf-8");
        // If an escape ever fails, only our own style and script may run, and nothing may be fetched.
        html.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src '" + hash(style)
                        + "'; script-src '" + hash(resource("report.js")) + "'");
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.empty("meta", "name", "color-scheme", "content", "light dark");
        html.empty("meta", "name", "referrer", "content", "no-referrer");
        html.empty("link", "rel", "icon", "href", "data:,");
        html.leaf(
                "title",
                run.service() + " " + run.version() + " · " + run.outcome().title());
        html.open("style").trusted(style).close(2);
    }

    private void header() {
        StateStyle look = StateStyle.of(run.outcome());
        html.open("header", "class", "card hero " + look.tone());
        html.open("div", "class", "top").open("div");
        html.leaf("p", "PyMacaron deployment", "class", "brand");
        html.leaf("h1", run.service())
                .leaf("p", run.version(), "class", "version mono")
                .close();
        html.open("p", "class", "badge " + look.tone()).icon(look.icon()).text(look.word());
        html.close(2);
        if (!run.message().isEmpty()) {
            html.leaf("p", run.message(), "class", "message");
        }
        html.open("dl", "class", "facts");
        fact("Started (UTC)", HumanFormats.time(run.started()), false);
        fact("Commit", run.commit().length() > 12 ? run.commit().substring(0, 12) : run.commit(), true);
        fact("Branch", run.branch(), false);
        for (Deployment deployment : run.deployments()) {
            deployment(deployment);
        }
        fact("Image", run.image(), true);
        fact("Digest", run.digest(), true);
        html.close(2);
    }

    private void fact(String label, String value, boolean mono) {
        if (!value.isEmpty()) {
            html.open("div", "class", value.length() > 40 ? "wide" : null).leaf("dt", label);
            html.leaf("dd", value, "class", mono ? "mono" : null).close();
        }
    }

    private void deployment(Deployment deployment) {
        html.open("div").leaf("dt", capital(deployment.slot()) + " · " + deployment.target());
        html.open("dd");
        link(html, deployment.url().isEmpty() ? deployment.id() : deployment.url(), deployment.url());
        html.close(2);
    }

    private void figures() {
        html.open("ul", "class", "figures");
        figure(HumanFormats.duration(run.duration()), run.outcome().ended() ? "from start to end" : "so far", "");
        long passed = run.stages().stream()
                .filter(s -> s.state() == StageState.PASSED)
                .count();
        long begun = run.stages().stream()
                .filter(s -> s.state() != StageState.SKIPPED && s.state() != StageState.WAITING)
                .count();
        figure(passed + " of " + begun, "stages passed", passed == begun ? "good" : "bad");
        Counts tests = run.counts();
        if (tests.total() > 0) {
            boolean bad = tests.bad() > 0;
            figure(
                    HumanFormats.number(bad ? tests.bad() : tests.total()),
                    bad ? "of " + HumanFormats.number(tests.total()) + " tests failed" : "tests, none failed",
                    bad ? "bad" : "good");
        }
        Optional<ServiceGap> gap =
                run.stages().stream().flatMap(s -> s.gap().stream()).reduce((a, b) -> b);
        gap.ifPresent(g -> figure(
                g.failures() == 0 ? "0 ms" : HumanFormats.duration(g.longest()),
                HumanFormats.number(g.failures()) + " of " + HumanFormats.number(g.probes())
                        + " requests failed while switching",
                g.failures() == 0 ? "good" : "warn"));
        html.close();
    }

    private void figure(String number, String label, String tone) {
        html.open("li", "class", "card").leaf("strong", number, "class", tone).text(" ");
        html.leaf("span", label).close();
    }

    /**
     * Adds a link only where it leads to a web page or a log beside this one: a hostile {@code javascript:} stays a
     * text.
     */
    static void link(Html html, String text, String url) {
        if (isWeb(url) || LOG.matcher(url).matches()) {
            html.leaf("a", text, "href", url, "rel", "noreferrer noopener");
        } else {
            html.text(text);
        }
    }

    private static boolean isWeb(String url) {
        try {
            String scheme = URI.create(url).getScheme();
            return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(sha);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
