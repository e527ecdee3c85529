package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;

/** The system's own Chromium, nothing downloaded. It keeps count of all that its pages complain of. */
final class Chromium implements AutoCloseable {
    private static final int HEIGHT = 900;
    /** Milliseconds. Beside other tests on a machine with few cores, a first page takes its time. */
    private static final int PATIENCE = 120_000;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts it; the test is skipped where there is none. */
    static Chromium start() {
        Path program =
                Path.of(Optional.ofNullable(System.getenv("PYM_CHROMIUM")).orElse("/usr/bin/chromium"));
        Assumptions.assumeTrue(Files.isExecutable(program), "no Chromium at " + program + "; PYM_CHROMIUM names one");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setTimeout(PATIENCE)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        return new Chromium(playwright, browser);
    }

    Page page(int width, boolean dark) throws IOException {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, HEIGHT)
                .setLocale("en-US")
                .setTimezoneId("UTC")
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE)
                .setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT));
        if (dark) {
            // As the browser's own style sheet, which the content security policy does not concern.
            context.addInitScript(
                    "document.addEventListener('DOMContentLoaded', () => { const s = new CSSStyleSheet(); s.replaceSync(`"
                            + darkTokens() + "`); document.adoptedStyleSheets.push(s); });");
        }
        // Violations of the policy are events; some of them do not get into the console.
        context.addInitScript("document.addEventListener('securitypolicyviolation', e =>"
                + " console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile));");
        Page page = context.newPage();
        page.setDefaultTimeout(PATIENCE);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(error -> complaints.add("script error: " + error));
        return page;
    }

    /** Returns the messages of the console since the last call. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    /**
     * Returns the serious findings of axe-core in parts of a page: obstacles for people with a screen reader, a
     * keyboard or weak eyes.
     *
     * @param parts selectors; the rest of the page is Jenkins' own. So are the colours of what has a class of Jenkins,
     *     which themes replace: whether text stands out is asked of what has a class of ours alone. Nor is it asked in
     *     which order Jenkins' help buttons have the focus
     */
    @SuppressWarnings("unchecked")
    static List<String> barriers(Page page, String... parts) throws IOException {
        try (InputStream axe = Objects.requireNonNull(Chromium.class.getResourceAsStream("/axe.min.js"))) {
            page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<String>) page.evaluate(BARRIERS, List.of(parts));
    }

    /** The class of text without any is that of what it stands in. */
    private static final String BARRIERS = """
            async parts => {
              const isOurs = e => e.classList.length > 0
                ? [...e.classList].some(c => c.startsWith('pym-')) && ![...e.classList].some(c => c.startsWith('jenkins-'))
                : e.parentElement !== null && isOurs(e.parentElement);
              const found = await axe.run({include: parts.map(p => [p]), exclude: [['.jenkins-help-button']]},
                {resultTypes: ['violations']});
              return found.violations
                .filter(v => v.impact === 'serious' || v.impact === 'critical')
                .flatMap(v => v.nodes
                  .filter(n => v.id !== 'color-contrast' || isOurs(document.querySelector(n.target[0])))
                  .map(n => v.id + ': ' + n.target + ': ' + n.html.slice(0, 200) + ': ' + n.failureSummary));
            }""";

    /** Returns by how many pixels the page is wider than its window. */
    static int overflow(Page page) {
        return ((Number) page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .intValue();
    }

    private static String darkTokens() throws IOException {
        try (InputStream css = Objects.requireNonNull(Chromium.class.getResourceAsStream("dark.css"))) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
