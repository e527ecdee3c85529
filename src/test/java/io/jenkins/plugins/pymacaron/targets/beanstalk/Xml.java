package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answers of AWS's Query protocol: maps are elements, collections are {@code member}s. */
final class Xml {
    private Xml() {}

    /** Names and values in turn, in their order. */
    static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i].toString(), pairs[i + 1]);
        }
        return map;
    }

    static String answer(String action, String namespace, Object result) {
        return "<" + action + "Response xmlns=\"" + namespace + "\"><" + action + "Result>" + of(result) + "</" + action
                + "Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></" + action + "Response>";
    }

    static String error(String code, String message) {
        return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + escape(message)
                + "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>";
    }

    static String ofEc2(String code, String message) {
        return "<Response><Errors><Error><Code>" + code + "</Code><Message>" + escape(message)
                + "</Message></Error></Errors><RequestID>r-1</RequestID></Response>";
    }

    private static String of(Object value) {
        StringBuilder text = new StringBuilder();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> text.append('<')
                    .append(name)
                    .append('>')
                    .append(of(inner))
                    .append("</")
                    .append(name)
                    .append('>'));
        } else if (value instanceof Collection<?> list) {
            List.copyOf(list)
                    .forEach(item -> text.append("<member>").append(of(item)).append("</member>"));
        } else {
            text.append(escape(String.valueOf(value)));
        }
        return text.toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
