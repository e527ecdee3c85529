package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.jenkins.plugins.pymacaron.operation.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads and changes the access to a service: open to everybody, or to the members that its policy names. Everything
 * else in a policy is left as it is.
 */
final class InvokerPolicies {
    private static final String INVOKER = "roles/run.invoker";
    private static final String EVERYBODY = "allUsers";

    private InvokerPolicies() {}

    static Optional<Effect> change(CloudRunPrepareParameters.Access access, String service) {
        return switch (access) {
            case AS_IT_IS -> Optional.empty();
            case OPEN -> Optional.of(CloudRunEffects.open(service));
            case CLOSE -> Optional.of(CloudRunEffects.close(service));
        };
    }

    static Optional<Effect> back(CloudRunPrepareParameters.Access access, String service) {
        return switch (access) {
            case AS_IT_IS -> Optional.empty();
            case OPEN -> Optional.of(CloudRunEffects.close(service));
            case CLOSE -> Optional.of(CloudRunEffects.open(service));
        };
    }

    /** Returns the change that is needed for the wanted access. */
    static CloudRunPrepareParameters.Access needed(boolean isOpen, boolean wanted) {
        if (isOpen == wanted) {
            return CloudRunPrepareParameters.Access.AS_IT_IS;
        }
        return wanted ? CloudRunPrepareParameters.Access.OPEN : CloudRunPrepareParameters.Access.CLOSE;
    }

    static boolean isOpen(Policy policy) {
        return policy.getBindingsList().stream().anyMatch(InvokerPolicies::opens);
    }

    /** Returns whether the binding opens the service to everybody; a binding with a condition does not. */
    private static boolean opens(Binding binding) {
        return binding.getRole().equals(INVOKER)
                && !binding.hasCondition()
                && binding.getMembersList().contains(EVERYBODY);
    }

    static Policy opened(Policy policy) {
        return isOpen(policy)
                ? policy
                : policy.toBuilder()
                        .addBindings(Binding.newBuilder().setRole(INVOKER).addMembers(EVERYBODY))
                        .build();
    }

    static Policy closed(Policy policy) {
        List<Binding> kept = new ArrayList<>();
        for (Binding binding : policy.getBindingsList()) {
            if (!opens(binding)) {
                kept.add(binding);
                continue;
            }
            List<String> members = binding.getMembersList().stream()
                    .filter(member -> !member.equals(EVERYBODY))
                    .toList();
            if (!members.isEmpty()) {
                kept.add(binding.toBuilder()
                        .clearMembers()
                        .addAllMembers(members)
                        .build());
            }
        }
        return policy.toBuilder().clearBindings().addAllBindings(kept).build();
    }
}
