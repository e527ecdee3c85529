package io.jenkins.plugins.pymacaron;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Gives each property of the normal run a fixed seed, so that it tries the same cases each time, and at most
 * {@link #TRIES} of them. With {@code -Dpym.full=true} a property has all its tries and a new seed.
 */
public final class ShortProperties implements AroundPropertyHook {
    static final int TRIES = 300;
    private static final String SEED = "42";

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        if (!Boolean.getBoolean("pym.full")) {
            PropertyAttributes attributes = context.attributes();
            attributes.setTries(Math.min(attributes.tries().orElse(TRIES), TRIES));
            if (attributes.seed().isEmpty()) {
                attributes.setSeed(SEED);
            }
        }
        return property.execute();
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
