package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.jenkins.config.FormChecks;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every area of a trend stands out from its card. The colours are those that themes set, as OKLCH: those of Jenkins'
 * src/main/scss/abstracts/_theme.scss, and those of src/main/frontend/main.scss of the plugin dark-theme.
 */
class StageColoursTest {
    /** The contrast of Jenkins' yellow, the palest of its palette, on white: areas are wide, and the legend names them. */
    private static final double LEAST = 1.9;

    private static final Map<String, double[]> LIGHT = Map.of(
            "--blue", new double[] {0.55, 0.2308, 256.91},
            "--brown", new double[] {0.60, 0.0941, 72.67},
            "--cyan", new double[] {0.60, 0.1497, 234.48},
            "--green", new double[] {0.70, 0.2155, 150},
            "--indigo", new double[] {0.60, 0.191, 278.34},
            "--orange", new double[] {0.70, 0.2001, 50.74},
            "--pink", new double[] {0.60, 0.2601, 12.28},
            "--purple", new double[] {0.60, 0.2308, 314.6},
            "--teal", new double[] {0.60, 0.1122, 216.72},
            "--yellow", new double[] {0.80, 0.17, 76});

    private static final Map<String, double[]> DARK = Map.of(
            "--blue", new double[] {0.6423, 0.3, 252.93},
            "--brown", new double[] {0.6314, 0.1, 65.44},
            "--cyan", new double[] {0.8037, 0.1296, 232.62},
            "--green", new double[] {0.8025, 0.2197, 147.09},
            "--indigo", new double[] {0.5748, 0.26, 281.95},
            "--orange", new double[] {0.7958, 0.1862, 62.09},
            "--pink", new double[] {0.701, 0.25, 13.88},
            "--purple", new double[] {0.6275, 0.2634, 311.52},
            "--teal", new double[] {0.7305, 0.1217, 216.13},
            "--yellow", new double[] {0.9035, 0.1872, 95.31});

    private static final double[] WHITE = {1, 0, 0};
    /** The card of the dark theme, a little lighter than its background. */
    private static final double[] DARK_CARD = {0.215, 0.015, 265};
    /** Jenkins' black, which that theme does not change. */
    private static final double[] BLACK = {0.05, 0.075, 265};

    @Test
    void standOutOnLightAndDarkCards() {
        assertThat(contrast(BLACK, DARK_CARD)).as("the colour to avoid").isLessThan(1.3);
        for (String stage : FormChecks.stages()) {
            String colour = StageTrend.colour(stage);
            assertThat(LIGHT).as(stage).containsKey(colour);
            assertThat(contrast(LIGHT.get(colour), WHITE))
                    .as(stage + " on white")
                    .isGreaterThan(LEAST);
            assertThat(contrast(DARK.get(colour), DARK_CARD))
                    .as(stage + " on a dark card")
                    .isGreaterThan(LEAST);
        }
        String back = StageTrend.colour("rollback");
        assertThat(contrast(LIGHT.get(back), WHITE)).as("a thin line").isGreaterThan(3);
        assertThat(contrast(DARK.get(back), DARK_CARD)).as("a thin line").isGreaterThan(3);
    }

    /** Returns the contrast ratio of WCAG 2.1. */
    private static double contrast(double[] one, double[] other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /** Converts OKLCH to linear sRGB by Björn Ottosson's matrices, as CSS Color 4 does. */
    private static double luminance(double[] oklch) {
        double a = oklch[1] * Math.cos(Math.toRadians(oklch[2]));
        double b = oklch[1] * Math.sin(Math.toRadians(oklch[2]));
        double l = Math.pow(oklch[0] + 0.3963377774 * a + 0.2158037573 * b, 3);
        double m = Math.pow(oklch[0] - 0.1055613458 * a - 0.0638541728 * b, 3);
        double s = Math.pow(oklch[0] - 0.0894841775 * a - 1.2914855480 * b, 3);
        double red = inside(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
        double green = inside(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
        double blue = inside(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }

    private static double inside(double value) {
        return Math.min(1, Math.max(0, value));
    }
}
