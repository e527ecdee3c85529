package io.jenkins.plugins.pymacaron.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** The few java.time and Optional types of our JSON, instead of two more libraries to bundle. */
public final class TimeModule extends SimpleModule {
    @Serial
    private static final long serialVersionUID = 1L;

    public TimeModule() {
        addSerializer(Instant.class, ToStringSerializer.instance);
        addSerializer(Duration.class, ToStringSerializer.instance);
        addSerializer(Optional.class, new OptionalWriter());
        addDeserializer(Instant.class, parsing(Instant.class, Instant::parse));
        addDeserializer(Duration.class, parsing(Duration.class, Duration::parse));
        addDeserializer(Optional.class, new OptionalReader(null));
    }

    private static <T> FromStringDeserializer<T> parsing(Class<T> type, Function<String, T> parse) {
        return new FromStringDeserializer<>(type) {
            @Serial
            private static final long serialVersionUID = 1L;

            @Override
            protected T _deserialize(String value, DeserializationContext context) {
                return parse.apply(value);
            }
        };
    }

    @SuppressWarnings("rawtypes")
    private static final class OptionalWriter extends StdSerializer<Optional> {
        @Serial
        private static final long serialVersionUID = 1L;

        OptionalWriter() {
            super(Optional.class);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Optional value) {
            return value.isEmpty();
        }

        @Override
        public void serialize(Optional value, JsonGenerator out, SerializerProvider provider) throws IOException {
            // It is written only when present: an empty one counts as empty and is left out.
            provider.defaultSerializeValue(value.get(), out);
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class OptionalReader extends StdDeserializer<Optional> implements ContextualDeserializer {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient JavaType content;

        OptionalReader(JavaType content) {
            super(Optional.class);
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new OptionalReader(property.getType().containedTypeOrUnknown(0));
        }

        @Override
        public Optional deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Optional.ofNullable(context.readValue(in, content));
        }

        @Override
        public Optional getNullValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
