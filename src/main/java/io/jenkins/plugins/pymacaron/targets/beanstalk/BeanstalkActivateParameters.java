package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of {@link BeanstalkActivateOperation}.
 *
 * @param deployed the deployment that is to be live, at the URL that users know
 * @param from the environment that owns the CNAME now; "" or the same one = there is nothing to swap
 * @param cname of live, in full
 * @param expected the deployment that has to be live when it begins, "" for none; absent = not compared
 * @param redFor how long in a row the new owner may be Red
 */
record BeanstalkActivateParameters(
        Deployed deployed, String from, String cname, Optional<String> expected, Duration redFor) {

    String name() {
        return deployed.revision();
    }

    boolean swaps() {
        return !from.isEmpty() && !from.equals(name());
    }

    Map<String, String> toParams() {
        Map<String, String> params = new HashMap<>();
        deployed.toMap().forEach((name, value) -> params.put("deployed." + name, value));
        params.put("from", from);
        params.put("cname", cname);
        params.put("redFor", redFor.toString());
        expected.ifPresent(id -> params.put("expected", id));
        return params;
    }

    static BeanstalkActivateParameters read(Map<String, String> params) {
        Map<String, String> deployed = new HashMap<>();
        params.forEach((name, value) -> {
            if (name.startsWith("deployed.")) {
                deployed.put(name.substring("deployed.".length()), value);
            }
        });
        return new BeanstalkActivateParameters(
                Deployed.fromMap(deployed).orElseThrow(),
                params.get("from"),
                params.get("cname"),
                Optional.ofNullable(params.get("expected")),
                BeanstalkWaitConditions.redFor(params));
    }
}
