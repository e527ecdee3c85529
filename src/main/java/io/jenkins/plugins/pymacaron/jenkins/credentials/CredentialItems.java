package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;

/** What a drop-down of credentials offers: of the wanted types, in the item's context, to those who may see it. */
final class CredentialItems {
    private CredentialItems() {}

    /** Administrators anywhere, and those who configure this item or may use its credentials. */
    static boolean mayList(@CheckForNull Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    @SafeVarargs
    static ListBoxModel of(
            @CheckForNull Item item,
            @CheckForNull String current,
            @NonNull String none,
            @NonNull Class<? extends StandardCredentials>... types) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!mayList(item)) {
            // Not even the names. What is chosen already must not be lost by saving the form.
            return items.includeCurrentValue(current == null ? "" : current);
        }
        items.add(none, "");
        for (Class<? extends StandardCredentials> type : types) {
            items.includeAs(ACL.SYSTEM2, item, type, List.of());
        }
        return items.includeCurrentValue(current == null ? "" : current);
    }
}
