package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;

/** Repeats the comparisons of YamlDialectTest with PyYAML, for machines without PyYAML. */
class ScalarsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0,0",
        "+7,7",
        "012,10",
        "-012,-10",
        "0b101,5",
        "-0x1F,-31",
        "1_000,1000",
        "1:30,90",
        "190:20:30,685230",
        "-1:30,-90",
        "99999999999999999999999,99999999999999999999999"
    })
    void wholeNumbers(String text, BigInteger number) {
        assertThat(plain(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({
        "1.5,1.5",
        "1.,1",
        ".5,0.5",
        "6.8523015e+5,685230.15",
        "685.230_15e+03,685230.15",
        "190:20:30.15,685230.15",
        "-.inf,-Infinity",
        ".NaN,NaN"
    })
    void numbers(String text, double number) {
        assertThat(plain(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"})
    void truth(String text) {
        assertThat(plain(text)).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"})
    void falsehood(String text) {
        assertThat(plain(text)).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
    void nothing(String text) {
        assertThat(plain(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yEs",
                "y",
                "n",
                "nUll",
                "08",
                "0o12",
                "1e3",
                "1.0e3",
                "-.5",
                "+.5",
                "1:60",
                "01:30",
                "0b2",
                "_1",
                "inf",
                "2001-12-14 21:59",
                "v1.2",
                "10m",
                "a"
            })
    void text(String text) {
        assertThat(plain(text)).isEqualTo(text);
    }

    @Test
    void dates() {
        LocalDateTime local = LocalDateTime.of(2001, 12, 14, 21, 59, 43, 100_000_000);

        assertThat(plain("2001-12-14")).isEqualTo(LocalDate.of(2001, 12, 14));
        assertThat(plain("2001-12-14 21:59:43.1")).isEqualTo(local);
        assertThat(plain("2001-12-14t21:59:43.10Z")).isEqualTo(local.atOffset(ZoneOffset.UTC));
        assertThat(plain("2001-12-14 21:59:43.10 -5")).isEqualTo(local.atOffset(ZoneOffset.ofHours(-5)));
        assertThat(plain("2001-12-14 21:59:43.1000009+05:30"))
                .isEqualTo(OffsetDateTime.of(local, ZoneOffset.ofHoursMinutes(5, 30)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001-13-01", "2001-02-30", "0000-01-01", "2001-12-14 24:00:00", "0b_", "0x_"})
    void aTextThatOnlyLooksLikeAValueIsRefused(String text) {
        assertThatThrownBy(() -> plain(text)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void tagsDecideWhatTextIs() {
        assertThat(Scalars.construct(Tag.STR, "12")).isEqualTo("12");
        assertThat(Scalars.construct(Tag.INT, "12")).isEqualTo(BigInteger.valueOf(12));
        assertThat(Scalars.construct(Tag.FLOAT, "3")).isEqualTo(3.0);
        assertThat(Scalars.construct(Tag.BINARY, "aGVs\nbG8=")).isEqualTo("hello".getBytes());
        assertThatThrownBy(() -> Scalars.construct(Tag.INT, "x")).hasMessage("no whole number");
        assertThatThrownBy(() -> Scalars.construct(Tag.INT, "")).hasMessage("no whole number");
        assertThatThrownBy(() -> Scalars.construct(Tag.FLOAT, "1f")).hasMessage("no number");
        assertThatThrownBy(() -> Scalars.construct(Tag.BOOL, "maybe")).hasMessage("neither true nor false");
        assertThatThrownBy(() -> Scalars.construct(new Tag("!own"), "x")).hasMessageContaining("!own");
    }

    @Test
    void quotedScalarsAndCollectionsAreNotGuessed() {
        PyYamlResolver resolver = new PyYamlResolver();

        assertThat(resolver.resolve(NodeId.scalar, "yes", false)).isEqualTo(Tag.STR);
        assertThat(resolver.resolve(NodeId.scalar, "yes", true)).isEqualTo(Tag.BOOL);
        assertThat(resolver.resolve(NodeId.sequence, null, true)).isEqualTo(Tag.SEQ);
        assertThat(resolver.resolve(NodeId.mapping, null, true)).isEqualTo(Tag.MAP);
    }

    private static Object plain(String text) {
        return Scalars.construct(PyYamlResolver.plain(text), text);
    }
}
