package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.Optional;

/** Takes pictures of whole pages for people: {@code -Dpymacaron.shots=DIRECTORY} names their directory. */
final class Shots {
    private Shots() {}

    static void take(Page page, String name) {
        directory()
                .ifPresent(d -> page.screenshot(new Page.ScreenshotOptions()
                        .setPath(d.resolve(name + ".png"))
                        .setFullPage(true)));
    }

    static Optional<Path> directory() {
        return Optional.ofNullable(System.getProperty("pymacaron.shots")).map(Path::of);
    }
}
