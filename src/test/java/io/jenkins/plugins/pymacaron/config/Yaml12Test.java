package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The core schema, beside an independent library for YAML 1.2. The library fails on {@code +.inf}, a value of the
 * schema.
 */
class Yaml12Test {
    private static final CoreSchema CORE = new CoreSchema();

    private static Object byLibrary(String text) {
        Tag tag = CORE.getScalarResolver().resolve(text, true);
        Optional<ConstructNode> construct =
                Optional.ofNullable(CORE.getSchemaTagConstructors().get(tag));
        Object value = construct
                .map(c -> c.construct(new ScalarNode(tag, text, ScalarStyle.PLAIN)))
                .orElse(tag.equals(Tag.NULL) ? null : text);
        boolean whole = value instanceof Integer || value instanceof Long;
        return whole ? new BigInteger(value.toString()) : value;
    }

    @Provide
    Arbitrary<String> scalars() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("0123456789+-._eEoxabcdefF~").ofMaxLength(9),
                Arbitraries.of("true", "True", "tRue", "FALSE", "null", "Null", "nULL", "yes", "on", "0o17", "0O17")
                        .flatMap(word -> Arbitraries.strings()
                                .withChars("0 x")
                                .ofMaxLength(1)
                                .map(word::concat)
                                .map(String::strip)),
                Arbitraries.of(".inf", "-.INF", ".nan", ".NaN", "-.nan", "12:30", "2001-01-01", "0b11"));
    }

    @Property(tries = 5_000)
    void readsAScalarAsTheLibraryDoes(@ForAll("scalars") String text) {
        assertThat(Yaml12.difference(text, byLibrary(text))).isEmpty();
    }

    @Test
    void readsAnInfiniteNumberWithItsSign() {
        assertThat(Yaml12.difference("+.Inf", Double.POSITIVE_INFINITY)).isEmpty();
    }

    @Test
    void theLibraryTellsADifference() {
        assertThat(byLibrary("0o17")).isEqualTo(BigInteger.valueOf(15));
        assertThat(Yaml12.difference("0o17", "0o17"))
                .contains("0o17 is text here, by YAML 1.1, but the number 15 by YAML 1.2");
    }
}
