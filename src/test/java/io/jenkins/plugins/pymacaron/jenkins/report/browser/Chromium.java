package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
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

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Has the test skipped where there is none. */
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
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
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
        // A fresh Jenkins on a busy machine takes its time for the first page.
        page.setDefaultTimeout(60_000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(error -> complaints.add("script error: " + error));
        return page;
    }

    /** What the console got since it was asked last. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    /** By how many pixels the page is wider than its window. */
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
