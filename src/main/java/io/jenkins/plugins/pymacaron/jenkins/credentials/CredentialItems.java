package io.jenkins.plugins.pymacaron.jenkins.credentials;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Fills a drop-down of credentials: of the wanted types, in the item's context, for users who may see it. */
final class CredentialItems {
    private CredentialItems() {}

    /**
     * Returns whether the user may list credentials: administrators may anywhere, and users who configure this item or
     * may use its credentials.
     */
    static boolean mayList(@CheckForNull Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.CONFIGURE) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    static ListBoxModel of(
            @CheckForNull Item item,
            @CheckForNull String current,
            @NonNull String none,
            @NonNull CredentialsMatcher wanted) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!mayList(item)) {
            // Not even the names are shown. The present choice must not be lost when the form is saved.
            return items.includeCurrentValue(Util.fixNull(current));
        }
        items.add(none, "");
        return items.includeMatchingAs(as(item), item, StandardCredentials.class, List.of(), wanted)
                .includeCurrentValue(Util.fixNull(current));
    }

    /** Reports a chosen credential that does not exist any more, or has an unsupported type. */
    static FormValidation check(@CheckForNull Item item, @CheckForNull String id, @NonNull CredentialsMatcher wanted) {
        String chosen = Util.fixEmptyAndTrim(id);
        // A text with a dollar sign names a parameter, which only a build has.
        if (chosen == null || chosen.startsWith("$") || !mayList(item)) {
            return FormValidation.ok();
        }
        return CredentialsProvider.listCredentialsInItem(
                                StandardCredentials.class,
                                item,
                                as(item),
                                List.of(),
                                CredentialsMatchers.allOf(CredentialsMatchers.withId(chosen), wanted))
                        .isEmpty()
                ? FormValidation.warning(Messages.CredentialItems_unknown(chosen))
                : FormValidation.ok();
    }

    /** Returns the user that the builds of the item run as. */
    private static Authentication as(Item item) {
        return item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }
}
