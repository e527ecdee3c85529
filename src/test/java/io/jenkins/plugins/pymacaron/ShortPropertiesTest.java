package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Checks that properties are short and the same in the normal run. */
class ShortPropertiesTest {
    private static final Map<String, List<Long>> CASES = new HashMap<>();

    @Property(tries = 10_000)
    void aLongOne(@ForAll long value) {
        CASES.computeIfAbsent("first", name -> new ArrayList<>()).add(value);
    }

    @Property(tries = 10_000)
    void theSameAgain(@ForAll long value) {
        CASES.computeIfAbsent("second", name -> new ArrayList<>()).add(value);
    }

    @Property(tries = 7)
    void aShortOne(@ForAll long value) {
        CASES.computeIfAbsent("short", name -> new ArrayList<>()).add(value);
    }

    @AfterContainer
    static void eachTriedTheSameCases() {
        if (Boolean.getBoolean("pym.full")) {
            assertThat(CASES.get("first")).hasSize(10_000);
            return;
        }
        assertThat(CASES.get("first")).hasSize(ShortProperties.TRIES).isEqualTo(CASES.get("second"));
        assertThat(CASES.get("short")).hasSize(7);
    }
}
