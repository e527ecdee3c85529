package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.cloud.run.v2.Service;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import java.util.Map;

/** A request held against Google's published protocol: what it does not know, and what it says is required. */
final class Published {
    private Published() {}

    static void service(JsonNode told) throws Refusal {
        Service.Builder service = Service.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(told.toString(), service);
        } catch (InvalidProtocolBufferException e) {
            throw Refusal.invalid(e.getMessage());
        }
        required(service.build(), "service");
    }

    /** @param mask as in the query: paths in lower camel case */
    static void mask(String mask) throws Refusal {
        if (!mask.isEmpty() && !FieldMaskUtil.isValid(Service.class, FieldMaskUtil.fromJsonString(mask))) {
            throw Refusal.invalid("update_mask: invalid path in " + mask);
        }
    }

    private static void required(Message message, String at) throws Refusal {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            List<FieldBehavior> behavior = field.getOptions().getExtension(FieldBehaviorProto.fieldBehavior);
            boolean set = field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : isSet(message, field);
            if (behavior.contains(FieldBehavior.REQUIRED) && !set) {
                throw Refusal.invalid(at + "." + field.getName() + ": required");
            }
        }
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isMapField()) {
                continue;
            }
            List<?> values = field.isRepeated() ? (List<?>) entry.getValue() : List.of(entry.getValue());
            for (Object value : values) {
                required((Message) value, at + "." + field.getName());
            }
        }
    }

    private static boolean isSet(Message message, FieldDescriptor field) {
        return field.hasPresence()
                ? message.hasField(field)
                : !message.getField(field).equals(field.getDefaultValue());
    }
}
