package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.elasticbeanstalk.model.EnvironmentHealthAttribute;
import software.amazon.awssdk.services.elasticbeanstalk.model.InstancesHealthAttribute;

/** Reads why an environment is not well, in the words of its instances. */
final class HealthCauses {
    private static final int MOST = 5;

    private HealthCauses() {}

    private static void add(Set<String> causes, Runnable read) {
        try {
            read.run();
        } catch (SdkException e) {
            if (BeanstalkFailureMapper.isDenial(e)) {
                causes.add("its causes cannot be read: "
                        + new BeanstalkFailureMapper().apply(e).message());
            }
        }
    }

    /** Returns the causes; "" where enhanced health reporting is off or cannot be read: they only explain. */
    static String causes(BeanstalkClient aws, String id) {
        Set<String> causes = new LinkedHashSet<>();
        add(
                causes,
                () -> causes.addAll(aws.beanstalk()
                        .describeEnvironmentHealth(
                                r -> r.environmentId(id).attributeNames(EnvironmentHealthAttribute.CAUSES))
                        .causes()));
        add(causes, () -> aws.beanstalk()
                .describeInstancesHealth(r -> r.environmentId(id).attributeNames(InstancesHealthAttribute.ALL))
                .instanceHealthList()
                .forEach(instance ->
                        instance.causes().forEach(cause -> causes.add(instance.instanceId() + ": " + cause))));
        List<String> some = new ArrayList<>(causes);
        return String.join("; ", some.subList(0, Math.min(MOST, some.size())));
    }
}
